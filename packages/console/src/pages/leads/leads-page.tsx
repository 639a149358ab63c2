import { useNavigate } from '@tanstack/react-router'
import UsersIcon from 'lucide-react/icons/users'
import { Suspense, useMemo, useRef, useState } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { describeError } from '../../api/problem.ts'
import type { ListedLead } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { chooseColumns, fieldsOf } from '../../list/columns.ts'
import { kindsOf, leadFilters } from '../../list/definitions.ts'
import { FilterBar } from '../../list/filters/filter-bar.tsx'
import { useGridState } from '../../list/grid-state.ts'
import { LEAD_FIELDS_ALWAYS, leadColumns } from '../../list/lead-columns.tsx'
import { useRowHeight } from '../../list/row-height.ts'
import css from '../../list/toolbar.module.css'
import { useAddress } from '../../list/use-address.ts'
import { useList } from '../../list/use-list.ts'
import { Empty } from '../../parts/basics.tsx'
import { formatRowCount } from '../../parts/format.ts'
import { usePopup } from '../../parts/popup.tsx'
import type { LeadsDialog } from './dialogs-props.ts'
import { LeadGrid } from './lead-grid.tsx'
import { useLeadShortcuts } from './lead-shortcuts.ts'
import { LeadsDialogs } from './leads-dialogs.tsx'
import { LeadsToolbar } from './leads-toolbar.tsx'
import { NewRowsPill } from './new-rows-pill.tsx'
import { rememberTrail } from './trail.ts'
import { useSelection } from './use-selection.ts'

const NothingMatches = lazyPart(async () => ({ default: (await import('./empty-states.tsx')).NothingMatches }))
const ProductIsEmpty = lazyPart(async () => ({ default: (await import('./empty-states.tsx')).ProductIsEmpty }))
const SelectionBar = lazyPart(() => import('./selection-bar.tsx'))
const Peek = lazyPart(() => import('./peek.tsx'))
const kinds = kindsOf(leadFilters)

export const SEARCH_HINT = 'Looking for part of a name, email, company, title or tag? Type it into the search.'

export function LeadsPage() {
  const place = useAddress(kinds)
  const { address, query } = place
  const { ui } = address
  const columns = useMemo(() => chooseColumns(leadColumns, ui.cols, ui.widths), [ui.cols, ui.widths])
  const list = useList<ListedLead>('leads', '/leads', query, fieldsOf(columns, LEAD_FIELDS_ALWAYS))
  const state = useGridState(place.entry_key, list.rows.length)
  const selection = useSelection(list.rows, query)
  const filter_popup = usePopup<string>()
  const [dialog, setDialog] = useState<LeadsDialog | null>(null)
  const can_write = useScope('write')
  const row_height = useRowHeight(ui.density)
  const navigate = useNavigate()
  const area = useRef<HTMLDivElement>(null)
  const peeked = ui.peek ? Number(ui.peek) : null
  rememberTrail(list.rows, place.search, list.count)
  const active = list.rows[state.active.row]
  const open = (lead: ListedLead, in_new_tab: boolean): void => {
    if (in_new_tab) window.open(`/console/leads/${lead.id}`, '_blank', 'noopener')
    else void navigate({ to: '/leads/$id', params: { id: String(lead.id) } })
  }
  const grid_popups = useLeadShortcuts({
    place,
    list,
    state,
    columns,
    active,
    selection,
    can_write,
    filter_popup,
    area,
    openDialog: setDialog,
  })
  const has_conditions = address.filters.length > 0 || address.q.trim() !== ''
  const is_empty = !list.is_loading && list.rows.length === 0
  return (
    <>
      <LeadsToolbar
        place={place}
        list={list}
        columns={columns}
        can_write={can_write}
        filter_popup={filter_popup}
        openDialog={setDialog}
        onDown={() => focusGrid(area.current)}
      />
      <FilterBar
        fields={leadFilters}
        address={address}
        onChange={place.setFilters}
        popup={filter_popup}
        error={list.error}
        hint={SEARCH_HINT}
      />
      <div className={css.area} ref={area}>
        {is_empty && !list.error ? (
          <Suspense>{has_conditions ? <NothingMatches place={place} /> : <ProductIsEmpty />}</Suspense>
        ) : list.error && list.rows.length === 0 ? (
          <Empty icon={<UsersIcon size={28} aria-hidden />} title="The leads cannot be shown">
            {describeError(list.error)}
          </Empty>
        ) : (
          <LeadGrid
            place={place}
            list={list}
            columns={columns}
            state={state}
            row_height={row_height}
            selection={selection}
            can_write={can_write}
            popups={grid_popups}
            onOpen={open}
            end_text={list.count ? `That is all of ${formatRowCount(list.count)} leads.` : 'That is all.'}
          />
        )}
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
        {selection.ids.size > 0 && (
          <Suspense>
            <SelectionBar selection={selection} list={list} can_write={can_write} openDialog={setDialog} />
          </Suspense>
        )}
      </div>
      <LeadsDialogs
        dialog={dialog}
        onClose={() => setDialog(null)}
        place={place}
        list={list}
        columns={columns}
        selection={selection}
      />
    </>
  )
}

/** Moves the focus from the search box into the grid. */
export function focusGrid(area: HTMLElement | null): void {
  area?.querySelector<HTMLElement>('[role="gridcell"][tabindex="0"]')?.focus()
}
