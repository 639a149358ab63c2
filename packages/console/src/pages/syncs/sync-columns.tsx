import TriangleAlertIcon from 'lucide-react/icons/triangle-alert'
import type { Sync } from '../../api/queries.ts'
import { CellLink } from '../../list/cell-link.tsx'
import type { Column } from '../../list/columns.ts'
import { PhoneRow } from '../../list/phone-row.tsx'
import { SyncStatus, syncState } from '../../list/status.tsx'
import { Copy, Time } from '../../parts/basics.tsx'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatCost, formatDuration, formatNumber } from '../../parts/format.ts'
import type { MatchCounts } from './match-facts.tsx'
import css from './syncs.module.css'
import type { UnreadCounts } from './unread-facts.tsx'

export interface FillWarning {
  column: string
  rate: number
  usual: number
  message: string
}

interface SyncMetadata {
  warnings?: readonly FillWarning[]
  fill_rates?: { leads: number; filled: Record<string, number> }
  duration_ms?: number
  matches?: MatchCounts
  unread?: UnreadCounts
}

export const metadataOf = (sync: Sync): SyncMetadata => (sync.metadata ?? {}) as SyncMetadata

export const actorName = (sync: Sync): string => sync.actor_name ?? sync.actor_id ?? 'Unknown Actor'

export const accountingOf = (sync: Sync) => ({
  total: sync.total_records,
  created: sync.synced_records,
  duplicates: sync.duplicate_records,
  rejected: sync.failed_records,
  expected: sync.dataset_item_count,
})

/** How long the run itself took at Apify. */
export const runDuration = ({ started_at, finished_at }: Sync): number | null =>
  started_at && finished_at ? Date.parse(finished_at) - Date.parse(started_at) : null

export const costPerNew = ({ cost_usd, synced_records }: Sync): number | null =>
  cost_usd === null || synced_records === 0 ? null : cost_usd / synced_records

function StatusCell({ sync }: { sync: Sync }) {
  return (
    <span className={css.status}>
      <SyncStatus sync={sync} />
      {sync.sync_status === 'failed' && sync.error_message && (
        <span className={css.reason} data-tip={sync.error_message}>
          {sync.error_message.split('\n', 1)[0]}
        </span>
      )}
    </span>
  )
}

export const syncColumns: readonly Column<Sync>[] = [
  {
    id: 'sync_status',
    label: 'Status',
    width: 230,
    is_default: true,
    is_pinned: true,
    fields: [],
    text: (sync) => sync.sync_status,
    render: (sync) => <StatusCell sync={sync} />,
  },
  {
    id: 'actor_id',
    label: 'Actor',
    width: 230,
    is_default: true,
    fields: [],
    text: (sync) => sync.actor_id ?? '',
    render: (sync) => (
      <CellLink path={`/syncs/${encodeURIComponent(sync.run_id)}`} className={css.actor}>
        {actorName(sync)}
      </CellLink>
    ),
  },
  {
    id: 'run',
    label: 'Run',
    width: 200,
    is_default: true,
    fields: [],
    text: (sync) => sync.run_id,
    render: (sync) => (
      <>
        <Copy text={sync.run_id} label="Copy run id">
          {sync.run_id.slice(0, 8)}…
        </Copy>
        <span className={css.word}>{sync.run_status}</span>
      </>
    ),
  },
  {
    id: 'items',
    label: 'Items',
    width: 480,
    is_default: true,
    fields: [],
    text: (sync) => String(sync.total_records),
    render: (sync) => (
      <div className={css.items}>
        <AccountingBar
          {...accountingOf(sync)}
          size="small"
          is_running={syncState(sync) === 'importing'}
          is_balanced={sync.is_balanced}
        />
      </div>
    ),
  },
  {
    id: 'synced_records',
    label: 'New leads',
    width: 100,
    is_default: true,
    align: 'end',
    fields: [],
    text: (sync) => String(sync.synced_records),
    render: (sync) => (
      <CellLink path={`/leads?run_id=${encodeURIComponent(sync.run_id)}`}>{formatNumber(sync.synced_records)}</CellLink>
    ),
  },
  {
    id: 'cost_usd',
    label: 'Cost, per new',
    width: 150,
    is_default: true,
    align: 'end',
    fields: [],
    text: (sync) => String(sync.cost_usd ?? ''),
    render: (sync) => {
      const per_new = costPerNew(sync)
      return sync.cost_usd === null ? null : (
        <span>
          {formatCost(sync.cost_usd)}
          {per_new !== null && <span className={css.dim}>, {formatCost(per_new)}</span>}
        </span>
      )
    },
  },
  {
    id: 'started_at',
    label: 'Started, took',
    width: 180,
    is_default: true,
    fields: [],
    text: (sync) => sync.started_at ?? sync.created_at,
    render: (sync) => {
      const duration = runDuration(sync)
      return (
        <span>
          <Time value={sync.started_at ?? sync.created_at} />
          {duration !== null && <span className={css.dim}>, {formatDuration(duration)}</span>}
        </span>
      )
    },
  },
  {
    id: 'warnings',
    label: 'Warnings',
    width: 90,
    is_default: true,
    fields: [],
    text: (sync) => String(metadataOf(sync).warnings?.length ?? ''),
    render: (sync) => {
      const warnings = metadataOf(sync).warnings ?? []
      if (warnings.length === 0) return null
      return (
        <span className={css.warning} data-tip={warnings.map(({ message }) => message).join('\n')}>
          <TriangleAlertIcon size={13} aria-hidden />
          {warnings.length}
        </span>
      )
    },
  },
]

export function SyncPhoneRow({ sync }: { sync: Sync }) {
  const bottom = (
    <>
      {formatNumber(sync.total_records)} read, {formatNumber(sync.synced_records)} new,{' '}
      <Time value={sync.started_at ?? sync.created_at} />
    </>
  )
  return <PhoneRow name={actorName(sync)} end={<SyncStatus sync={sync} />} bottom={bottom} />
}
