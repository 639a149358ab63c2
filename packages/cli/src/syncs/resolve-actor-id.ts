import type { Db } from '@leads/core/database/engine'

/** Returns the id of an Actor given as `user/name`, the form that tables of syncs show; rows refer to the id. */
export async function resolveActorId<Named extends string | undefined>(db: Db, actor: Named): Promise<string | Named> {
  if (!actor?.includes('/')) return actor
  const known = await db.kysely
    .selectFrom('apify_sync_states')
    .select('actor_id')
    .where('actor_name', '=', actor)
    .where('actor_id', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return known?.actor_id ?? actor
}
