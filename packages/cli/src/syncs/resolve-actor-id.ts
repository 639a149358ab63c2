import type { Db } from '@leads/core/database/engine'

/** The id of an Actor that is named as people know it, `user/name`: tables of syncs show that, rows refer to the id. */
export async function actorId<Named extends string | undefined>(db: Db, actor: Named): Promise<string | Named> {
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
