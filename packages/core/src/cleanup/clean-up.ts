import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { deleteStatedWrites } from '../database/read-replica.ts'
import { withTransaction } from '../database/transaction.ts'
import { passOnAddresses } from '../duplicates/pass-on-addresses.ts'
import { buryLeads } from '../duplicates/tombstones.ts'
import type { Log } from '../log.ts'
import { removeOldImports } from './remove-old-imports.ts'
import { trimEvents } from './trim-events.ts'
import { type TrimOptions, trimSightings } from './trim-sightings.ts'

export interface CleanupOptions {
  db: Db
  log: Log
  /** Rows that were deleted longer ago are purged. */
  retention_days: number
  rejection_retention_days: number
  /** Events are kept so long; 0 or left out = as long as their lead. */
  event_retention_days?: number
  /** Counts what would be purged, and deletes nothing. */
  is_dry_run: boolean
  now: () => Date
  /** Milliseconds left. The cleanup stops between batches before they run out; the next one continues. */
  remaining_ms: () => number
}

export interface CleanupResult {
  sales_leads: number
  /** Events of purged leads, and those older than their retention. */
  lead_events: number
  companies: number
  apify_sync_states: number
  sync_rejections: number
  api_keys: number
  /** Stored responses of requests with an Idempotency-Key, after a day. */
  idempotency_keys: number
  /** Records of old file imports. These cannot be undone any more. */
  import_batches: number
  import_rejections: number
  /** Sightings beyond the newest fifty of a lead, without those of purged leads. */
  lead_sightings: number
  /** False if time ran out. */
  is_finished: boolean
}

/** One batch is one short transaction: other writers wait for milliseconds, and a kill loses one batch of work. */
const BATCH_ROWS = 500
const DEADLINE_RESERVE_MS = 5_000

type Table = Exclude<keyof CleanupResult, 'is_finished' | 'lead_events' | 'lead_sightings' | 'import_batches'>

/**
 * Purges what was soft-deleted longer ago than the retention: children first, and companies only if no lead refers to
 * them. Also deletes old rejections, API keys that were revoked or expired long ago, and sightings that no list returns
 * any more, and old events. Rows are locked before they are deleted, so a row that is restored at the same time stays. The next
 * cleanup finds the remaining rows; only the sightings have a checkpoint, because all of them are read.
 */
export async function cleanUp(options: CleanupOptions): Promise<CleanupResult> {
  const result: CleanupResult = {
    sales_leads: 0,
    lead_events: 0,
    companies: 0,
    apify_sync_states: 0,
    sync_rejections: 0,
    api_keys: 0,
    idempotency_keys: 0,
    import_batches: 0,
    import_rejections: 0,
    lead_sightings: 0,
    is_finished: true,
  }
  const hasTime = () => options.remaining_ms() >= DEADLINE_RESERVE_MS
  const steps: [Table, (db: Db, limit: number) => Promise<number[]>][] = [
    ['sales_leads', (db, limit) => findExpired(db, 'sales_leads', cutoff(options, options.retention_days), limit)],
    ['companies', (db, limit) => findUnusedCompanies(db, cutoff(options, options.retention_days), limit)],
    [
      'apify_sync_states',
      (db, limit) => findExpired(db, 'apify_sync_states', cutoff(options, options.retention_days), limit),
    ],
    [
      'sync_rejections',
      (db, limit) => findCreatedBefore(db, 'sync_rejections', cutoff(options, options.rejection_retention_days), limit),
    ],
    ['api_keys', (db, limit) => findOldApiKeys(db, cutoff(options, options.retention_days), limit)],
    ['idempotency_keys', (db, limit) => findCreatedBefore(db, 'idempotency_keys', cutoff(options, 1), limit)],
    [
      'import_rejections',
      (db, limit) =>
        findCreatedBefore(db, 'import_rejections', cutoff(options, options.rejection_retention_days), limit),
    ],
  ]
  for (const [table, find] of steps) {
    for (;;) {
      if (!hasTime()) {
        result.is_finished = false
        break
      }
      const removed = await removeBatch(options, table, find)
      result[table] += removed.rows
      result.lead_events += removed.events
      if (removed.found < BATCH_ROWS || options.is_dry_run) break
    }
  }
  const imports = await removeOldImports({ ...options, before: cutoff(options, options.retention_days), hasTime })
  result.import_batches = imports.rows
  result.is_finished &&= imports.is_finished
  if (!options.is_dry_run) await deleteStatedWrites(options.db, cutoff(options, 1))
  await trim(options, hasTime, result)
  options.log.info(options.is_dry_run ? 'Would clean up' : 'Cleaned up', { ...result })
  return result
}

/** Removes the rows of leads that stay which are too many or too old, and adds them to the result. */
async function trim(options: CleanupOptions, hasTime: () => boolean, result: CleanupResult): Promise<void> {
  const { db, is_dry_run, now, event_retention_days = 0 } = options
  const trimmed: TrimOptions = { db, is_dry_run, hasTime, now, deleted_before: cutoff(options, options.retention_days) }
  // First, because they are found by an index, while the sightings of a large database take all the time there is.
  if (event_retention_days > 0) {
    const events = await trimEvents({ ...trimmed, before: cutoff(options, event_retention_days) })
    result.lead_events += events.rows
    result.is_finished &&= events.is_finished
  }
  const sightings = await trimSightings(trimmed)
  result.lead_sightings = sightings.rows
  result.is_finished &&= sightings.is_finished
}

const cutoff = ({ now }: CleanupOptions, days: number): Date => new Date(now().getTime() - days * 86_400_000)

interface Batch {
  found: number
  rows: number
  events: number
}

async function removeBatch(
  { db, is_dry_run, now }: CleanupOptions,
  table: Table,
  find: (db: Db, limit: number) => Promise<number[]>,
): Promise<Batch> {
  if (is_dry_run) {
    const ids = await find(db, 1_000_000)
    return { found: ids.length, rows: ids.length, events: table === 'sales_leads' ? await countEvents(db, ids) : 0 }
  }
  return withTransaction(db, async (trx) => {
    // Locks the rows. A concurrent restore waits, or was committed before the row was found.
    const ids = await find(trx, BATCH_ROWS)
    if (ids.length === 0) return { found: 0, rows: 0, events: 0 }
    let events = 0
    if (table === 'sales_leads') {
      await passOnAddresses(trx, ids)
      await buryLeads(trx, ids, now())
      await trx.kysely.deleteFrom('lead_match_keys').where('lead_id', 'in', ids).execute()
      events = Number(
        (await trx.kysely.deleteFrom('lead_events').where('lead_id', 'in', ids).executeTakeFirst()).numDeletedRows,
      )
      await trx.kysely.deleteFrom('lead_sources').where('lead_id', 'in', ids).execute()
      await trx.kysely.deleteFrom('lead_sightings').where('lead_id', 'in', ids).execute()
    }
    const { numDeletedRows } = await trx.kysely.deleteFrom(table).where('id', 'in', ids).executeTakeFirst()
    return { found: ids.length, rows: Number(numDeletedRows), events }
  })
}

async function countEvents(db: Db, ids: readonly number[]): Promise<number> {
  let count = 0
  for (let start = 0; start < ids.length; start += 10_000) {
    const { n } = await db.kysely
      .selectFrom('lead_events')
      .select((q) => q.fn.countAll().as('n'))
      .where('lead_id', 'in', ids.slice(start, start + 10_000))
      .executeTakeFirstOrThrow()
    count += Number(n)
  }
  return count
}

interface IdQuery {
  execute(): Promise<{ id: number }[]>
  forUpdate(): { execute(): Promise<{ id: number }[]> }
}

/** A dry run has no transaction, and locks nothing. */
async function selectIdsForUpdate(db: Db, query: IdQuery): Promise<number[]> {
  const rows = await (db.isInTransaction ? selectForUpdate(db, query) : query.execute())
  return rows.map(({ id }) => id)
}

const findExpired = (
  db: Db,
  table: 'sales_leads' | 'apify_sync_states',
  cutoff: Date,
  limit: number,
): Promise<number[]> =>
  selectIdsForUpdate(
    db,
    db.kysely
      .selectFrom(table)
      .select('id')
      .where('is_deleted', '=', true)
      .where('deleted_at', '<', cutoff as never)
      // A merged lead goes with its keeper: until then the merge can be undone.
      .where(table === 'sales_leads' ? sql<boolean>`merged_into_id is null` : sql<boolean>`1 = 1`)
      .orderBy('id')
      .limit(limit),
  )

const findUnusedCompanies = (db: Db, cutoff: Date, limit: number): Promise<number[]> =>
  selectIdsForUpdate(
    db,
    db.kysely
      .selectFrom('companies')
      .select('id')
      .where('is_deleted', '=', true)
      .where('deleted_at', '<', cutoff as never)
      // Imports that state a merged company reach its keeper as long as that lives.
      .where('merged_into_id', 'is', null)
      .where(({ not, exists, selectFrom }) => {
        const leads = selectFrom('sales_leads').select('id').whereRef('sales_leads.company_id', '=', 'companies.id')
        if (db.isInTransaction) return not(exists(leads))
        // In a dry run the leads that the cleanup would have purged by now still exist.
        const staying = leads.where(({ or, eb }) =>
          or([eb('is_deleted', '=', false), eb('deleted_at', '>=', cutoff as never)]),
        )
        return not(exists(staying))
      })
      .orderBy('id')
      .limit(limit),
  )

const findCreatedBefore = (
  db: Db,
  table: 'sync_rejections' | 'idempotency_keys' | 'import_rejections',
  cutoff: Date,
  limit: number,
): Promise<number[]> =>
  selectIdsForUpdate(
    db,
    db.kysely
      .selectFrom(table)
      .select('id')
      .where('created_at', '<', cutoff as never)
      .orderBy('id')
      .limit(limit),
  )

const findOldApiKeys = (db: Db, cutoff: Date, limit: number): Promise<number[]> =>
  selectIdsForUpdate(
    db,
    db.kysely
      .selectFrom('api_keys')
      .select('id')
      .where(({ or, eb }) => or([eb('revoked_at', '<', cutoff as never), eb('expires_at', '<', cutoff as never)]))
      .orderBy('id')
      .limit(limit),
  )
