import { useMemo, useRef, useState } from 'react'

export interface CellPlace {
  row: number
  column: number
}

export interface EditState extends CellPlace {
  draft?: string
  error?: string | undefined
}

export interface GridState {
  active: CellPlace
  setActive(place: CellPlace): void
  editing: EditState | null
  setEditing(editing: EditState | null): void
  /** The next render moves the focus to the active cell. */
  wants_focus: { current: boolean }
  /** First row of a range that Shift extends. */
  range_start: { current: number | null }
}

/** Where each list was left, by history entry: going back restores scroll and focus. */
const places = new Map<string, { top: number; active: CellPlace }>()
const PLACES_MAX = 50

export const recallPlace = (key: string): { top: number; active: CellPlace } | undefined => places.get(key)

export function rememberPlace(key: string, top: number, active: CellPlace): void {
  places.delete(key)
  places.set(key, { top, active })
  const [oldest] = places.keys()
  if (places.size > PLACES_MAX && oldest !== undefined) places.delete(oldest)
}

export function useGridState(memory_key: string, rows_count: number): GridState {
  const remembered = recallPlace(memory_key)
  const [chosen, setActive] = useState<CellPlace>(remembered?.active ?? { row: 0, column: 0 })
  const [editing, setEditing] = useState<EditState | null>(null)
  const [key, setKey] = useState(memory_key)
  if (key !== memory_key) {
    setKey(memory_key)
    setActive(remembered?.active ?? { row: 0, column: 0 })
    setEditing(null)
  }
  const wants_focus = useRef(remembered !== undefined)
  const range_start = useRef<number | null>(null)
  const row = rows_count === 0 ? chosen.row : Math.min(chosen.row, rows_count - 1)
  const { column } = chosen
  return useMemo(
    () => ({ active: { row, column }, setActive, editing, setEditing, wants_focus, range_start }),
    [row, column, editing],
  )
}
