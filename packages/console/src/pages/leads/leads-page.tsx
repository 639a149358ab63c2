import UsersIcon from 'lucide-react/icons/users'
import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { describeError } from '../../api/problem.ts'
import { kindsOf, leadFilters } from '../../list/definitions.ts'
import { FilterBar } from '../../list/filters/filter-bar.tsx'
import css from '../../list/toolbar.module.css'
import { useAddress } from '../../list/use-address.ts'
import { Empty } from '../../parts/basics.tsx'
import { formatRowCount } from '../../parts/format.ts'
import { LeadGrid } from './lead-grid.tsx'
import { LeadActions } from './leads-dialogs.tsx'
import { LeadsToolbar } from './leads-toolbar.tsx'
import { NewRowsPill } from './new-rows-pill.tsx'
import { rememberTrail } from './trail.ts'
import { type LeadList, useLeadList } from './use-lead-list.ts'

const NothingMatches = lazyPart(async () => ({ default: (await import('./empty-states.tsx')).NothingMatches }))
const ProductIsEmpty = lazyPart(async () => ({ default: (await import('./empty-states.tsx')).ProductIsEmpty }))
const Peek = lazyPart(() => import('./peek.tsx'))
const kinds = kindsOf(leadFilters)

export const SEARCH_HINT = 'Looking for part of a name, email, company, title or tag? Type it into the search.'

export function LeadsPage() {
  const leads = useLeadList({ place: useAddress(kinds) })
  const { place, list, filter_popup, area } = leads
  const { ui } = place.address
  const peeked = ui.peek ? Number(ui.peek) : null
  rememberTrail(list.rows, place.search, list.count)
  return (
    <>
      <LeadsToolbar {...leads} onDown={() => focusGrid(area.current)} />
      <FilterBar
        fields={leadFilters}
        address={place.address}
        onChange={place.setFilters}
        popup={filter_popup}
        error={list.error}
        hint={SEARCH_HINT}
      />
      <div className={css.area} ref={area}>
        <LeadRows leads={leads} />
        {peeked !== null && (
          <Suspense>
            <Peek
              id={peeked}
              row={list.rows.find(({ id }) => id === peeked)}
              onClose={() => place.setUi({ peek: '' })}
            />
          </Suspense>
        )}
        <NewRowsPill place={place} list={list} />
        <LeadActions leads={leads} />
      </div>
    </>
  )
}

/** The grid, or why there is none. */
function LeadRows({ leads }: { leads: LeadList }) {
  const { place, list } = leads
  const { filters, q } = place.address
  if (list.error && list.rows.length === 0)
    return (
      <Empty icon={<UsersIcon size={28} aria-hidden />} title="The leads cannot be shown">
        {describeError(list.error)}
      </Empty>
    )
  if (!list.is_loading && list.rows.length === 0)
    return (
      <Suspense>
        {filters.length > 0 || q.trim() !== '' ? <NothingMatches place={place} /> : <ProductIsEmpty />}
      </Suspense>
    )
  return (
    <LeadGrid
      {...leads}
      end_text={list.count ? `That is all of ${formatRowCount(list.count)} leads.` : 'That is all.'}
    />
  )
}

/** Moves the focus from the search box into the grid. */
export function focusGrid(area: HTMLElement | null): void {
  area?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus()
}
