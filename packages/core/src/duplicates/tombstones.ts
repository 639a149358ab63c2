import { createHmac, randomBytes } from 'node:crypto'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findByKey } from '../database/find-by-key.ts'
import { orIgnore } from '../database/upsert.ts'
import { toEmailKey } from '../normalize/email.ts'
import { foldText } from './fold-text.ts'
import { toStrongIdentities } from './strong-identities.ts'

/**
 * Traces of people who were deleted permanently: keyed hashes of their identities, so that no import creates them
 * back. The hashes tell nothing about a person without the key, and the key stays in this database.
 */
const SECRET_NAME = 'tombstones'
const KEY_BYTES = 32

async function readKey(db: Db): Promise<string | undefined> {
  const row = await db.kysely
    .selectFrom('database_secrets')
    .select('secret')
    .where('name', '=', SECRET_NAME)
    .executeTakeFirst()
  return row?.secret
}

async function ensureKey(trx: Db, at: Date): Promise<string> {
  const secret = randomBytes(KEY_BYTES).toString('hex')
  const insert = trx.kysely.insertInto('database_secrets').values({ name: SECRET_NAME, secret, created_at: at })
  await orIgnore(trx, insert, ['name']).execute()
  return (await readKey(trx)) ?? secret
}

const hashIdentity = (key: string, identity: string): string =>
  createHmac('sha256', key).update(identity).digest('base64url')

/** Of an item whose source is not known: the number of one system may be another person's in the next. */
const UNKNOWN_SOURCE = 'item:'

/** An id that means something with its provider only; one of an unknown source only together with the name. */
export const toProviderIdentity = (provider_name: string | null, external_id: string, name: string | null): string => {
  const identity = `id:${provider_name ?? ''}:${external_id}`
  return external_id.startsWith(UNKNOWN_SOURCE) ? `${identity}|${foldText(name ?? '').trim()}` : identity
}

/** Stores the hashes of leads that are about to be deleted permanently. */
export async function buryLeads(trx: Db, lead_ids: readonly number[], at: Date): Promise<void> {
  const key = await ensureKey(trx, at)
  const leads = await trx.kysely
    .selectFrom('sales_leads')
    .select(['id', 'provider_name', 'external_id', 'full_name', 'company_name', 'street', 'email', 'additional_emails'])
    // Leads that were merged into these go with them.
    .where(({ eb, or }) => or([eb('id', 'in', lead_ids), eb('merged_into_id', 'in', lead_ids)]))
    .execute()
  const stored = await trx.kysely
    .selectFrom('lead_identities')
    .select(['identity', 'lead_id'])
    .where('lead_id', 'in', lead_ids)
    // An address of several people must not keep the others out.
    .where('is_shared', '=', false)
    .execute()
  const stated = [
    ...stored,
    ...leads.flatMap((lead) => toStrongIdentities(lead).map((identity) => ({ identity, lead_id: lead.id }))),
  ]
  const emails = leads.flatMap(({ email, additional_emails }) => [email ?? [], additional_emails].flat())
  const deleted = new Set([...lead_ids, ...leads.map(({ id }) => id)])
  const others = await findIdentitiesOfOthers(trx, stated, emails, deleted)
  const rows = new Map<string, number>()
  for (const { identity, lead_id } of stated) {
    if (!others.has(identity)) rows.set(hashIdentity(key, identity), lead_id)
  }
  for (const lead of leads) {
    if (lead.external_id !== null) {
      rows.set(
        hashIdentity(
          key,
          toProviderIdentity(lead.provider_name, lead.external_id, lead.full_name ?? lead.company_name),
        ),
        lead.id,
      )
    }
  }
  const tombstones = [...rows].map(([identity_hash, lead_id]) => ({ identity_hash, lead_id, buried_at: at }))
  for (const chunk of chunkRows(trx, tombstones, 3)) {
    await orIgnore(trx, trx.kysely.insertInto('identity_tombstones').values([...chunk]), ['identity_hash']).execute()
  }
}

/**
 * Those of the identities that are not the deleted people's alone: shared ones, those of a lead that stays, and addresses
 * that a lead which stays states. Their tombstones would keep out what imports say of the others.
 */
async function findIdentitiesOfOthers(
  trx: Db,
  stated: readonly { identity: string }[],
  emails: readonly string[],
  deleted: ReadonlySet<number>,
): Promise<Set<string>> {
  const identities = [...new Set(stated.map(({ identity }) => identity))]
  const find = { table: 'lead_identities', key: 'identity', columns: ['identity', 'lead_id', 'is_shared'] } as const
  const owners = await findByKey<{ identity: string; lead_id: number; is_shared: boolean }>(trx, find, identities)
  const others = owners.filter(({ lead_id, is_shared }) => is_shared || !deleted.has(lead_id))
  const findEmail = { table: 'sales_leads', key: 'email', columns: ['id', 'email', 'is_deleted'] } as const
  const stating = (await findByKey<{ id: number; email: string; is_deleted: boolean }>(trx, findEmail, emails)).filter(
    ({ id, is_deleted }) => !is_deleted && !deleted.has(id),
  )
  return new Set([
    ...others.map(({ identity }) => identity),
    ...stating.map(({ email }) => `email:${toEmailKey(email)}`),
  ])
}

async function hasTombstones(db: Db): Promise<boolean> {
  const row = await db.kysely.selectFrom('identity_tombstones').select('lead_id').limit(1).executeTakeFirst()
  return row !== undefined
}

/** How identities are hashed here; null as long as nobody was deleted permanently. */
export async function readIdentityHash(db: Db): Promise<((identity: string) => string) | null> {
  const key = (await hasTombstones(db)) ? await readKey(db) : undefined
  return key === undefined ? null : (identity) => hashIdentity(key, identity)
}

/** Those of the identities that belong to people who were deleted permanently. */
export async function findBuried(db: Db, identities: readonly string[]): Promise<Set<string>> {
  const hash = identities.length === 0 ? null : await readIdentityHash(db)
  if (!hash) return new Set()
  const byHash = new Map(identities.map((identity) => [hash(identity), identity]))
  const rows = await findByKey<{ identity_hash: string }>(
    db,
    { table: 'identity_tombstones', key: 'identity_hash', columns: ['identity_hash'] },
    [...byHash.keys()],
  )
  return new Set(rows.map(({ identity_hash }) => byHash.get(identity_hash) as string))
}

/**
 * Lets imports bring a deleted person back: removes all tombstones of the lead that had this identity, e.g.
 * `email:asha@example.com`. Returns how many there were.
 */
export async function liftTombstones(db: Db, identity: string): Promise<number> {
  const key = await readKey(db)
  if (key === undefined) return 0
  const found = await db.kysely
    .selectFrom('identity_tombstones')
    .select('lead_id')
    .where('identity_hash', '=', hashIdentity(key, identity))
    .executeTakeFirst()
  if (!found) return 0
  const { numDeletedRows } = await db.kysely
    .deleteFrom('identity_tombstones')
    .where('lead_id', '=', found.lead_id)
    .executeTakeFirst()
  return Number(numDeletedRows)
}
