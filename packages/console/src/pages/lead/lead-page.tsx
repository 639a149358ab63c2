import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import ArrowLeftIcon from 'lucide-react/icons/arrow-left'
import ChevronDownIcon from 'lucide-react/icons/chevron-down'
import ChevronUpIcon from 'lucide-react/icons/chevron-up'
import EllipsisIcon from 'lucide-react/icons/ellipsis'
import { useEffect } from 'react'
import { isApiError } from '../../api/problem.ts'
import { type Lead, type ListedLead, leadQuery } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { restoreRow } from '../../list/change-row.ts'
import { ConflictHost } from '../../list/conflict-host.tsx'
import { leadColumns, leadName } from '../../list/lead-columns.tsx'
import { leadKind } from '../../list/row-kinds.ts'
import { Banner, Button, buttonClass, IconButton, Skeleton, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { formatNumber, formatRowCount } from '../../parts/format.ts'
import { Menu, usePopup } from '../../parts/popup.tsx'
import type { MenuEntry } from '../../parts/popup-types.ts'
import { showToast } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { PageError, PageHead } from '../../shell/page.tsx'
import { noteOpened } from '../../shell/recent.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { deleteLead } from '../leads/edit-lead.ts'
import { leadLink } from '../leads/lead-menu.tsx'
import { neighbours } from '../leads/trail.ts'
import css from './lead.module.css'
import { LeadFields } from './lead-fields.tsx'
import { LeadHead } from './lead-head.tsx'
import { LeadHistory } from './lead-history.tsx'
import { LeadData, LeadSourceSection } from './lead-source.tsx'

export function LeadPage() {
  const id = Number(useParams({ strict: false }).id)
  const is_admin = useScope('admin')
  const result = useQuery(leadQuery(id, is_admin))
  const near = neighbours(id)
  const listed = near?.trail.rows[near.index]
  const { data } = result
  const lead = data ?? listed
  useEffect(() => {
    if (data) noteOpened({ kind: 'lead', id: String(data.id), name: leadName(data) })
  }, [data])
  useLeadKeys(id)
  const back = <BackLink search={near?.trail.search} />
  if (!lead)
    return (
      <>
        <PageHead title={`Lead ${id}`} heading={back} />
        {result.error ? (
          isApiError(result.error, 'gone') ? (
            <DeletedBanner id={id} />
          ) : (
            <PageError error={result.error} onRetry={() => void result.refetch()} />
          )
        ) : (
          <div className={page.content}>
            <Skeleton height={200} />
          </div>
        )}
      </>
    )
  return (
    <>
      <PageHead title={leadName(lead)} heading={back}>
        <Neighbours id={id} />
        <LeadActions lead={lead} />
      </PageHead>
      <div className={page.scroll}>
        <div className={page.content}>
          {lead.is_deleted && <DeletedBanner id={id} lead={data} />}
          <LeadHead lead={lead} has_keys />
          <LeadBody lead={lead} is_whole={data !== undefined} />
        </div>
      </div>
      <ConflictHost columns={leadColumns} />
    </>
  )
}

function LeadBody({ lead, is_whole }: { lead: ListedLead; is_whole: boolean }) {
  if (!is_whole)
    return (
      <div className={css.columns}>
        <Skeleton height={400} />
        <Skeleton height={300} />
      </div>
    )
  const whole = lead as Lead
  return (
    <div className={css.columns}>
      <div className={css.column}>
        <LeadFields lead={whole} />
        <LeadSourceSection lead={whole} />
        <LeadData lead={whole} />
      </div>
      <div className={css.column}>
        <LeadHistory id={whole.id} />
      </div>
    </div>
  )
}

function BackLink({ search }: { search: object | undefined }) {
  return (
    <Link to="/leads" search={(search ?? {}) as never} className={cx(page.row, page.muted)}>
      <ArrowLeftIcon size={14} aria-hidden />
      Leads
    </Link>
  )
}

/** "3 of 1,021" of the list that the lead was opened from, with the way to the one before and after. */
function Neighbours({ id }: { id: number }) {
  const navigate = useNavigate()
  const near = neighbours(id)
  if (!near) return null
  const go = (to: number | undefined): void =>
    void (to !== undefined && navigate({ to: '/leads/$id', params: { id: String(to) }, replace: true }))
  const { count } = near.trail
  return (
    <>
      <span className={page.note}>
        {formatNumber(near.index + 1)} of {count ? formatRowCount(count) : '…'}
      </span>
      <IconButton
        label="Previous lead"
        shortcut="k"
        disabled={near.before === undefined}
        onClick={() => go(near.before)}
      >
        <ChevronUpIcon size={16} aria-hidden />
      </IconButton>
      <IconButton label="Next lead" shortcut="j" disabled={near.after === undefined} onClick={() => go(near.after)}>
        <ChevronDownIcon size={16} aria-hidden />
      </IconButton>
    </>
  )
}

const GROUP = 'This lead'

function useLeadKeys(id: number): void {
  const navigate = useNavigate()
  const go = (to: number | undefined): void =>
    void (to !== undefined && navigate({ to: '/leads/$id', params: { id: String(to) }, replace: true }))
  const editField = (field: string): void => document.querySelector<HTMLElement>(`[data-edit="${field}"]`)?.click()
  useShortcuts([
    { keys: 'j', label: 'Next lead', group: GROUP, run: () => go(neighbours(id)?.after) },
    { keys: 'k', label: 'Previous lead', group: GROUP, run: () => go(neighbours(id)?.before) },
    { keys: 't', label: 'Edit the tags', group: GROUP, run: () => editField('tags') },
    {
      keys: 'n',
      label: 'Add a note',
      group: GROUP,
      run: () => document.querySelector<HTMLElement>('#composer')?.focus(),
    },
    { keys: 'h', label: 'History', group: GROUP, run: () => document.querySelector('#history')?.scrollIntoView() },
    { keys: 'y', label: 'Copy the link', group: GROUP, run: () => copy(leadLink(id), 'Link') },
  ])
}

const copy = (text: string, what: string): void =>
  void navigator.clipboard.writeText(text).then(() => showToast(`${what} copied`))

function LeadActions({ lead }: { lead: ListedLead }) {
  const popup = usePopup()
  const can_write = useScope('write')
  const curl = `curl -H "Authorization: Bearer $LEADS_API_KEY" ${location.origin}/leads/${lead.id}`
  const entries: MenuEntry[] = [
    { label: 'Copy link', shortcut: 'y', onSelect: () => copy(leadLink(lead.id), 'Link') },
    { label: 'Copy as JSON', onSelect: () => copy(JSON.stringify(lead, null, 2), 'JSON') },
    { label: 'Copy as curl', onSelect: () => copy(curl, 'Command') },
  ]
  if (can_write && !lead.is_deleted)
    entries.push({ label: 'Delete', is_danger: true, has_line_above: true, onSelect: () => deleteLead(lead) })
  return (
    <>
      <IconButton
        label="More"
        look="plain"
        aria-haspopup="menu"
        onClick={(event) => popup.open(event.currentTarget, true)}
      >
        <EllipsisIcon size={16} aria-hidden />
      </IconButton>
      {popup.is_open && <Menu anchor={popup.anchor} label="Lead" align="end" onClose={popup.close} entries={entries} />}
    </>
  )
}

function DeletedBanner({ id, lead }: { id: number; lead?: Lead | undefined }) {
  const can_write = useScope('write')
  const restore = (): void =>
    void restoreRow(leadKind, id).then(
      () => showToast('Lead restored', { tone: 'good' }),
      () => showToast('Not restored', { tone: 'bad' }),
    )
  return (
    <Banner
      tone="bad"
      actions={
        can_write ? (
          <Button onClick={restore}>Restore</Button>
        ) : (
          <Link to="/leads" className={buttonClass}>
            Back to leads
          </Link>
        )
      }
    >
      Deleted{lead?.deleted_by ? ` by ${lead.deleted_by}` : ''}
      {lead?.deleted_at && (
        <>
          {' '}
          <Time value={lead.deleted_at} />
        </>
      )}
      . Imports will not bring it back.
    </Banner>
  )
}
