import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { reasonsQuery, rejectionsQuery } from '../../api/page-queries.ts'
import { describeError } from '../../api/problem.ts'
import type { Sync, SyncRejection } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { download } from '../../list/export-list.ts'
import { Badge, Button, Copy, Skeleton } from '../../parts/basics.tsx'
import { formatNumber, formatRowCount } from '../../parts/format.ts'
import { JsonView } from '../../parts/json-view.tsx'
import page from '../../shell/page.module.css'
import { Section } from '../../shell/page.tsx'
import { replayAndTell } from './start-sync.ts'
import css from './syncs.module.css'

/** Above this the API asks for the command, which has no time limit. */
const REPLAY_ITEMS_MAX = 5000

/** Items that became no lead, with the reason, and the way to try them again. */
export function Rejections({ sync }: { sync: Sync }) {
  const [is_open_only, setOpenOnly] = useState(false)
  const { run_id } = sync
  const list = useInfiniteQuery(rejectionsQuery(run_id, is_open_only ? 'is:null' : ''))
  const can_write = useScope('write')
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? []
  const command = `npm run leads -- syncs replay ${run_id}`
  return (
    <Section
      title="Rejections"
      note={formatNumber(sync.failed_records)}
      actions={
        <>
          <Button
            aria-pressed={is_open_only}
            look={is_open_only ? 'plain' : 'ghost'}
            onClick={() => setOpenOnly(!is_open_only)}
          >
            Open only
          </Button>
          <Button onClick={() => downloadRows(run_id, rows)} disabled={rows.length === 0}>
            Download NDJSON
          </Button>
          {can_write && sync.failed_records <= REPLAY_ITEMS_MAX && (
            <Button onClick={() => void replayAndTell(run_id)}>Replay all</Button>
          )}
        </>
      }
    >
      {sync.failed_records > REPLAY_ITEMS_MAX && (
        <p>
          So many are replayed by the command: <Copy text={command}>{command}</Copy>
        </p>
      )}
      <Reasons run_id={run_id} />
      {list.isPending && <Skeleton height={120} />}
      {list.error && <p role="alert">{describeError(list.error)}</p>}
      {rows.length > 0 && (
        <div className={page.card}>
          {rows.map((row) => (
            <RejectionRow key={row.id} row={row} />
          ))}
        </div>
      )}
      {!list.isPending && rows.length === 0 && <p className={page.muted}>None.</p>}
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

/** Reasons, counted over all rejections of the run. */
function Reasons({ run_id }: { run_id: string }) {
  const { data } = useQuery(reasonsQuery(run_id))
  if (!data || data.data.length === 0) return null
  return (
    <div className={css.reasons}>
      {data.data.map(({ reason, rejections_count, relation }) => (
        <Badge key={reason} tone="warn">
          {reason}: {formatRowCount({ value: rejections_count, relation })}
        </Badge>
      ))}
    </div>
  )
}

const previewOf = (value: unknown): string => JSON.stringify(value)?.slice(0, 160) ?? ''

function RejectionRow({ row }: { row: SyncRejection }) {
  const [is_open, setOpen] = useState(false)
  return (
    <details className={css.rejection} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={page.muted}>#{formatNumber(row.item_offset)}</span>
        <span>{row.reason}</span>
        <span className={css.preview}>{previewOf(row.raw_data)}</span>
        {row.resolved_lead_id === null ? (
          <span>{row.resolved_at ? 'resolved' : ''}</span>
        ) : (
          <Link to="/leads/$id" params={{ id: String(row.resolved_lead_id) }}>
            lead {row.resolved_lead_id}
          </Link>
        )}
      </summary>
      {is_open && <JsonView value={row.raw_data} label={`item ${row.item_offset}`} />}
    </details>
  )
}

function downloadRows(run_id: string, rows: readonly SyncRejection[]): void {
  const text = rows.map((row) => JSON.stringify(row)).join('\n')
  download(`rejections-${run_id}.ndjson`, new Blob([`${text}\n`], { type: 'application/x-ndjson' }))
}
