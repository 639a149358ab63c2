import CircleCheckIcon from 'lucide-react/icons/circle-check'
import CircleXIcon from 'lucide-react/icons/circle-x'
import ClockIcon from 'lucide-react/icons/clock'
import EqualNotIcon from 'lucide-react/icons/equal-not'
import LoaderCircleIcon from 'lucide-react/icons/loader-circle'
import RotateCcwIcon from 'lucide-react/icons/rotate-ccw'
import type { ReactNode } from 'react'
import type { Sync } from '../api/queries.ts'
import { Badge, type Tone } from '../parts/basics.tsx'
import { formatClock, formatNumber } from '../parts/format.ts'
import { enrichmentStatuses, leadStatuses } from './definitions.ts'
import css from './status.module.css'

const FILLED: Record<string, number> = { new: 0, contacted: 0.33, qualified: 0.67, converted: 1 }
const TONES: Record<string, Tone> = { new: 'neutral', contacted: 'info', qualified: 'warn', converted: 'good' }

/** A circle that fills as a lead moves on. */
export function StatusDot({ status }: { status: string }) {
  const share = FILLED[status] ?? 0
  const radius = 2.5
  const length = 2 * Math.PI * radius
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden className={css[TONES[status] ?? 'neutral']}>
      <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      {share > 0 && (
        <circle
          cx="6"
          cy="6"
          r={radius}
          fill="none"
          stroke="currentColor"
          strokeWidth={radius * 2}
          strokeDasharray={`${length * share} ${length}`}
          transform="rotate(-90 6 6)"
        />
      )}
    </svg>
  )
}

export function LeadStatus({ status }: { status: string | undefined }) {
  if (!status) return null
  const label = leadStatuses.find(({ value }) => value === status)?.label ?? status
  return (
    <Badge tone={TONES[status] ?? 'neutral'} icon={<StatusDot status={status} />}>
      {label}
    </Badge>
  )
}

const ENRICHMENT_TONES: Record<string, Tone> = { pending: 'neutral', enriched: 'good', failed: 'bad' }

export function EnrichmentStatus({ status }: { status: string | undefined }) {
  if (!status) return null
  const label = enrichmentStatuses.find(({ value }) => value === status)?.label ?? status
  return <Badge tone={ENRICHMENT_TONES[status] ?? 'neutral'}>{label}</Badge>
}

export type SyncState = 'waiting' | 'retrying' | 'importing' | 'failed' | 'unbalanced' | 'rejections' | 'completed'

/** Status, next attempt, accounting and rejections together: none of them alone tells how a sync is. */
export function syncState(sync: Sync, now = Date.now()): SyncState {
  if (sync.sync_status === 'syncing') return 'importing'
  if (sync.sync_status === 'failed') return 'failed'
  if (sync.sync_status === 'pending')
    return sync.next_sync_at && Date.parse(sync.next_sync_at) > now && sync.retry_count > 0 ? 'retrying' : 'waiting'
  if (!sync.is_balanced) return 'unbalanced'
  return sync.failed_records > 0 ? 'rejections' : 'completed'
}

const SYNC_LOOKS: Record<SyncState, { tone: Tone; Icon: typeof ClockIcon }> = {
  waiting: { tone: 'neutral', Icon: ClockIcon },
  retrying: { tone: 'warn', Icon: RotateCcwIcon },
  importing: { tone: 'info', Icon: LoaderCircleIcon },
  failed: { tone: 'bad', Icon: CircleXIcon },
  unbalanced: { tone: 'bad', Icon: EqualNotIcon },
  rejections: { tone: 'good', Icon: CircleCheckIcon },
  completed: { tone: 'good', Icon: CircleCheckIcon },
}

export function syncLabel(sync: Sync, state = syncState(sync)): string {
  switch (state) {
    case 'waiting':
      return 'Waiting'
    case 'retrying':
      return `Retry at ${formatClock(sync.next_sync_at ?? '')} (attempt ${sync.retry_count + 1})`
    case 'importing':
      return 'Importing'
    case 'failed':
      return 'Failed'
    case 'unbalanced':
      return 'Not balanced'
    case 'rejections':
      return `Completed, ${formatNumber(sync.failed_records)} rejected`
    case 'completed':
      return 'Completed'
  }
}

export function SyncStatus({ sync }: { sync: Sync }): ReactNode {
  const state = syncState(sync)
  const { tone, Icon } = SYNC_LOOKS[state]
  return (
    <Badge tone={tone} icon={<Icon size={13} aria-hidden className={state === 'importing' ? css.moving : undefined} />}>
      {syncLabel(sync, state)}
    </Badge>
  )
}
