import type { Db } from '../database/engine.ts'
import { jsonColumnText } from '../database/json-column-text.ts'
import { withTransaction } from '../database/transaction.ts'
import {
  applyItems,
  countNewAndDuplicate,
  type ExistingRows,
  findExistingRows,
  type ImportItem,
  toLeadKey,
} from '../ingest/apply-items.ts'
import { writeBisecting } from '../ingest/bisect.ts'
import type { Provenance } from '../ingest/provenance.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'
import { getStatements } from '../ingest/statements/registry.ts'
import type { Log } from '../log.ts'
import type { Mapper } from '../mapping/map-item.ts'
import type { Sync } from '../model/sync.ts'
import type { SyncRejection } from '../model/sync-rejection.ts'
import { nextPageRows } from './page-size.ts'
import { buildSyncProvenance } from './sync-provenance.ts'
import { findSync } from './sync-state.ts'

export interface ReplayOptions {
  db: Db
  map: Mapper
  log: Log
  now: () => Date
  /** As of a sync. */
  source_precedence?: readonly string[]
  /** Only of this run. */
  run_id?: string
  /** Only of this Actor. */
  actor_id?: string
  /** Writes nothing, and returns what would change. */
  is_dry_run?: boolean
  onProgress?: (result: ReplayResult) => void
}

export interface ReplayResult {
  tried: number
  /** Rejections that became a lead, or a duplicate of one. */
  resolved: number
  still_rejected: number
}

const STORED_ROWS_MAX = 500
/** Of the items' text: if a fault rejects every item of a run, rejections may be megabytes each. */
const BYTES_MAX = 8 * 1024 * 1024
/** The size of the items is still unknown. */
export const FIRST_BATCH_ROWS = 10

type Stored = Pick<SyncRejection, 'id' | 'run_id' | 'dataset_id' | 'item_offset'> & { raw_text: string | null }
type Mapped = Stored & { item: ImportItem }

/**
 * Maps rejected items again with the current mapping. One that becomes a lead is imported as its run would have done. The
 * run's counters change with it (one rejected less, one new or duplicate more), so the counters always add up. May be
 * stopped and repeated at any time.
 */
export async function replayRejections(options: ReplayOptions): Promise<ReplayResult> {
  const result: ReplayResult = { tried: 0, resolved: 0, still_rejected: 0 }
  const syncs = new Map<string, Sync | undefined>()
  let after = 0
  let rows_max = FIRST_BATCH_ROWS
  for (;;) {
    const batch = await readBatch(options, after, rows_max)
    if (batch.length === 0) break
    rows_max = nextBatchRows(batch)
    after = batch.at(-1)?.id ?? after
    result.tried += batch.length
    for (const [run_id, rows] of Map.groupBy(batch, ({ run_id }) => run_id)) {
      if (!syncs.has(run_id)) syncs.set(run_id, await findSync(options.db, run_id))
      const sync = syncs.get(run_id)
      result.resolved += sync ? await replayRun(options, sync, rows) : 0
    }
    result.still_rejected = result.tried - result.resolved
    options.onProgress?.(result)
  }
  options.log.info('Rejections replayed', { ...result, run_id: options.run_id })
  return result
}

/** Returns how many stored items to read next, from the size of the last ones. */
export function nextBatchRows(last: readonly { raw_text: string | null }[]): number {
  const bytes = last.reduce((sum, { raw_text }) => sum + (raw_text?.length ?? 0), 0)
  return nextPageRows({ items: [...last], bytes }, STORED_ROWS_MAX, BYTES_MAX)
}

async function readBatch({ db, run_id, actor_id }: ReplayOptions, after: number, rows_max: number): Promise<Stored[]> {
  let query = db.kysely
    .selectFrom('sync_rejections')
    .select(['id', 'run_id', 'dataset_id', 'item_offset', jsonColumnText(db, 'raw_data').as('raw_text')])
    .where('resolved_at', 'is', null)
    .where('id', '>', after)
  if (run_id !== undefined) query = query.where('run_id', '=', run_id)
  if (actor_id !== undefined) query = query.where('actor_id', '=', actor_id)
  return query.orderBy('id').limit(rows_max).execute()
}

async function replayRun(options: ReplayOptions, sync: Sync, rows: readonly Stored[]): Promise<number> {
  const context = { actor_id: sync.actor_id, actor_name: sync.actor_name }
  const mapped = rows.flatMap((row): Mapped[] => {
    if (row.raw_text === null) return []
    const raw_data = decodeStoredItem(row.raw_text)
    const outcome = options.map(JSON.parse(raw_data), context)
    if (outcome.outcome === 'rejected') return []
    const { lead, company, source, former_external_id, identities } = outcome
    return [{ ...row, item: { lead, company, source, former_external_id, identities, raw_data } }]
  })
  if (options.is_dry_run) return mapped.length
  let resolved = 0
  for (const [dataset_id, items] of Map.groupBy(mapped, (row) => row.dataset_id)) {
    const { source_precedence = [] } = options
    const origin = { ...buildSyncProvenance(sync), dataset_id, source_precedence, at: options.now() }
    resolved += await resolveAll(options, origin, sync, items)
  }
  return resolved
}

/** An item too deep for the database is stored as a JSON string of its text. Items themselves are never strings. */
function decodeStoredItem(stored: string): string {
  const value: unknown = stored.startsWith('"') ? JSON.parse(stored) : null
  return typeof value === 'string' && /^\s*\{/.test(value) ? value : stored
}

/** Returns how many rejections were resolved. One that the database still refuses does not stop the others. */
async function resolveAll(
  { db, log }: ReplayOptions,
  origin: Provenance,
  sync: Sync,
  rows: readonly Mapped[],
): Promise<number> {
  return writeBisecting(db, 0, rows, {
    // No limit: each conflict means that the other writer has finished more, so conflicts end.
    write: async (resolved, group) =>
      resolved +
      (await retryOnConflict(db, () => resolveBatch(db, origin, sync, group), {
        attempts_max: Number.POSITIVE_INFINITY,
      })),
    onRefused: async (resolved, { item_offset }) => {
      log.warn('The database still refuses an item', { run_id: sync.run_id, item_offset })
      return resolved
    },
  })
}

async function resolveBatch(db: Db, origin: Provenance, sync: Sync, rows: readonly Mapped[]): Promise<number> {
  const items = rows.map(({ item }) => item)
  const lookups = await findExistingRows(db, items, origin)
  const { created, duplicates } = countNewAndDuplicate(items, lookups)
  await withTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx.kysely
      .updateTable('sync_rejections')
      .set({ resolved_at: origin.at, updated_at: origin.at, updated_by: origin.actor })
      .where(
        'id',
        'in',
        rows.map(({ id }) => id),
      )
      .where('resolved_at', 'is', null)
      .executeTakeFirst()
    if (Number(numUpdatedRows) !== rows.length)
      throw new Error(
        `Another replay of run ${sync.run_id} is in progress. Nothing was written twice. Retry when it is finished.`,
      )
    await trx.kysely
      .updateTable('apify_sync_states')
      .set(({ eb }) => ({
        failed_records: eb('failed_records', '-', rows.length),
        synced_records: eb('synced_records', '+', created),
        duplicate_records: eb('duplicate_records', '+', duplicates),
        updated_at: origin.at,
        updated_by: origin.actor,
      }))
      .where('run_id', '=', sync.run_id)
      .execute()
    await applyItems(trx, items, lookups, origin, 'merge')
    await linkLeads(trx, origin, rows, lookups)
  })
  return rows.length
}

/** Records which lead each rejection became, in one statement, by the external ids that were just written. */
async function linkLeads(trx: Db, origin: Provenance, rows: readonly Mapped[], lookups: ExistingRows): Promise<void> {
  const keyOf = ({ item }: Mapped): string => toLeadKey(item, lookups)
  const external_ids = [...new Set(rows.map(keyOf))].filter((key) => !lookups.known.has(key))
  const found = await getStatements(trx).findLeads(trx, origin.provider_name, external_ids)
  const ids = new Map(found.map(({ external_id, id }) => [external_id, id]))
  // The lead of a person who was deleted permanently does not exist.
  for (const [key, { id }] of lookups.known) if (id !== 0) ids.set(key, id)
  await trx.kysely
    .updateTable('sync_rejections')
    .set(({ eb }) => {
      let cases = eb.case().when('id', '=', -1).then<number | null>(null)
      for (const row of rows) cases = cases.when('id', '=', row.id).then(ids.get(keyOf(row)) ?? null)
      return { resolved_lead_id: cases.else(null).end() }
    })
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
}
