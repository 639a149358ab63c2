import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { jsonColumnText } from '../database/json-column-text.ts'
import { selectForUpdate } from '../database/lock.ts'
import { withTransaction } from '../database/transaction.ts'
import type { ImportItem, LeadChange } from '../ingest/apply-items.ts'
import { applyItems } from '../ingest/apply-items.ts'
import type { Provenance } from '../ingest/provenance.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'
import { attachSourceStates } from '../ingest/source-states.ts'
import { getStatements } from '../ingest/statements/registry.ts'
import type { ExistingLead } from '../ingest/statements/types.ts'
import type { Log } from '../log.ts'
import type { Mapper } from '../mapping/map-item.ts'
import { FIRST_BATCH_ROWS, nextBatchRows, type ReplayResult, replayRejections } from './replay.ts'

export interface RemapOptions {
  db: Db
  map: Mapper
  log: Log
  now: () => Date
  /** As of a sync. */
  source_precedence?: readonly string[]
  actor_id?: string
  run_id?: string
  /** Writes nothing, and returns what would change. */
  is_dry_run: boolean
  /** Called between batches; true stops, with all batches before it written. */
  shouldStop?: () => boolean
  onProgress?: (result: RemapResult) => void
}

export interface RemapResult {
  leads_read: number
  leads_changed: number
  /** How many leads changed in each column. */
  fields: Record<string, number>
  /** Leads whose item the current mapping would reject; they stay as they are. */
  now_rejected: number
  rejections: ReplayResult
  is_finished: boolean
}

/** The author of changes by a new mapping. */
export const REMAP_AUTHOR = 'remap'

const REMAP_PROVENANCE: Omit<Provenance, 'at'> = {
  source: 'apify',
  source_name: null,
  provider_name: 'apify',
  actor_id: null,
  actor_name: null,
  run_id: null,
  dataset_id: null,
  import_batch_id: null,
  scrape_params: null,
  actor: REMAP_AUTHOR,
  source_key: null,
}

type Stored = ExistingLead & { actor_id: string | null; actor_name: string | null; raw_text: string | null }

/**
 * Maps the stored items of leads again with the current mapping, and merges the result as an import would: edited fields
 * stay. Then replays the rejections. Each batch is one transaction, so it may be stopped at any time, and a second call
 * changes nothing more.
 */
export async function remap(options: RemapOptions): Promise<RemapResult> {
  const result: RemapResult = {
    leads_read: 0,
    leads_changed: 0,
    fields: {},
    now_rejected: 0,
    is_finished: true,
    rejections: { tried: 0, resolved: 0, still_rejected: 0 },
  }
  let after = 0
  let rows_max = FIRST_BATCH_ROWS
  for (;;) {
    if (options.shouldStop?.()) return { ...result, is_finished: false }
    const rows = await readBatch(options, after, rows_max)
    if (rows.length === 0) break
    rows_max = nextBatchRows(rows)
    after = rows.at(-1)?.id ?? after
    await remapBatch(options, rows, result)
    options.onProgress?.(result)
  }
  const { shouldStop: _, onProgress, ...replay } = options
  result.rejections = await replayRejections({
    ...replay,
    onProgress: (rejections) => onProgress?.({ ...result, rejections }),
  })
  options.log.info('Stored items mapped again', { ...result })
  return result
}

/** Leads of Apify with their stored items. */
const selectStored = (db: Db) =>
  db.kysely
    .selectFrom('sales_leads')
    .leftJoin('lead_sources', 'lead_sources.lead_id', 'sales_leads.id')
    .select(['sales_leads.id', 'sales_leads.external_id', 'sales_leads.run_id', 'sales_leads.import_hashes'])
    .select(['sales_leads.is_deleted', 'sales_leads.actor_id', 'lead_sources.actor_name'])
    .select(jsonColumnText(db, 'sales_leads.raw_data').as('raw_text'))
    .where('sales_leads.source', '=', 'apify')
    .where('sales_leads.is_deleted', '=', false)
    .where('sales_leads.external_id', 'is not', null)
    .orderBy('sales_leads.id')
    .$castTo<Stored>()

async function readBatch({ db, actor_id, run_id }: RemapOptions, after: number, rows_max: number): Promise<Stored[]> {
  let query = selectStored(db).where('sales_leads.id', '>', after)
  if (actor_id !== undefined) query = query.where('sales_leads.actor_id', '=', actor_id)
  if (run_id !== undefined) query = query.where('sales_leads.run_id', '=', run_id)
  return query.limit(rows_max).execute()
}

async function remapBatch(options: RemapOptions, rows: readonly Stored[], result: RemapResult): Promise<void> {
  result.leads_read += rows.length
  // A lead that a sync refreshed between the read and the lock is read and mapped again.
  for (let pending = rows; pending.length > 0; ) {
    const { changes, rejected, moved_ids } = await retryOnConflict(options.db, () => remapRows(options, pending))
    result.now_rejected += rejected
    result.leads_changed += new Set(changes.map(({ external_id }) => external_id)).size
    for (const { changed_fields } of changes)
      for (const field of Object.keys(changed_fields)) result.fields[field] = (result.fields[field] ?? 0) + 1
    pending =
      moved_ids.length > 0 ? await selectStored(options.db).where('sales_leads.id', 'in', moved_ids).execute() : []
  }
}

interface RemappedRows {
  changes: LeadChange[]
  /** Items that the current mapping rejects. */
  rejected: number
  /** Leads that have changed since they were read. They were left alone. */
  moved_ids: number[]
}

async function remapRows(options: RemapOptions, rows: readonly Stored[]): Promise<RemappedRows> {
  const items: ImportItem[] = []
  const rejected = new Set<string>()
  for (const { external_id, actor_id, actor_name, raw_text } of rows) {
    if (raw_text === null) continue
    const mapped = options.map(JSON.parse(raw_text), { actor_id, actor_name })
    if (mapped.outcome === 'rejected') rejected.add(external_id)
    // The lead keeps its external id, also where the current mapping would give it another.
    else items.push({ ...mapped, lead: { ...mapped.lead, external_id }, raw_data: raw_text })
  }
  const { changes, moved } = await mergeUnmoved(options, rows, items)
  return {
    changes,
    rejected: [...rejected].filter((external_id) => !moved.has(external_id)).length,
    moved_ids: rows.filter(({ external_id }) => moved.has(external_id)).map(({ id }) => id),
  }
}

class DryRunRollback extends Error {
  readonly result: MergeResult

  constructor(result: MergeResult) {
    super('A dry run is rolled back.')
    this.result = result
  }
}

interface MergeResult {
  changes: LeadChange[]
  /** External ids of leads that have changed since they were read. */
  moved: Set<string>
}

async function mergeUnmoved(
  { db, is_dry_run, now, source_precedence = [] }: RemapOptions,
  rows: readonly Stored[],
  items: readonly ImportItem[],
): Promise<MergeResult> {
  const origin: Provenance = { ...REMAP_PROVENANCE, source_precedence, at: now() }
  const companies = items.flatMap(({ company }) => (company ? [company] : []))
  // Committed before, as in an import: within the transaction a new company would block other writers. A dry run
  // creates none.
  const committed_ids = is_dry_run ? null : await getStatements(db).ensureCompanies(db, companies, origin)
  try {
    return await withTransaction(db, async (trx) => {
      const { moved, deleted } = await findMoved(trx, rows)
      await attachSourceStates(trx, rows)
      const known = new Map(rows.map((row) => [row.external_id, row]))
      for (const external_id of [...moved, ...deleted]) known.delete(external_id)
      const company_ids = committed_ids ?? (await getStatements(trx).ensureCompanies(trx, companies, origin))
      const unmoved = items.filter(({ lead }) => known.has(lead.external_id))
      const changes = await applyItems(trx, unmoved, { known, company_ids }, origin, 'merge')
      if (is_dry_run) throw new DryRunRollback({ changes, moved })
      return { changes, moved }
    })
  } catch (error) {
    if (error instanceof DryRunRollback) return error.result
    throw error
  }
}

/**
 * Locks the leads and returns the external ids of those whose last import is not the one that was read: their raw_data is
 * newer than ours. A lead that was deleted or merged needs nothing.
 */
async function findMoved(trx: Db, rows: readonly Stored[]): Promise<{ moved: Set<string>; deleted: Set<string> }> {
  const read = new Map(rows.map((row) => [row.id, row]))
  const moved = new Set<string>()
  const deleted = new Set<string>()
  for (const ids of chunkRows(trx, [...read.keys()], 1)) {
    const query = trx.kysely
      .selectFrom('sales_leads')
      .select(['id', 'import_hashes', 'is_deleted'])
      .where('id', 'in', ids)
      .orderBy('id')
    for (const { id, import_hashes, is_deleted } of await selectForUpdate(trx, query)) {
      const row = read.get(id)
      if (row && is_deleted) deleted.add(row.external_id)
      else if (row && row.import_hashes !== import_hashes) moved.add(row.external_id)
    }
  }
  return { moved, deleted }
}
