import ChevronDownIcon from 'lucide-react/icons/chevron-down'
import type { ListedLead } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { leadStatuses } from '../../list/definitions.ts'
import { leadName, ScoreCell, TagList } from '../../list/lead-columns.tsx'
import { LeadStatus, StatusDot } from '../../list/status.tsx'
import { Menu, usePopup } from '../../parts/popup.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { editLeadQuietly } from '../leads/edit-lead.ts'
import css from './lead.module.css'

/** Name, job and status of a lead: drawn from the list's row first, complete when the lead has been read. */
export function LeadHead({ lead, has_keys = false }: { lead: ListedLead; has_keys?: boolean }) {
  const can_write = useScope('write') && !lead.is_deleted
  const place = [lead.city, lead.country].filter(Boolean).join(', ')
  const sub = [lead.full_name ? lead.title : null, lead.full_name ? lead.company_name : lead.industry, place]
  return (
    <div className={css.head}>
      <div className={css.title}>
        <h2>
          <bdi>{leadName(lead)}</bdi>
        </h2>
      </div>
      <p className={css.sub}>{sub.filter(Boolean).join(' · ')}</p>
      <div className={css.controls}>
        {can_write ? <StatusMenu lead={lead} has_keys={has_keys} /> : <LeadStatus status={lead.lead_status} />}
        <ScoreCell score={lead.lead_score} />
        <TagList tags={lead.tags} max={8} />
      </div>
    </div>
  )
}

function StatusMenu({ lead, has_keys }: { lead: ListedLead; has_keys: boolean }) {
  const popup = usePopup()
  useShortcuts(
    has_keys
      ? [
          {
            keys: 's',
            label: 'Set the status',
            group: 'This lead',
            run: () => document.querySelector<HTMLElement>('[data-status-menu]')?.click(),
          },
        ]
      : [],
  )
  return (
    <>
      <button
        type="button"
        data-status-menu={has_keys || undefined}
        className={css.statusButton}
        aria-haspopup="menu"
        aria-label={`Status: ${lead.lead_status}`}
        onClick={(event) => popup.open(event.currentTarget, true)}
      >
        <LeadStatus status={lead.lead_status} />
        <ChevronDownIcon size={13} aria-hidden />
      </button>
      {popup.is_open && (
        <Menu
          anchor={popup.anchor}
          label="Status"
          onClose={popup.close}
          entries={leadStatuses.map(({ value, label }) => ({
            label,
            icon: <StatusDot status={value} />,
            is_checked: value === lead.lead_status,
            onSelect: () => editLeadQuietly(lead, { lead_status: value }, 'Status'),
          }))}
        />
      )}
    </>
  )
}
