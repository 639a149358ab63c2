import type { ReactNode } from 'react'

export type EditorKind = 'text' | 'number' | 'tags' | 'menu' | 'notes'

/** How a cell is edited in place. */
export interface CellEditor {
  kind: EditorKind
  field: string
  /** The problem of a text, in the API's terms. */
  validate?: (text: string) => string | undefined
  /** For `menu`. */
  options?: readonly { value: string; label: string; icon?: ReactNode }[]
}

export interface Column<Row> {
  id: string
  label: string
  width: number
  /** Shown unless the address says otherwise. */
  is_default?: boolean
  is_pinned?: boolean
  align?: 'end'
  /** Column that the list can be ordered by. */
  sort?: string
  /** What the API must answer with. */
  fields: readonly string[]
  render: (row: Row) => ReactNode
  /** The value as a text, to filter by or copy. */
  text?: (row: Row) => string
  editor?: CellEditor
}

export interface ShownColumn<Row> extends Column<Row> {
  shown_width: number
}

const WIDTH_MIN = 48
const WIDTH_MAX = 800

/** The columns that `ui.cols` and `ui.widths` ask for; unknown names are left out. */
export function chooseColumns<Row>(
  all: readonly Column<Row>[],
  cols: string | undefined,
  widths: string | undefined,
): ShownColumn<Row>[] {
  const byId = new Map(all.map((column) => [column.id, column]))
  const asked = cols ? cols.split(',').flatMap((id) => byId.get(id) ?? []) : []
  const chosen = asked.length > 0 ? asked : all.filter(({ is_default }) => is_default)
  const sizes = parseWidths(widths)
  const pinned = all.filter(({ is_pinned }) => is_pinned)
  const ordered = [...pinned, ...chosen.filter(({ is_pinned }) => !is_pinned)]
  return [...new Set(ordered)].map((column) => ({ ...column, shown_width: sizes.get(column.id) ?? column.width }))
}

function parseWidths(text: string | undefined): Map<string, number> {
  const pairs = (text ?? '').split(',').map((pair) => pair.split('.'))
  return new Map(
    pairs.flatMap(([id, width]) => {
      const value = Number(width)
      return id && value > 0 ? [[id, clampWidth(value)] as const] : []
    }),
  )
}

export const clampWidth = (width: number): number => Math.round(Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width)))

export function withWidth<Row>(
  columns: readonly ShownColumn<Row>[],
  text: string | undefined,
  id: string,
  width: number,
): string {
  const sizes = parseWidths(text)
  sizes.set(id, clampWidth(width))
  return columns
    .flatMap((column) => {
      const size = sizes.get(column.id)
      return size === undefined || size === column.width ? [] : [`${column.id}.${size}`]
    })
    .join(',')
}

/** What `fields=` must name for these columns. */
export const fieldsOf = <Row>(columns: readonly Column<Row>[], always: readonly string[]): string =>
  [...new Set([...always, ...columns.flatMap(({ fields }) => fields)])].join(',')
