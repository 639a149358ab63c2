import { useQuery } from '@tanstack/react-query'
import ArrowUpIcon from 'lucide-react/icons/arrow-up'
import { fetchPage, type ListedLead } from '../../api/queries.ts'
import css from '../../list/toolbar.module.css'
import type { AddressState } from '../../list/use-address.ts'
import type { ListState } from '../../list/use-list.ts'
import { Button } from '../../parts/basics.tsx'
import { formatRowCount } from '../../parts/format.ts'

const INTERVAL_MS = 15_000

/** "12 new leads": rows never move by themselves. Only for the list's own order, in which new ones come first. */
export function NewRowsPill({ place, list }: { place: AddressState; list: ListState<ListedLead> }) {
  const newest = list.rows[0]?.created_at
  const { data } = useQuery({
    queryKey: ['leads', 'new', place.query, newest],
    enabled: newest !== undefined && place.address.sort === '' && !list.is_stale,
    refetchInterval: INTERVAL_MS,
    queryFn: async ({ signal }) => {
      const created_at = [...[place.query.created_at ?? []].flat(), `gt:${newest}`]
      const query = { ...place.query, created_at, limit: '1', fields: 'id', count: 'estimated' }
      return (await fetchPage<ListedLead>('/leads', query, signal)).count
    },
    // None yet: what is newer than the rows of a moment ago is asked after the first interval.
    initialData: { value: 0, relation: 'exact' as const },
    staleTime: INTERVAL_MS,
  })
  if (!data || data.value === 0) return null
  const refresh = (): void => {
    document.querySelector('[role="grid"]')?.scrollTo({ top: 0 })
    list.restart()
  }
  return (
    <Button className={css.pill} look="primary" onClick={refresh}>
      <ArrowUpIcon size={14} aria-hidden />
      {formatRowCount(data)} new {data.value === 1 ? 'lead' : 'leads'}
    </Button>
  )
}
