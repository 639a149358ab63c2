import { useMemo, useRef, useState } from 'react'
import type { ApiQuery, ListedLead } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { chooseColumns, fieldsOf, type ShownColumn } from '../../list/columns.ts'
import { type GridState, useGridState } from '../../list/grid-state.ts'
import { LEAD_FIELDS_ALWAYS, leadColumns } from '../../list/lead-columns.tsx'
import { useRowHeight } from '../../list/row-height.ts'
import type { AddressState } from '../../list/use-address.ts'
import { type ListPath, type ListState, useList } from '../../list/use-list.ts'
import { useOpenRow } from '../../list/use-open-row.ts'
import { type Selection, useSelection } from '../../list/use-selection.ts'
import { type Popup, usePopup } from '../../parts/popup.tsx'
import type { LeadsDialog } from './dialogs-props.ts'
import { type LeadPopups, useLeadShortcuts } from './lead-shortcuts.ts'

interface LeadListOptions {
  place: AddressState
  path?: ListPath
  /** Condition of a path other than /leads: what is done with all leads of the list uses /leads. */
  condition?: ApiQuery
  default_columns?: string
}

export interface LeadList {
  place: AddressState
  list: ListState<ListedLead>
  columns: readonly ShownColumn<ListedLead>[]
  state: GridState
  row_height: number
  selection: Selection<ListedLead>
  can_write: boolean
  filter_popup: Popup<string>
  popups: LeadPopups
  area: { current: HTMLDivElement | null }
  dialog: LeadsDialog | null
  openDialog: (dialog: LeadsDialog | null) => void
  onOpen: (lead: ListedLead, in_new_tab: boolean) => void
}

const noCondition: ApiQuery = {}

/** A list of leads with everything that is done in it: of all leads, or of one company. */
export function useLeadList({
  place,
  path = '/leads',
  condition = noCondition,
  default_columns,
}: LeadListOptions): LeadList {
  const { ui } = place.address
  const cols = ui.cols ?? default_columns
  const columns = useMemo(() => chooseColumns(leadColumns, cols, ui.widths), [cols, ui.widths])
  const list = useList<ListedLead>('leads', path, place.query, fieldsOf(columns, LEAD_FIELDS_ALWAYS))
  const query = useMemo(() => ({ ...place.query, ...condition }), [place.query, condition])
  const state = useGridState(place.entry_key, list.rows.length)
  const selection = useSelection(list.rows, query)
  const filter_popup = usePopup<string>()
  const [dialog, openDialog] = useState<LeadsDialog | null>(null)
  const can_write = useScope('write')
  const row_height = useRowHeight(ui.density)
  const area = useRef<HTMLDivElement>(null)
  const active = list.rows[state.active.row]
  const onOpen = useOpenRow<ListedLead>(({ id }) => `/leads/${id}`)
  const popups = useLeadShortcuts({
    place,
    list,
    state,
    columns,
    active,
    selection,
    can_write,
    filter_popup,
    area,
    openDialog,
  })
  return {
    place: { ...place, query },
    list,
    columns,
    state,
    row_height,
    selection,
    can_write,
    filter_popup,
    popups,
    area,
    dialog,
    openDialog,
    onOpen,
  }
}
