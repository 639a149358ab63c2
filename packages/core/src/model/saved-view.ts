import * as z from 'zod'
import { auditColumns, Id } from './fields.ts'
import { lazyEnum, lazyObject } from './lazily.ts'

export const ViewList = lazyEnum(['leads', 'companies', 'syncs', 'imports', 'rejections'])
export type ViewList = z.infer<ReturnType<typeof ViewList>>

/** A row of `saved_views`: filters, order and columns of a list under a name. Its author owns it. */
export const SavedView = lazyObject({
  id: Id,
  list: ViewList,
  name: () => z.string().min(1).max(100),
  /** Query string of the list, e.g. `country=India&sort=-lead_score`. */
  query: () => z.string().max(4000),
  columns: () => z.array(z.string().max(100)).max(100).nullable(),
  /** Visible to every key. */
  is_shared: () => z.boolean(),
  position: () => z.int().min(0).max(1_000_000),
  ...auditColumns,
})
export type SavedView = z.infer<ReturnType<typeof SavedView>>
