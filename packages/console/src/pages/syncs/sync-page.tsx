import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import ArrowLeftIcon from 'lucide-react/icons/arrow-left'
import { useEffect, useRef, useState } from 'react'
import { isApiError } from '../../api/problem.ts'
import { latestSyncsQuery, type Sync, syncQuery } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { SyncStatus, syncState } from '../../list/status.tsx'
import { Banner, Button, buttonClass, Copy, Mono, Skeleton, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { AccountingBar, FillBars } from '../../parts/figures.tsx'
import { formatCost, formatCount, formatDateTime, formatDuration, formatNumber } from '../../parts/format.ts'
import { JsonView } from '../../parts/json-view.tsx'
import { announce } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { Facts, PageError, PageHead, Section } from '../../shell/page.tsx'
import { noteOpened } from '../../shell/recent.ts'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { MatchFacts } from './match-facts.tsx'
import { Rejections } from './rejections.tsx'
import { replayAndTell, retryAndTell, startSync } from './start-sync.ts'
import { accountingOf, actorName, costPerNew, metadataOf, runDuration } from './sync-columns.tsx'
import css from './syncs.module.css'
import { canRetry } from './syncs-page.tsx'
import { UnreadFacts } from './unread-facts.tsx'

export function SyncPage() {
  const run_id = String(useParams({ strict: false }).run_id)
  const { data: sync, error, refetch } = useQuery(syncQuery(run_id))
  useEffect(() => {
    if (sync) noteOpened({ kind: 'sync', id: sync.run_id, name: actorName(sync) })
  }, [sync])
  if (!sync) return <NoSync run_id={run_id} error={error} onRead={() => void refetch()} />
  return (
    <>
      <PageHead title={actorName(sync)} heading={back}>
        <Actions sync={sync} />
      </PageHead>
      <div className={page.scroll}>
        <div className={page.content}>
          <SyncHead sync={sync} />
          <SyncProblem sync={sync} />
          <Progress sync={sync} />
          <div className={css.facts}>
            <SyncFacts sync={sync} />
            <MatchFacts counts={metadataOf(sync).matches} candidates={sync.candidate_pairs} />
            <UnreadFacts counts={metadataOf(sync).unread} />
            <FillRates sync={sync} />
          </div>
          {sync.input_params !== null && (
            <Section title="Input">
              <div className={page.card}>
                <JsonView value={sync.input_params} label="input of the run" />
              </div>
            </Section>
          )}
          {sync.failed_records > 0 && <Rejections sync={sync} />}
        </div>
      </div>
    </>
  )
}

const back = (
  <Link to="/syncs" className={cx(page.row, page.muted)}>
    <ArrowLeftIcon size={14} aria-hidden />
    Syncs
  </Link>
)

interface NoSyncProps {
  run_id: string
  error: Error | null
  onRead: () => void
}

/** Before the sync is read, and where it cannot be. */
function NoSync({ run_id, error, onRead }: NoSyncProps) {
  return (
    <>
      <PageHead title={`Run ${run_id}`} heading={back} />
      {error ? (
        isApiError(error, 'not_found') ? (
          <UnknownRun run_id={run_id} onStarted={onRead} />
        ) : (
          <PageError error={error} onRetry={onRead} />
        )
      ) : (
        <div className={page.content}>
          <Skeleton height={160} />
        </div>
      )}
    </>
  )
}

function SyncHead({ sync }: { sync: Sync }) {
  return (
    <div className={css.head}>
      <h2>{actorName(sync)}</h2>
      <div className={page.row}>
        <SyncStatus sync={sync} />
        <span className={page.muted}>{sync.run_status}</span>
        <Copy text={sync.run_id} label="Copy run id">
          {sync.run_id}
        </Copy>
      </div>
    </div>
  )
}

function Actions({ sync }: { sync: Sync }) {
  const can_write = useScope('write')
  const navigate = useNavigate()
  const { run_id } = sync
  const group = 'This sync'
  const openLeads = (): void => void navigate({ to: '/leads', search: { run_id } as never })
  useShortcuts([
    { keys: 'l', label: 'Leads of the run', group, run: openLeads },
    ...(can_write
      ? [
          { keys: 'R', label: 'Retry', group, run: () => void retryAndTell(run_id) },
          { keys: 'p', label: 'Replay the rejected items', group, run: () => void replayAndTell(run_id) },
        ]
      : []),
  ])
  return (
    <>
      {can_write && canRetry(sync) && (
        <Button shortcut="R" onClick={() => void retryAndTell(run_id)}>
          Retry
        </Button>
      )}
      {can_write && sync.failed_records > 0 && (
        <Button shortcut="p" onClick={() => void replayAndTell(run_id)}>
          Replay rejected
        </Button>
      )}
      <Link to="/leads" search={{ run_id } as never} className={buttonClass}>
        Leads
      </Link>
      <a
        className={buttonClass}
        href={`https://console.apify.com/actors/runs/${encodeURIComponent(run_id)}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        Open at Apify
      </a>
    </>
  )
}

const ANNOUNCE_EVERY_MS = 10_000

/** The accounting, large; while items arrive also how fast. */
function Progress({ sync }: { sync: Sync }) {
  const is_running = syncState(sync) === 'importing'
  const rate = useRate(sync.total_records, is_running)
  const said_at = useRef(0)
  useEffect(() => {
    if (!is_running || Date.now() - said_at.current < ANNOUNCE_EVERY_MS) return
    said_at.current = Date.now()
    announce(progressText(sync))
  }, [sync, is_running])
  return (
    <Section
      title="Accounting"
      note={is_running && `${progressText(sync)}${rate > 0 ? `, ${formatNumber(rate)} a second` : ''}`}
    >
      <AccountingBar {...accountingOf(sync)} size="large" is_running={is_running} is_balanced={sync.is_balanced} />
    </Section>
  )
}

/** Items a second, over the last few looks. */
/** Apify's number lags while the run writes: a smaller one than what was read is left out. */
function progressText({ total_records, dataset_item_count }: Sync): string {
  const read = formatNumber(total_records)
  return dataset_item_count !== null && dataset_item_count > total_records
    ? `${read} of about ${formatCount(dataset_item_count, 'item')} read`
    : `${formatCount(total_records, 'item')} read`
}

function useRate(total: number, is_running: boolean): number {
  const seen = useRef<{ at: number; total: number }[]>([])
  const [rate, setRate] = useState(0)
  useEffect(() => {
    if (!is_running) return
    const now = Date.now()
    seen.current = [...seen.current, { at: now, total }].slice(-5)
    const [first] = seen.current
    if (first && now > first.at) setRate(Math.max(0, Math.round(((total - first.total) / (now - first.at)) * 1000)))
  }, [total, is_running])
  return rate
}

function SyncProblem({ sync }: { sync: Sync }) {
  if (!sync.error_message) return null
  const { next_sync_at } = sync
  const will_retry = next_sync_at !== null && sync.sync_status !== 'failed'
  return (
    <Section title="Error">
      <Banner tone={will_retry ? 'warn' : 'bad'} role="status">
        {sync.error_message}
        <br />
        {will_retry
          ? `It will be tried again at ${formatDateTime(next_sync_at)}.`
          : 'It will not be tried again by itself. Once the cause is gone, retry it: it continues where it stopped.'}
      </Banner>
      {sync.error_details && (
        <div className={page.card}>
          <JsonView value={sync.error_details} label="error details" />
        </div>
      )}
    </Section>
  )
}

function SyncFacts({ sync }: { sync: Sync }) {
  const duration = runDuration(sync)
  const per_new = costPerNew(sync)
  const offsets = Object.entries(sync.dataset_offsets ?? {})
  return (
    <Section title="Facts">
      <Facts
        rows={[
          ['Noted', <Time key="created" value={sync.created_at} />],
          ['Run started', sync.started_at && <Time key="started" value={sync.started_at} />],
          ['Run took', duration !== null && formatDuration(duration)],
          ['Last sync', sync.last_sync_at && <Time key="last" value={sync.last_sync_at} />],
          ['Next attempt', sync.next_sync_at && <Time key="next" value={sync.next_sync_at} />],
          ['Attempts', sync.retry_count > 0 && formatNumber(sync.retry_count + 1)],
          [
            offsets.length > 1 ? 'Datasets' : 'Dataset',
            offsets.length > 0 ? (
              <span key="datasets">
                {offsets.map(([dataset_id, offset]) => (
                  <span key={dataset_id} className={page.row}>
                    <Copy text={dataset_id}>{dataset_id}</Copy> read to {formatNumber(offset)}
                  </span>
                ))}
              </span>
            ) : (
              sync.dataset_id && <Mono key="dataset">{sync.dataset_id}</Mono>
            ),
          ],
          ['Cost', sync.cost_usd !== null && formatCost(sync.cost_usd)],
          ['Cost per new lead', per_new !== null && formatCost(per_new)],
          ['Compute units', sync.compute_units !== null && formatNumber(sync.compute_units)],
        ]}
      />
    </Section>
  )
}

const TREND_RUNS = 20

/** Fill rates of the Actor's runs up to this one, the oldest first. */
function useFillTrend({ actor_id, created_at }: Sync): readonly { leads: number; filled: Record<string, number> }[] {
  const query = { actor_id: actor_id ?? '', created_at: `lte:${created_at}` }
  const { data } = useQuery({ ...latestSyncsQuery(TREND_RUNS, query), enabled: actor_id !== null })
  const runs = (data?.data ?? []).flatMap((run) => metadataOf(run).fill_rates ?? [])
  return runs.filter(({ leads }) => leads > 0).reverse()
}

function FillRates({ sync }: { sync: Sync }) {
  const { fill_rates, warnings = [] } = metadataOf(sync)
  const trend = useFillTrend(sync)
  if (!fill_rates || fill_rates.leads === 0) return null
  const usual = new Map(warnings.map((warning) => [warning.column, warning.usual]))
  const rates = Object.entries(fill_rates.filled)
    .map(([column, filled]) => ({
      column,
      share: filled / fill_rates.leads,
      usual: usual.get(column),
      trend: trend.map((run) => (run.filled[column] ?? 0) / run.leads),
    }))
    .sort((a, b) => b.share - a.share)
  return (
    <Section title="Fill rates" note={`of ${formatNumber(fill_rates.leads)} leads`}>
      {warnings.map(({ column, message }) => (
        <Banner key={column} tone="warn">
          {message}
        </Banner>
      ))}
      <FillBars rates={rates} />
    </Section>
  )
}

function UnknownRun({ run_id, onStarted }: { run_id: string; onStarted: () => void }) {
  const can_write = useScope('write')
  const start = async (): Promise<void> => {
    if (await startSync(run_id)) setTimeout(onStarted, 1000)
  }
  return (
    <div className={page.content}>
      <Banner tone="info" actions={can_write && <Button onClick={() => void start()}>Sync it</Button>}>
        There is no sync of run {run_id} yet.
      </Banner>
    </div>
  )
}
