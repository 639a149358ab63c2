import { useEffect, useMemo, useState } from 'react'
import type { ApiQuery } from '../api/queries.ts'
import type { RowId } from './grid-props.ts'

export interface Selection<Row> {
  ids: ReadonlySet<RowId>
  /** The whole list, loaded or not. */
  is_all: boolean
  rows: readonly Row[]
  query: ApiQuery
  change(ids: readonly RowId[], is_selected: boolean): void
  selectLoaded(): void
  selectAll(): void
  clear(): void
}

/** Which rows are chosen. Another list means another selection. */
export function useSelection<Row extends { id?: number }>(rows: readonly Row[], query: ApiQuery): Selection<Row> {
  const [ids, setIds] = useState<ReadonlySet<RowId>>(new Set())
  const [is_all, setAll] = useState(false)
  const signature = JSON.stringify(query)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature represents the query
  useEffect(() => {
    setIds((current) => (current.size === 0 ? current : new Set()))
    setAll(false)
  }, [signature])
  return useMemo(
    () => ({
      ids,
      is_all,
      rows: ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id as number)),
      query,
      change(changed, is_selected) {
        setAll(false)
        setIds((current) => {
          const next = new Set(current)
          for (const id of changed) {
            if (is_selected) next.add(id)
            else next.delete(id)
          }
          return next
        })
      },
      selectLoaded() {
        setAll(false)
        setIds(new Set(rows.map(({ id }) => id as number)))
      },
      selectAll() {
        setIds(new Set(rows.map(({ id }) => id as number)))
        setAll(true)
      },
      clear() {
        setIds(new Set())
        setAll(false)
      },
    }),
    [ids, is_all, rows, query],
  )
}
