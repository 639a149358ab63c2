import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import ArrowDownIcon from 'lucide-react/icons/arrow-down'
import ArrowUpIcon from 'lucide-react/icons/arrow-up'
import type { Stats } from '../../api/queries.ts'
import { Sparkline } from '../../parts/chart/sparkline.tsx'
import { cx } from '../../parts/cx.ts'
import { formatCost, formatNumber, formatShare } from '../../parts/format.ts'
import css from './overview.module.css'
import { type Period, periodFilter } from './period.ts'
import { seriesQuery, spanOf, toCourse } from './series.ts'

interface Totals {
  leads: number
  read: number
  duplicates: number
  rejected: number
  created: number
  cost: number | null
}

function totalsOf({ leads_count, by_actor }: Stats): Totals {
  const sum = (read: (row: Stats['by_actor'][number]) => number): number =>
    by_actor.reduce((total, row) => total + read(row), 0)
  const has_cost = by_actor.some(({ cost_usd }) => cost_usd !== null)
  return {
    leads: leads_count,
    read: sum(({ total_records }) => total_records),
    duplicates: sum(({ duplicate_records }) => duplicate_records),
    rejected: sum(({ failed_records }) => failed_records),
    created: sum(({ synced_records }) => synced_records),
    cost: has_cost ? sum(({ cost_usd }) => cost_usd ?? 0) : null,
  }
}

const shareOf = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

interface FiguresProps {
  stats: Stats
  earlier: Stats | undefined
  period: Period
}

/** Five numbers, each with its change against the period before, each the way to what it counts. */
export function Figures({ stats, earlier, period }: FiguresProps) {
  const span = spanOf(period, stats)
  const leads = useQuery(seriesQuery('leads', span)).data
  const records = useQuery(seriesQuery('records', span)).data
  const costs = useQuery(seriesQuery('cost', span)).data
  const cost_course = toCourse(costs, ({ value }) => value)
  const new_course = toCourse(records, ({ synced_records }) => synced_records ?? null)
  const now = totalsOf(stats)
  const before = earlier && totalsOf(earlier)
  const perNew = ({ cost, created }: Totals): number | null => (cost === null ? null : shareOf(cost, created))
  return (
    <div className={css.figures}>
      <Figure
        label="New leads"
        value={formatNumber(now.leads)}
        change={changeOf(now.leads, before?.leads)}
        to="/leads"
        search={periodFilter(period)}
        spark={toCourse(leads, ({ value }) => value)}
      />
      <Figure
        label="Duplicates"
        value={showShare(shareOf(now.duplicates, now.read))}
        change={pointsOf(shareOf(now.duplicates, now.read), before && shareOf(before.duplicates, before.read))}
        is_less_better
        spark={toCourse(records, ({ value, duplicate_records = 0 }) => shareOf(duplicate_records, value))}
        to="/syncs"
      />
      <Figure
        label="Rejected"
        value={showShare(shareOf(now.rejected, now.read))}
        change={pointsOf(shareOf(now.rejected, now.read), before && shareOf(before.rejected, before.read))}
        is_less_better
        spark={toCourse(records, ({ value, failed_records = 0 }) => shareOf(failed_records, value))}
        to="/syncs"
      />
      <Figure
        label="Cost"
        value={now.cost === null ? 'none noted' : formatCost(now.cost)}
        change={changeOf(now.cost, before?.cost)}
        is_less_better
        spark={cost_course}
        to="/syncs"
      />
      <Figure
        label="Cost per new lead"
        value={showCost(perNew(now))}
        change={changeOf(perNew(now), before && perNew(before))}
        is_less_better
        spark={cost_course.map((cost, index) => shareOf(cost, new_course[index] ?? 0) ?? 0)}
        to="/syncs"
      />
    </div>
  )
}

const showShare = (share: number | null): string => (share === null ? 'no runs' : formatShare(share))
const showCost = (cost: number | null): string => (cost === null ? 'none noted' : formatCost(cost))

interface Change {
  text: string
  direction: number
}

function changeOf(now: number | null, before: number | null | undefined): Change | null {
  if (now === null || !before) return null
  const change = now / before - 1
  return { text: formatShare(Math.abs(change)), direction: Math.sign(Math.round(change * 1000)) }
}

function pointsOf(now: number | null, before: number | null | undefined): Change | null {
  if (now === null || before === null || before === undefined) return null
  const points = (now - before) * 100
  return { text: `${Math.abs(points).toFixed(1)} points`, direction: Math.sign(Math.round(points * 10)) }
}

interface FigureProps {
  label: string
  value: string
  change: Change | null
  is_less_better?: boolean
  to: '/leads' | '/syncs'
  search?: object
  spark?: readonly number[]
}

function Figure({ label, value, change, is_less_better = false, to, search, spark }: FigureProps) {
  const is_good = change && (is_less_better ? change.direction < 0 : change.direction > 0)
  const Arrow = change && change.direction < 0 ? ArrowDownIcon : ArrowUpIcon
  return (
    <Link to={to} search={(search ?? {}) as never} className={css.figure}>
      <span className={css.figureLabel}>{label}</span>
      <span className={css.figureValue}>{value}</span>
      <span className={css.figureFoot}>
        {change && change.direction !== 0 ? (
          <span className={cx(css.change, is_good ? css.good : css.bad)} data-tip="Against the period before">
            <Arrow size={12} aria-label={change.direction < 0 ? 'down' : 'up'} />
            {change.text}
          </span>
        ) : (
          <span className={css.change}>{change ? 'as before' : ' '}</span>
        )}
        {spark && <Sparkline values={spark} label={`${label} by day`} />}
      </span>
    </Link>
  )
}
