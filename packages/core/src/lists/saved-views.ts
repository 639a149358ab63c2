import { sql } from 'kysely'
import type * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { insertReturningId } from '../database/insert-returning.ts'
import { lazily } from '../model/lazily.ts'
import { SavedView, ViewList } from '../model/saved-view.ts'
import { Problem } from '../problem.ts'
import type { ListDefinition } from './definition.ts'
import { type ListInput, type ListResult, listRows } from './list-page.ts'

/** Saved views of lists. A view belongs to its author; a shared one is visible to all. */

export const viewColumns = SavedView.columns

export const viewListDefinition: ListDefinition = {
  table: 'saved_views',
  filters: { list: ViewList.options, name: 'text', is_shared: 'boolean' },
  sorts: { position: { kind: 'integer' }, id: { kind: 'integer' } },
  default_sort: 'position',
  has_soft_delete: false,
  has_search: false,
}

/** Inputs of a view. */
const ViewName = lazily(() =>
  SavedView()
    .shape.name.normalize('NFC')
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, { error: 'a name without control characters' }),
)
export const NewView = lazily(() =>
  SavedView()
    .pick({ list: true, query: true })
    .extend({
      name: ViewName(),
      columns: SavedView().shape.columns.optional(),
      is_shared: SavedView().shape.is_shared.optional(),
      position: SavedView().shape.position.optional(),
    })
    .strict(),
)
export const ViewPatch = lazily(() =>
  SavedView()
    .pick({ query: true, columns: true, is_shared: true, position: true })
    .extend({ name: ViewName() })
    .partial()
    .strict(),
)

type NewView = z.infer<ReturnType<typeof NewView>>
type ViewPatch = z.infer<ReturnType<typeof ViewPatch>>

/** Who asks. An admin may change the views of others. */
export interface ViewUser {
  name: string
  is_admin: boolean
}

/** Lists the user's own and the shared views. */
export function listViews(db: Db, { name }: ViewUser, input: ListInput): Promise<ListResult<SavedView>> {
  const visible = sql`(created_by = ${name} or is_shared)`
  return listRows<SavedView>(db, viewListDefinition, viewColumns, input, [visible], ['user', name])
}

/** @throws Problem already_exists if the user has a view of this list with this name */
export async function createView(db: Db, { name: author }: ViewUser, input: NewView): Promise<SavedView> {
  await assertNewName(db, author, input.list, input.name)
  const now = new Date()
  const { columns = null, is_shared = false, position = 0, ...view } = input
  const audit = { created_at: now, updated_at: now, created_by: author, updated_by: author }
  const id = await insertReturningId(db, 'saved_views', { ...view, columns, is_shared, position, ...audit })
  return readView(db, id)
}

/** @throws Problem not_found, insufficient_scope, already_exists */
export async function updateView(db: Db, user: ViewUser, id: number, patch: ViewPatch): Promise<SavedView> {
  const view = await getOwnView(db, user, id)
  if (patch.name !== undefined && patch.name !== view.name)
    await assertNewName(db, view.created_by ?? user.name, view.list, patch.name)
  if (Object.keys(patch).length === 0) return view
  await db.kysely
    .updateTable('saved_views')
    .set({ ...patch, updated_at: new Date(), updated_by: user.name })
    .where('id', '=', id)
    .execute()
  return readView(db, id)
}

/** @throws Problem not_found, insufficient_scope */
export async function deleteView(db: Db, user: ViewUser, id: number): Promise<void> {
  await getOwnView(db, user, id)
  await db.kysely.deleteFrom('saved_views').where('id', '=', id).execute()
}

/** @throws Problem not_found if the view does not exist or is not visible to the user */
export async function getView(db: Db, { name }: ViewUser, id: number): Promise<SavedView> {
  const view = await readView(db, id)
  if (view.is_shared || view.created_by === name) return view
  throw new Problem('not_found', `View ${id} does not exist.`)
}

async function getOwnView(db: Db, user: ViewUser, id: number): Promise<SavedView> {
  const view = user.is_admin ? await readView(db, id) : await getView(db, user, id)
  if (user.is_admin || view.created_by === user.name) return view
  throw new Problem('insufficient_scope', 'Only its author or an admin can change a shared view.')
}

async function readView(db: Db, id: number): Promise<SavedView> {
  const view = await db.kysely.selectFrom('saved_views').select(viewColumns).where('id', '=', id).executeTakeFirst()
  if (!view) throw new Problem('not_found', `View ${id} does not exist.`)
  return view
}

async function assertNewName(db: Db, author: string, list: ViewList, name: string): Promise<void> {
  const existing = await db.kysely
    .selectFrom('saved_views')
    .select('id')
    .where('created_by', '=', author)
    .where('list', '=', list)
    .where('name', '=', name)
    .executeTakeFirst()
  if (!existing) return
  const detail = `View ${existing.id} has this name.`
  throw new Problem('already_exists', detail, {
    errors: [{ pointer: '/name', detail }],
    extensions: { existing: { id: existing.id, href: `/views/${existing.id}`, is_deleted: false } },
  })
}
