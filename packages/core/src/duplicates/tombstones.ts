import { createHmac, randomBytes } from 'node:crypto'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
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

const EMAIL = 'email:'

/** An address together with the name: how one of several people behind it is told from the others. */
export function toNamedAddresses(identities: readonly string[], name: string | null): string[] {
  const folded = foldText(name ?? '').trim()
  if (folded === '') return []
  return identities.filter((identity) => identity.startsWith(EMAIL)).map((identity) => `${identity}|${folded}`)
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
  const others = await findOthers(trx, stated, leads, new Set([...lead_ids, ...leads.map(({ id }) => id)]))
  const rows = new Map<string, number>()
  for (const { identity, lead_id } of stated) {
    if (!others.identities.has(identity)) rows.set(hashIdentity(key, identity), lead_id)
  }
  for (const lead of leads) {
    for (const named of toNamedAddresses(toStrongIdentities(lead), lead.full_name)) {
      // A namesake who stays is told apart by more than name and address.
      if (!others.named.has(named)) rows.set(hashIdentity(key, named), lead.id)
    }
    if (lead.external_id === null || others.identities.has(toAddressKey(lead.external_id))) continue
    const name = lead.full_name ?? lead.company_name
    rows.set(hashIdentity(key, toProviderIdentity(lead.provider_name, lead.external_id, name)), lead.id)
  }
  const tombstones = [...rows].map(([identity_hash, lead_id]) => ({ identity_hash, lead_id, buried_at: at }))
  for (const chunk of chunkRows(trx, tombstones, 3)) {
    await orIgnore(trx, trx.kysely.insertInto('identity_tombstones').values([...chunk]), ['identity_hash']).execute()
  }
}

const toAddressKey = (external_id: string): string =>
  external_id.startsWith(EMAIL) ? `${EMAIL}${toEmailKey(external_id.slice(EMAIL.length))}` : external_id

interface Others {
  /** Identities that are shared, that a lead which stays has, or addresses that it states. */
  identities: Set<string>
  /** These addresses with the names of the leads that stay. */
  named: Set<string>
}

interface Stating {
  id: number
  email: string | null
  full_name: string | null
  is_deleted: boolean
}

/** What is not the deleted people's alone: its tombstones would keep out what imports say of the others. */
async function findOthers(
  trx: Db,
  stated: readonly { identity: string }[],
  leads: readonly { email: string | null; additional_emails: readonly string[] }[],
  deleted: ReadonlySet<number>,
): Promise<Others> {
  const find = { table: 'lead_identities', key: 'identity', columns: ['identity', 'lead_id', 'is_shared'] } as const
  const wanted = [...new Set(stated.map(({ identity }) => identity))]
  const found = await findByKey<{ identity: string; lead_id: number; is_shared: boolean }>(trx, find, wanted)
  const owners = found.filter(({ lead_id, is_shared }) => is_shared || !deleted.has(lead_id))
  const columns = ['id', 'email', 'full_name', 'is_deleted'] as const
  const emails = leads.flatMap(({ email, additional_emails }) => [email ?? [], additional_emails].flat())
  const stating = await findByKey<Stating>(trx, { table: 'sales_leads', key: 'email', columns }, [...new Set(emails)])
  const owning = await findById<Stating>(trx, { table: 'sales_leads', key: 'id', columns }, [
    ...new Set(owners.map(({ lead_id }) => lead_id)),
  ])
  const staying = [...stating, ...owning].filter(({ id, is_deleted }) => !is_deleted && !deleted.has(id))
  const addresses = staying.flatMap(({ id, email, full_name }) => [
    ...(email === null ? [] : [{ identity: `${EMAIL}${toEmailKey(email)}`, full_name }]),
    ...owners.filter(({ lead_id }) => lead_id === id).map(({ identity }) => ({ identity, full_name })),
  ])
  return {
    identities: new Set([...owners, ...addresses].map(({ identity }) => identity)),
    named: new Set(addresses.flatMap(({ identity, full_name }) => toNamedAddresses([identity], full_name))),
  }
}

async function hasTombstones(db: Db): Promise<boolean> {
  const row = await db.kysely.selectFrom('identity_tombstones').select('lead_id').limit(1).executeTakeFirst()
  return row !== undefined
}

/** How identities are hashed here; null as long as nobody was deleted permanently. */
export type IdentityHash = ((identity: string) => string) | null

export async function readIdentityHash(db: Db): Promise<IdentityHash> {
  const key = (await hasTombstones(db)) ? await readKey(db) : undefined
  return key === undefined ? null : (identity) => hashIdentity(key, identity)
}

/**
 * Those of the identities that belong to people who were deleted permanently.
 *
 * @param listIdentities called only if anyone was
 */
export async function findBuried(db: Db, listIdentities: () => readonly string[]): Promise<Set<string>> {
  const hash = await readIdentityHash(db)
  if (!hash) return new Set()
  const byHash = new Map(listIdentities().map((identity) => [hash(identity), identity]))
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
