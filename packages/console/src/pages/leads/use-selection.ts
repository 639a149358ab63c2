import { useEffect, useMemo, useState } from 'react'
import type { ApiQuery, ListedLead } from '../../api/queries.ts'
import type { RowId } from '../../list/grid-props.ts'

export interface Selection {
  ids: ReadonlySet<RowId>
  /** The whole list, loaded or not. */
  is_all: boolean
  leads: readonly ListedLead[]
  query: ApiQuery
  change(ids: readonly RowId[], is_selected: boolean): void
  selectLoaded(): void
  selectAll(): void
  clear(): void
}

/** Which leads are chosen. Another list means another selection. */
export function useSelection(rows: readonly ListedLead[], query: ApiQuery): Selection {
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
      leads: ids.size === 0 ? [] : rows.filter(({ id }) => ids.has(id as number)),
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
