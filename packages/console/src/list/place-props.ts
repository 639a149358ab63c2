import type { ShownColumn } from './columns.ts'
import { withWidth } from './columns.ts'
import type { GridProps } from './grid-props.ts'
import { movedColumns, nextSort } from './order.ts'
import type { AddressState } from './use-address.ts'

const DEFAULT_SORT = '-created_at'

/** What a grid takes from the address and changes in it: order, widths and places of the columns. */
export function placeProps<Row>(
  place: AddressState,
  columns: readonly ShownColumn<Row>[],
): Pick<GridProps<Row>, 'columns' | 'memory_key' | 'sort' | 'onSort' | 'onWidth' | 'onMoveColumn'> {
  const { ui, sort } = place.address
  const order = sort || DEFAULT_SORT
  return {
    columns,
    memory_key: place.entry_key,
    sort: order,
    onSort: (column) => place.setSort(nextSort(order, column)),
    onWidth: (id, width) => place.setUi({ widths: withWidth(columns, ui.widths, id, width) }),
    onMoveColumn: (id, by) => place.setUi({ cols: movedColumns(columns, id, by) }),
  }
}
