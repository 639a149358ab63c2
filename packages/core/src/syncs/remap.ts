import { type Db, withTransaction } from '../database/engine.ts'
import { jsonColumnText } from '../database/json-column-text.ts'
import type { ImportItem, LeadChange } from '../ingest/apply-items.ts'
import { applyItems } from '../ingest/apply-items.ts'
import type { Provenance } from '../ingest/provenance.ts'
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
  actor_id?: string
  run_id?: string
  /** Writes nothing, and says what would change. */
  is_dry_run: boolean
  /** Asked between batches; true stops, with everything so far written. */
  shouldStop?: () => boolean
  onProgress?: (result: RemapResult) => void
}

export interface RemapResult {
  leads_read: number
  leads_changed: number
  /** How many leads changed in each column. */
  fields: Record<string, number>
  /** Leads whose item today's mapping would refuse; they stay as they are. */
  now_rejected: number
  rejections: ReplayResult
  is_finished: boolean
}

/** Who changes what a new mapping changes; the actor of the events. */
export const REMAP_AUTHOR = 'remap'

type Stored = ExistingLead & { actor_id: string | null; actor_name: string | null; raw_text: string | null }

/**
 * Maps the stored items of leads once more, with today's mapping, and merges the outcome as an import would: what people
 * edited stays. Then tries the rejections again. Batch by batch, each its own transaction: it may be stopped at any
 * moment, and a second time changes nothing more.
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

async function readBatch({ db, actor_id, run_id }: RemapOptions, after: number, rows_max: number): Promise<Stored[]> {
  let query = db.kysely
    .selectFrom('sales_leads')
    .leftJoin('lead_sources', 'lead_sources.lead_id', 'sales_leads.id')
    .select(['sales_leads.id', 'sales_leads.external_id', 'sales_leads.run_id', 'sales_leads.import_hashes'])
    .select(['sales_leads.is_deleted', 'sales_leads.actor_id', 'lead_sources.actor_name'])
    .select(jsonColumnText(db, 'sales_leads.raw_data').as('raw_text'))
    .where('sales_leads.source', '=', 'apify')
    .where('sales_leads.is_deleted', '=', false)
    .where('sales_leads.external_id', 'is not', null)
    .where('sales_leads.id', '>', after)
  if (actor_id !== undefined) query = query.where('sales_leads.actor_id', '=', actor_id)
  if (run_id !== undefined) query = query.where('sales_leads.run_id', '=', run_id)
  return (await query.orderBy('sales_leads.id').limit(rows_max).execute()) as Stored[]
}

async function remapBatch(options: RemapOptions, rows: readonly Stored[], result: RemapResult): Promise<void> {
  const items: ImportItem[] = []
  for (const { external_id, actor_id, actor_name, raw_text } of rows) {
    if (raw_text === null) continue
    const mapped = options.map(JSON.parse(raw_text), { actor_id, actor_name })
    if (mapped.outcome === 'rejected') result.now_rejected += 1
    // The lead stays the same lead, whatever today's mapping would call it.
    else items.push({ ...mapped, lead: { ...mapped.lead, external_id }, raw_data: raw_text })
  }
  result.leads_read += rows.length
  const changes = await mergeBatch(options, rows, items)
  result.leads_changed += new Set(changes.map(({ external_id }) => external_id)).size
  for (const { changed_fields } of changes)
    for (const field of Object.keys(changed_fields)) result.fields[field] = (result.fields[field] ?? 0) + 1
}

class DryRunRollback extends Error {
  readonly changes: LeadChange[]

  constructor(changes: LeadChange[]) {
    super('Rolled back: nothing is to be written.')
    this.changes = changes
  }
}

async function mergeBatch(
  { db, is_dry_run, now }: RemapOptions,
  rows: readonly Stored[],
  items: readonly ImportItem[],
): Promise<LeadChange[]> {
  const origin: Provenance = {
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
    at: now(),
  }
  const known = new Map(rows.map((row) => [row.external_id, row]))
  const companies = items.flatMap(({ company }) => (company ? [company] : []))
  try {
    return await withTransaction(db, async (trx) => {
      const company_ids = await getStatements(trx).ensureCompanies(trx, companies, origin)
      const changes = await applyItems(trx, items, { known, company_ids }, origin, 'merge')
      if (is_dry_run) throw new DryRunRollback(changes)
      return changes
    })
  } catch (error) {
    if (error instanceof DryRunRollback) return error.changes
    throw error
  }
}
