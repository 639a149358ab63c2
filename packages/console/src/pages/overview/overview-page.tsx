import { useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { latestSyncsQuery, type Stats, statsQuery } from '../../api/queries.ts'
import type { Search } from '../../list/address.ts'
import { SyncStatus, syncState } from '../../list/status.tsx'
import { Button, Skeleton, Time } from '../../parts/basics.tsx'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatDay, formatNumber, formatShare } from '../../parts/format.ts'
import page from '../../shell/page.module.css'
import { PageError, PageHead, Section } from '../../shell/page.tsx'
import { ProductIsEmpty } from '../leads/empty-states.tsx'
import { accountingOf, actorName } from '../syncs/sync-columns.tsx'
import { ActorsTable } from './actors-table.tsx'
import { Attention } from './attention.tsx'
import { Figures } from './figures.tsx'
import css from './overview.module.css'
import { type Period, parsePeriod, periodFilter, periodLabels, periodNames } from './period.ts'

const LeadsChart = lazyPart(() => import('./leads-chart.tsx'))

export function OverviewPage() {
  const search = useLocation().search as Search
  const period = parsePeriod(search['ui.period'] as string | undefined)
  const { since, until, before } = period
  const is_compared = search['ui.compare'] !== 'off'
  const stats = useQuery(statsQuery({ ...(since && { since }), ...(until && { until }) }))
  const earlier = useQuery({ ...statsQuery(before ?? {}), enabled: before !== null && is_compared })
  const syncs = useQuery(latestSyncsQuery(10))
  const is_empty = stats.data?.leads_count === 0 && period.name === 'all'
  const has_nothing = stats.data?.leads_count === 0 && syncs.data?.data.length === 0
  return (
    <>
      <PageHead title="Overview">
        <PeriodPicker period={period} />
      </PageHead>
      <div className={page.scroll}>
        <div className={page.content}>
          {stats.error && !stats.data ? (
            <PageError error={stats.error} onRetry={() => void stats.refetch()} />
          ) : is_empty || has_nothing ? (
            <ProductIsEmpty />
          ) : (
            <>
              <Attention latest={syncs.data?.data} />
              {stats.data ? (
                <Whole stats={stats.data} earlier={before && is_compared ? earlier.data : undefined} period={period} />
              ) : (
                <Skeleton height={420} />
              )}
            </>
          )}
        </div>
      </div>
    </>
  )
}

function PeriodPicker({ period }: { period: Period }) {
  const navigate = useNavigate()
  const { 'ui.period': _, ...rest } = useLocation().search as Search
  const go = (name: string): void =>
    void navigate({ to: '/', search: (name === '30d' ? rest : { ...rest, 'ui.period': name }) as never })
  const is_custom = !(periodNames as readonly string[]).includes(period.name)
  return (
    <div className={css.periods} role="radiogroup" aria-label="Period">
      {periodNames.map((name) => (
        <Button
          key={name}
          role="radio"
          aria-checked={period.name === name}
          look={period.name === name ? 'plain' : 'ghost'}
          onClick={() => go(name)}
        >
          {periodLabels[name]}
        </Button>
      ))}
      {is_custom && (
        <Button role="radio" aria-checked onClick={() => go('30d')}>
          {period.name.split('..').map(formatDay).join(' to ')}
        </Button>
      )}
    </div>
  )
}

interface WholeProps {
  stats: Stats
  earlier: Stats | undefined
  period: Period
}

function Whole({ stats, earlier, period }: WholeProps) {
  return (
    <>
      <Figures stats={stats} earlier={earlier} period={period} />
      <Suspense fallback={<Skeleton height={216} />}>
        <LeadsChart stats={stats} period={period} />
      </Suspense>
      <div className={css.two}>
        <Funnel stats={stats} period={period} />
        <Countries stats={stats} period={period} />
      </div>
      {stats.by_actor.length > 0 && <ActorsTable rows={stats.by_actor} />}
      <LatestSyncs />
    </>
  )
}

/** How far leads have come; between two stages the share that went on. */
function Funnel({ stats, period }: { stats: Stats; period: Period }) {
  const [first] = stats.funnel
  const most = Math.max(1, first?.leads_count ?? 1)
  return (
    <Section title="Funnel">
      <div className={css.funnel}>
        {stats.funnel.map(({ lead_status, leads_count }, index) => {
          const before = stats.funnel[index - 1]
          const share = before && before.leads_count > 0 ? leads_count / before.leads_count : null
          const statuses = stats.funnel.slice(index).map((stage) => stage.lead_status)
          return (
            <Link
              key={lead_status}
              to="/leads"
              search={{ ...periodFilter(period), lead_status: `in:${statuses.join(',')}` } as never}
              className={css.stage}
            >
              <span className={css.stageName}>{index === 0 ? 'all' : lead_status}</span>
              <span className={css.stageTrack}>
                <i style={{ width: `${(leads_count / most) * 100}%` }} />
              </span>
              <b>{formatNumber(leads_count)}</b>
              <span className={css.stageShare}>{share === null ? '' : formatShare(share)}</span>
            </Link>
          )
        })}
      </div>
    </Section>
  )
}

const COUNTRIES_SHOWN = 10

function Countries({ stats, period }: { stats: Stats; period: Period }) {
  const rows = stats.by_country.slice(0, COUNTRIES_SHOWN)
  const most = Math.max(1, rows[0]?.leads_count ?? 1)
  return (
    <Section
      title="Countries"
      actions={
        <Link to="/leads" search={periodFilter(period) as never}>
          All
        </Link>
      }
    >
      <div className={css.funnel}>
        {rows.map(({ value, leads_count }) => (
          <Link
            key={value ?? ''}
            to="/leads"
            search={{ ...periodFilter(period), country: value ?? 'is:null' } as never}
            className={css.country}
          >
            <i style={{ width: `${(leads_count / most) * 100}%` }} />
            <span>{value ?? 'Unknown'}</span>
            <b>{formatNumber(leads_count)}</b>
          </Link>
        ))}
      </div>
    </Section>
  )
}

const LATEST_SHOWN = 5

function LatestSyncs() {
  const { data } = useQuery(latestSyncsQuery(10))
  const rows = data?.data.slice(0, LATEST_SHOWN) ?? []
  if (rows.length === 0) return null
  return (
    <Section title="Latest syncs" actions={<Link to="/syncs">All</Link>}>
      <div className={page.card}>
        {rows.map((sync) => (
          <Link key={sync.run_id} to="/syncs/$run_id" params={{ run_id: sync.run_id }} className={page.record}>
            <span className={css.syncName}>
              <b>{actorName(sync)}</b>
              <Time value={sync.started_at ?? sync.created_at} className={page.muted} />
            </span>
            <SyncStatus sync={sync} />
            <AccountingBar
              {...accountingOf(sync)}
              size="small"
              is_running={syncState(sync) === 'importing'}
              is_balanced={sync.is_balanced}
            />
          </Link>
        ))}
      </div>
    </Section>
  )
}
