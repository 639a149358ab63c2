import type { Db } from '../database/engine.ts'
import { type PairKind, toTypedKind } from '../duplicates/pair-kinds.ts'
import type { CompanyMerge } from '../model/company-duplicate.ts'
import type { LeadMerge } from '../model/lead-duplicate.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { Problem } from '../problem.ts'

/** The merge that stands behind a merged lead or company. @throws Problem not_found, conflict if it was not merged */
export async function findMerge<Merge extends LeadMerge | CompanyMerge>(
  trx: Db,
  kind: PairKind,
  merged_id: number,
): Promise<Merge> {
  const { merges, rows } = toTypedKind(kind)
  const merge = await trx.kysely
    .selectFrom(merges)
    .selectAll()
    .where('merged_id', '=', merged_id)
    .where('undone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (merge) return merge as LeadMerge as Merge
  const row = await trx.kysely.selectFrom(rows).select('id').where('id', '=', merged_id).executeTakeFirst()
  const name = `${kind.name} ${merged_id}`
  if (!row) throw new Problem('not_found', `${name} does not exist.`)
  throw new Problem('conflict', `${name} is not merged into another one.`)
}

const toText = (value: unknown): string => JSON.stringify(value ?? null)

/** A field that still has the value of the merge gets its old value; one that was changed later stays. */
export function compareWithMerge(
  keeper: object,
  changed_fields: ChangedFields,
): { restored: ChangedFields; kept_fields: string[] } {
  const values = keeper as Record<string, unknown>
  const restored: ChangedFields = {}
  const kept_fields: string[] = []
  for (const [field, change] of Object.entries(changed_fields)) {
    if (toText(values[field]) === toText(change.new)) restored[field] = change
    else kept_fields.push(field)
  }
  return { restored, kept_fields }
}

/** What had been merged into the merged one before stands behind it again. */
export async function returnMerged(trx: Db, kind: PairKind, merged_id: number): Promise<void> {
  const { merges, rows } = toTypedKind(kind)
  const children = await trx.kysely
    .selectFrom(merges)
    .select('merged_id')
    .where('keeper_id', '=', merged_id)
    .where('undone_at', 'is', null)
    .execute()
  if (children.length === 0) return
  const ids = children.map((child) => child.merged_id)
  await trx.kysely.updateTable(rows).set({ merged_into_id: merged_id }).where('id', 'in', ids).execute()
}

/** Notes that a merge was undone. */
export async function closeMerge(
  trx: Db,
  kind: PairKind,
  id: number,
  { at, actor }: { at: Date; actor: string },
): Promise<void> {
  const { merges } = toTypedKind(kind)
  await trx.kysely.updateTable(merges).set({ undone_at: at, undone_by: actor }).where('id', '=', id).execute()
}
