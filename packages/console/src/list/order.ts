import type { ShownColumn } from './columns.ts'

/** Descending first, then ascending, then the list's own order. */
export function nextSort(sort: string, column: string): string {
  if (sort === `-${column}`) return column
  return sort === column && column !== 'created_at' ? '' : `-${column}`
}

/** The columns' order with one of them moved, in the form of `ui.cols`. */
export function movedColumns<Row>(columns: readonly ShownColumn<Row>[], id: string, by: -1 | 1): string {
  const ids = columns.filter(({ is_pinned }) => !is_pinned).map((column) => column.id)
  const from = ids.indexOf(id)
  const to = from + by
  if (from < 0 || to < 0 || to >= ids.length) return ids.join(',')
  ids.splice(to, 0, ...ids.splice(from, 1))
  return ids.join(',')
}
