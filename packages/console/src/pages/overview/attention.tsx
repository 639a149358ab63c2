import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import CircleAlertIcon from 'lucide-react/icons/circle-alert'
import CircleCheckIcon from 'lucide-react/icons/circle-check'
import RotateCcwIcon from 'lucide-react/icons/rotate-ccw'
import TriangleAlertIcon from 'lucide-react/icons/triangle-alert'
import { latestSyncsQuery, type Sync } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { type SyncState, syncState } from '../../list/status.tsx'
import { Button, buttonClass, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { formatClock, formatNumber } from '../../parts/format.ts'
import page from '../../shell/page.module.css'
import { replayAndTell, retryAndTell } from '../syncs/start-sync.ts'
import { actorName, metadataOf } from '../syncs/sync-columns.tsx'
import css from './overview.module.css'

interface Matter {
  key: string
  tone: 'bad' | 'warn' | 'info'
  /** Of the Actor; `what` follows it. */
  name: string
  what: string
  since: string
  run_id: string
  action?: { label: string; run: () => void }
}

const WEEK_MS = 7 * 86_400_000
const HOUR_MS = 3_600_000
const FAILED_SHOWN = 20
/** Rejections of a few items in thousands are daily life. */
const REJECTED_SHARE_MIN = 0.05
const MATTERS_SHOWN = 8

const weekAgo = (): string => new Date(Math.floor((Date.now() - WEEK_MS) / HOUR_MS) * HOUR_MS).toISOString()

/** What needs attention; one line each, with one thing to do. */
export function Attention({ latest }: { latest: readonly Sync[] | undefined }) {
  const failed = useQuery(latestSyncsQuery(FAILED_SHOWN, { sync_status: 'failed', created_at: `gte:${weekAgo()}` }))
  const can_write = useScope('write')
  if (!latest || !failed.data) return null
  const rows = [...new Map([...failed.data.data, ...latest].map((sync) => [sync.run_id, sync])).values()]
  const matters = rows.flatMap((sync) => mattersOf(sync))
  if (matters.length === 0) return <AllArrived latest={latest} />
  return (
    <section className={cx(page.card, css.attention)} aria-label="Needs attention">
      {matters.slice(0, MATTERS_SHOWN).map((matter) => (
        <MatterRow key={matter.key} matter={matter} can_write={can_write} />
      ))}
      {matters.length > MATTERS_SHOWN && (
        <Link to="/syncs" className={css.matter}>
          and {matters.length - MATTERS_SHOWN} more
        </Link>
      )}
    </section>
  )
}

function mattersOf(sync: Sync): Matter[] {
  const { run_id } = sync
  const since = sync.last_sync_at ?? sync.updated_at
  const of_state = matterOfState(sync, syncState(sync), since)
  const warnings = metadataOf(sync).warnings ?? []
  return [
    ...(of_state ? [{ key: `state ${run_id}`, since, run_id, ...of_state }] : []),
    ...warnings.map(({ column, message }) => ({
      key: `fill ${run_id} ${column}`,
      since,
      run_id,
      tone: 'warn' as const,
      what: `: ${message}`,
      name: actorName(sync),
    })),
  ]
}

/** What the state of a sync asks a person to do. */
function matterOfState(
  sync: Sync,
  state: SyncState,
  since: string,
): Pick<Matter, 'tone' | 'name' | 'what' | 'action'> | null {
  const { run_id, failed_records, total_records } = sync
  const name = actorName(sync)
  const retry = { label: 'Retry', run: () => void retryAndTell(run_id) }
  switch (state) {
    case 'failed': {
      const reason = sync.error_message?.split('\n', 1)[0] ?? 'no reason noted'
      return { tone: 'bad', name, what: ` failed: ${reason}`, action: retry }
    }
    case 'unbalanced':
      return { tone: 'bad', name, what: ' does not add up', action: retry }
    case 'retrying': {
      const time = formatClock(sync.next_sync_at ?? since)
      return { tone: 'info', name, what: ` is tried again at ${time}`, action: { ...retry, label: 'Retry now' } }
    }
    case 'rejections': {
      if (failed_records / Math.max(1, total_records) < REJECTED_SHARE_MIN) return null
      const what = `: ${formatNumber(failed_records)} of ${formatNumber(total_records)} items rejected`
      return { tone: 'warn', name, what, action: { label: 'Replay', run: () => void replayAndTell(run_id) } }
    }
    case 'waiting':
    case 'importing':
    case 'completed':
      return null
  }
}

const icons = { bad: CircleAlertIcon, warn: TriangleAlertIcon, info: RotateCcwIcon }

function MatterRow({ matter, can_write }: { matter: Matter; can_write: boolean }) {
  const { tone, name, what, since, run_id, action } = matter
  const Icon = icons[tone]
  return (
    <div className={css.matter}>
      <Icon size={16} aria-hidden className={css[`${tone}Icon`]} />
      <span className={css.what}>
        <b>{name}</b>
        {what}
      </span>
      <Time value={since} className={page.muted} />
      {action && can_write ? (
        <Button onClick={action.run}>{action.label}</Button>
      ) : (
        <Link to="/syncs/$run_id" params={{ run_id }} className={buttonClass}>
          Look
        </Link>
      )}
    </div>
  )
}

function AllArrived({ latest }: { latest: readonly Sync[] }) {
  const [last] = latest
  return (
    <p className={css.arrived}>
      <CircleCheckIcon size={16} aria-hidden />
      Everything arrived
      {last && (
        <span className={page.muted}>
          last sync <Time value={last.last_sync_at ?? last.updated_at} />
        </span>
      )}
    </p>
  )
}
