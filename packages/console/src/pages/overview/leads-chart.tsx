import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { describeError } from '../../api/problem.ts'
import type { Stats } from '../../api/queries.ts'
import type { Search } from '../../list/address.ts'
import { Banner, inputClass, Skeleton } from '../../parts/basics.tsx'
import { Bars } from '../../parts/chart/bars.tsx'
import type { Period } from './period.ts'
import { type Group, groupLabels, rangeFilter, seriesQuery, spanOf, toBars } from './series.ts'

const CHART_HEIGHT = 216
const sourceNames: Record<string, string> = { apify: 'Apify', import: 'Files', api: 'API' }
const groups = Object.keys(groupLabels) as Group[]

interface LeadsChartProps {
  stats: Stats
  period: Period
}

/** New leads over time, in one piece or by what they differ in. A bar leads to its leads, a drag to its period. */
export default function LeadsChart({ stats, period }: LeadsChartProps) {
  const navigate = useNavigate()
  const search = useLocation().search as Search
  const by = groups.find((group) => group === search['ui.by'])
  const series = useQuery(seriesQuery('leads', spanOf(period, stats), by))
  const { data } = series
  if (series.error && !data) return <Banner tone="bad">{describeError(series.error)}</Banner>
  if (!data) return <Skeleton height={CHART_HEIGHT} />
  const nameOf = (key: string | null): string => {
    if (by === 'actor') return stats.by_actor.find(({ actor_id }) => actor_id === key)?.actor_name ?? key ?? 'No Actor'
    if (by === 'source') return key === null ? 'Unknown' : (sourceNames[key] ?? key)
    return key ?? 'Unknown'
  }
  const { names, points } = toBars(data, nameOf)
  const choose = (value: string): void => {
    const { 'ui.by': _, ...rest } = search
    void navigate({ to: '/', search: (value ? { ...rest, 'ui.by': value } : rest) as never, replace: true })
  }
  return (
    <Bars
      label={data.interval === 'week' ? 'Leads a week' : 'Leads a day'}
      noun="leads"
      interval={data.interval === 'week' ? 'Week of' : 'Day'}
      points={points}
      names={by ? names : undefined}
      controls={
        <select
          className={inputClass}
          aria-label="Divide the bars"
          value={by ?? ''}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">in total</option>
          {groups.map((group) => (
            <option key={group} value={group}>
              {groupLabels[group]}
            </option>
          ))}
        </select>
      }
      onPick={({ key }) =>
        void navigate({ to: '/leads', search: { created_at: rangeFilter(key, key, data) } as never })
      }
      onRange={(from, to) =>
        void navigate({ to: '/', search: { ...search, 'ui.period': `${from.key}..${to.key}` } as never })
      }
    />
  )
}
