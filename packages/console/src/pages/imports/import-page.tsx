import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import ArrowLeftIcon from 'lucide-react/icons/arrow-left'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import { importQuery, importRejectionsQuery } from '../../api/page-queries.ts'
import { describeError, toApiError } from '../../api/problem.ts'
import { type ImportBatch, queryClient } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { download } from '../../list/export-list.ts'
import { Badge, Banner, Button, buttonClass, Copy, Skeleton, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatCount, formatNumber } from '../../parts/format.ts'
import { JsonView } from '../../parts/json-view.tsx'
import { Dialog, usePopup } from '../../parts/popup.tsx'
import { closeToast, showToast, updateToast } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { Facts, PageError, PageHead, Section } from '../../shell/page.tsx'
import { MatchFacts } from '../syncs/match-facts.tsx'
import syncs from '../syncs/syncs.module.css'
import { accountingOf, ImportStatus } from './import-status.tsx'
import css from './imports.module.css'

interface Kept {
  lead_id: number
  full_name: string | null
  email: string | null
  company_name: string | null
  kept_reason: string | null
}

export function ImportPage() {
  const id = String(useParams({ strict: false }).import_batch_id)
  const { data: batch, error, refetch } = useQuery(importQuery(id))
  const [kept, setKept] = useState<readonly Kept[]>([])
  const back = (
    <Link to="/imports" className={cx(page.row, page.muted)}>
      <ArrowLeftIcon size={14} aria-hidden />
      Imports
    </Link>
  )
  if (!batch)
    return (
      <>
        <PageHead title={`Import ${id}`} heading={back} />
        {error ? (
          <PageError error={error} onRetry={() => void refetch()} />
        ) : (
          <div className={page.content}>
            <Skeleton height={200} />
          </div>
        )}
      </>
    )
  return (
    <>
      <PageHead title={batch.file_name ?? id} heading={back}>
        <Link to="/leads" search={{ import_batch_id: id } as never} className={buttonClass}>
          See leads
        </Link>
        <UndoButton batch={batch} onKept={setKept} />
      </PageHead>
      <div className={page.scroll}>
        <div className={page.content}>
          <div className={css.head}>
            <h2>{batch.file_name ?? id}</h2>
            <div className={page.row}>
              <ImportStatus batch={batch} />
              <Copy text={id}>{id}</Copy>
            </div>
          </div>
          <KeptList kept={kept} />
          <Section
            title="Accounting"
            note={batch.updated_records > 0 && `${formatCount(batch.updated_records, 'lead')} updated`}
          >
            <AccountingBar {...accountingOf(batch)} size="large" is_running={batch.batch_status === 'importing'} />
          </Section>
          <div className={syncs.facts}>
            <ImportFacts batch={batch} />
            <MatchFacts counts={batch.match_counts} candidates={batch.candidate_pairs} />
            <ColumnMatches batch={batch} />
          </div>
          {batch.failed_records > 0 && <RejectedRecords batch={batch} />}
        </div>
      </div>
    </>
  )
}

function ImportFacts({ batch }: { batch: ImportBatch }) {
  return (
    <Section title="Facts">
      <Facts
        rows={[
          ['By', batch.created_by],
          ['Started', <Time key="started" value={batch.created_at} />],
          ['Completed', batch.completed_at && <Time key="completed" value={batch.completed_at} />],
          ['Undone', batch.undone_at && <Time key="undone" value={batch.undone_at} />],
          ['Existing leads', batch.import_options.on_duplicate === 'skip' ? 'left as they were' : 'merged'],
        ]}
      />
    </Section>
  )
}

function ColumnMatches({ batch }: { batch: ImportBatch }) {
  const matches = batch.column_matches ?? []
  if (matches.length === 0) return null
  return (
    <Section title="Columns">
      <div className={page.card}>
        <table className={page.table}>
          <thead>
            <tr>
              <th scope="col">In the file</th>
              <th scope="col">Read as</th>
            </tr>
          </thead>
          <tbody>
            {matches.map(({ header, column, is_override, misread }) => (
              <tr key={header}>
                <td>
                  <bdi>{header}</bdi>
                </td>
                <td>
                  {column?.replaceAll('_', ' ') ?? <span className={page.muted}>raw data only</span>}{' '}
                  {is_override && <Badge tone="info">chosen</Badge>}
                  {misread && (
                    <Badge tone="warn">
                      {formatNumber(misread.count)} not understood, such as{' '}
                      {(misread.examples ?? [misread.example]).map((text) => `“${text.slice(0, 40)}”`).join(', ')}
                    </Badge>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function RejectedRecords({ batch }: { batch: ImportBatch }) {
  const list = useInfiniteQuery(importRejectionsQuery(batch.import_batch_id))
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <Section
      title="Rejected records"
      note={formatNumber(batch.failed_records)}
      actions={
        <Button disabled={rows.length === 0} onClick={() => downloadCsv(batch, rows)}>
          Download as CSV
        </Button>
      }
    >
      {list.error && <p role="alert">{describeError(list.error)}</p>}
      <div className={page.card}>
        {rows.map((row) => (
          <details key={row.record_number} className={syncs.rejection}>
            <summary>
              <span className={page.muted}>line {formatNumber(row.line_number ?? row.record_number + 1)}</span>
              <span>{row.reason}</span>
              <span className={syncs.preview}>{JSON.stringify(row.raw_data)?.slice(0, 160)}</span>
            </summary>
            <JsonView value={row.raw_data} label={`record ${row.record_number}`} />
          </details>
        ))}
      </div>
      {list.hasNextPage && (
        <div>
          <Button is_busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
    </Section>
  )
}

interface RejectedRow {
  record_number: number
  line_number: number | null
  reason: string
  raw_data?: unknown
}

/** A cell that a spreadsheet would run as a formula begins with an apostrophe. */
const quoteCell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}

function downloadCsv(batch: ImportBatch, rows: readonly RejectedRow[]): void {
  const records = rows.map(
    ({ raw_data }) => (typeof raw_data === 'object' && raw_data !== null ? raw_data : {}) as Record<string, unknown>,
  )
  const headers = [...new Set(records.flatMap((record) => Object.keys(record)))]
  const lines = rows.map(({ line_number, reason }, index) =>
    [line_number, reason, ...headers.map((header) => records[index]?.[header])].map(quoteCell).join(','),
  )
  const text = [['line', 'reason', ...headers].map(quoteCell).join(','), ...lines].join('\r\n')
  download(`rejected-${batch.file_name ?? batch.import_batch_id}.csv`, new Blob([text], { type: 'text/csv' }))
}

/** Undoing stops after some seconds and is requested again, so that a file of any size can be undone. */
async function undoImport(import_batch_id: string, onKept: (kept: readonly Kept[]) => void): Promise<void> {
  const toast = showToast('Undoing the import …', { progress: 0.3 })
  try {
    for (;;) {
      const params = { path: { import_batch_id } }
      const { data, error, response } = await api.POST('/imports/{import_batch_id}/undo', { params })
      if (!response.ok) throw await toApiError(response, error)
      const kept = (data as { kept?: readonly Kept[] } | undefined)?.kept ?? []
      if (response.status === 202) continue
      onKept(kept)
      break
    }
    updateToast(toast, { text: 'The import is undone', tone: 'good', progress: undefined })
  } catch (error) {
    closeToast(toast)
    showToast('Not undone', { tone: 'bad', detail: describeError(error) })
  }
  void queryClient.invalidateQueries()
}

function UndoButton({ batch, onKept }: { batch: ImportBatch; onKept: (kept: readonly Kept[]) => void }) {
  const is_admin = useScope('admin')
  const popup = usePopup()
  if (!is_admin || batch.batch_status === 'undone') return null
  return (
    <>
      <Button onClick={() => popup.open(null, true)}>Undo import</Button>
      {popup.is_open && (
        <Dialog
          title="Undo this import?"
          onClose={popup.close}
          foot={
            <>
              <Button onClick={popup.close}>Cancel</Button>
              <Button
                look="danger"
                onClick={() => {
                  popup.close()
                  void undoImport(batch.import_batch_id, onKept)
                }}
              >
                Undo
              </Button>
            </>
          }
        >
          <p>
            {formatCount(batch.synced_records, 'new lead')} will be deleted,{' '}
            {formatCount(batch.updated_records, 'changed lead')} get their old values back. Leads that somebody has
            worked on since are kept, and listed.
          </p>
        </Dialog>
      )}
    </>
  )
}

function KeptList({ kept }: { kept: readonly Kept[] }) {
  if (kept.length === 0) return null
  return (
    <Banner tone="info" role="status">
      {formatCount(kept.length, 'lead')} kept:
      <ul>
        {kept.slice(0, 50).map(({ lead_id, full_name, company_name, email, kept_reason }) => (
          <li key={lead_id}>
            <Link to="/leads/$id" params={{ id: String(lead_id) }}>
              {full_name ?? company_name ?? email ?? `Lead ${lead_id}`}
            </Link>
            {kept_reason && `: ${kept_reason}`}
          </li>
        ))}
      </ul>
    </Banner>
  )
}
