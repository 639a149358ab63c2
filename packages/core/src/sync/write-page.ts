import type { CompanyMemory } from '../companies/memory.ts'
import { type Db, transaction } from '../database/engine.ts'
import type { Origin } from '../database/ingest.ts'
import type { Json } from '../entity.ts'
import {
  countItems,
  type ImportItem,
  importLeads,
  type Lookups,
  lookUp,
  type OnDuplicate,
  planNewLeads,
} from '../leads/import-leads.ts'
import type { Log } from '../log.ts'
import { fillRates } from '../mapping/fill-rates.ts'
import { insertRejections, type NewRejection } from '../rejections/insert.ts'
import type { Sync } from '../syncs/entity.ts'
import { advanceCheckpoint, CheckpointMovedError, type PageCounts } from './checkpoint.ts'
import { fillRatesOf } from './fill-warnings.ts'

/** An item on its way: mapped to a lead, or refused with a reason. `isText`: `raw` is a JSON string of the item's text. */
export type PageItem = ({ lead: ImportItem } | { reason: string; isText?: boolean }) & { raw: string }

export interface PageWriter {
  db: Db
  origin: () => Origin
  on_duplicate: OnDuplicate
  log: Log
  /** Kept from page to page, so that a company is asked for once. */
  companies?: CompanyMemory
}

const ATTEMPTS_MAX = 8

/** What was looked up of a page while another was written. */
export interface LookAhead {
  lookups: Promise<Lookups>
  /** Leads of both pages: what was seen of them may be older than that other page. */
  shared: string[]
}

/**
 * Looks up what a page needs to know while the page `before` it is being written: on one connection the server does it
 * right after that, without a round trip between them (6% of a page's time). Undefined where pages are transactions of
 * several statements, which a company that is filled meanwhile could deadlock.
 */
export function lookAhead(
  { db, origin, companies }: PageWriter,
  items: readonly PageItem[],
  before: readonly PageItem[],
): LookAhead | undefined {
  if (!db.engine.ingest.insertPage) return undefined
  const written = new Set(leadsOf(before).map(({ lead }) => lead.external_id))
  const leads = leadsOf(items)
  const shared = new Set(leads.map(({ lead }) => lead.external_id).filter((id) => written.has(id)))
  const lookups = lookUp(db, leads, origin(), companies)
  // Awaited when the page's turn comes; until then a failure must not count as unhandled.
  lookups.catch(() => {})
  return { lookups, shared: [...shared] }
}

async function lookedUp(db: Db, { lookups, shared }: LookAhead, origin: Origin): Promise<Lookups> {
  const { known, company_ids } = await lookups
  if (shared.length === 0) return { known, company_ids }
  const found = await db.engine.ingest.findLeads(db, origin.provider_name, shared)
  return { known: new Map([...known, ...found.map((lead) => [lead.external_id, lead] as const)]), company_ids }
}

const leadsOf = (items: readonly PageItem[]): ImportItem[] => items.flatMap((item) => ('lead' in item ? item.lead : []))

/**
 * Writes one page in one transaction: checkpoint, leads, sources, events, rejections and counters stand or fall
 * together. Returns the sync as it stands after it. A page that the database refuses is halved until the one item at
 * fault stands alone; that becomes a rejection, the rest lands.
 * `ahead` is what {@link lookAhead} found out for these very items.
 * @throws CheckpointMovedError when another consumer was first
 */
export async function writePage(
  writer: PageWriter,
  sync: Sync,
  dataset_id: string,
  items: readonly PageItem[],
  ahead?: LookAhead,
): Promise<Sync> {
  try {
    return await writeWhole(writer, sync, dataset_id, items, ahead)
  } catch (error) {
    if (error instanceof CheckpointMovedError || writer.db.engine.classifyError(error) !== 'data') throw error
    writer.log.warn('The database refused a page; looking for the item at fault', {
      run_id: sync.run_id,
      dataset_id,
      items: items.length,
      error: (error as Error).message,
    })
    if (items.length > 1) {
      const middle = items.length >> 1
      const half = await writePage(writer, sync, dataset_id, items.slice(0, middle))
      return writePage(writer, half, dataset_id, items.slice(middle))
    }
    return writePage(
      writer,
      sync,
      dataset_id,
      items.map((item) => refused(item, error as Error)),
    )
  }
}

/** What is left of a lead that the database refuses: a rejection; of a rejection that it refuses: its JSON as a text. */
function refused(item: PageItem, error: Error): PageItem {
  if ('lead' in item) return { raw: item.raw, reason: `The database refused it: ${error.message}` }
  // Once more would be no different: then the fault is not the item's.
  if (item.isText) throw error
  // SQLite takes JSON of 1,000 levels, PostgreSQL as much as its stack holds. A JSON string of the same text has one.
  return { raw: JSON.stringify(item.raw), reason: `${item.reason} (kept as a text: ${error.message})`, isText: true }
}

/** A concurrent writer that was first, or a deadlock, is met by looking again: the second look sees its rows. */
async function writeWhole(
  writer: PageWriter,
  sync: Sync,
  dataset_id: string,
  items: readonly PageItem[],
  ahead?: LookAhead,
): Promise<Sync> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await writeOnce(writer, sync, dataset_id, items, attempt === 1 ? ahead : undefined)
    } catch (error) {
      const kind = writer.db.engine.classifyError(error)
      const isRace = kind === 'unique' || kind === 'foreign_key' || isDeadlock(error)
      if (!isRace || attempt >= ATTEMPTS_MAX) throw error
      writer.companies?.forget()
      writer.log.debug('A concurrent writer was first; writing the page again', { run_id: sync.run_id, attempt, kind })
    }
  }
}

const isDeadlock = (error: unknown): boolean => {
  const { code } = error as { code?: unknown }
  return code === '40P01' || code === '40001' || code === 'ER_LOCK_DEADLOCK'
}

async function writeOnce(
  { db, origin: originNow, on_duplicate, companies }: PageWriter,
  sync: Sync,
  dataset_id: string,
  items: readonly PageItem[],
  ahead: LookAhead | undefined,
): Promise<Sync> {
  const origin = { ...originNow(), dataset_id }
  const offset = sync.dataset_offsets?.[dataset_id] ?? 0
  const leads: ImportItem[] = []
  const rejections: NewRejection[] = []
  items.forEach((item, index) => {
    if ('lead' in item) leads.push(item.lead)
    else
      rejections.push({
        ...{ run_id: sync.run_id, actor_id: sync.actor_id, dataset_id, item_offset: offset + index },
        ...{ reason: item.reason, raw_data: item.raw },
      })
  })
  const lookups = await (ahead ? lookedUp(db, ahead, origin) : lookUp(db, leads, origin, companies))
  const { created, duplicates } = countItems(leads, lookups)
  const counts: PageCounts = {
    total_records: items.length,
    synced_records: created,
    duplicate_records: duplicates,
    failed_records: rejections.length,
  }
  const dataset_offsets = { ...sync.dataset_offsets, [dataset_id]: offset + items.length }
  const mapped = leads.map((lead) => ({ outcome: 'lead' as const, ...lead }))
  const metadata = { ...sync.metadata, fill_rates: fillRates(mapped, fillRatesOf(sync)) as unknown as Json }
  const created_leads = db.engine.ingest.insertPage ? planNewLeads(leads, lookups, origin, on_duplicate) : null
  if (db.engine.ingest.insertPage && created_leads) {
    const page = { sync, counts, next: { dataset_offsets, metadata }, leads: created_leads, rejections }
    if (!(await db.engine.ingest.insertPage(db, page, origin))) throw new CheckpointMovedError(sync.run_id)
  } else {
    await transaction(db, async (trx) => {
      await advanceCheckpoint(trx, sync, counts, { dataset_offsets, metadata, at: origin.at, actor: origin.actor })
      await importLeads(trx, leads, lookups, origin, on_duplicate)
      await insertRejections(trx, rejections, origin)
    })
  }
  return {
    ...sync,
    sync_status: 'syncing',
    dataset_offsets,
    metadata,
    last_sync_at: origin.at.toISOString(),
    next_offset: sync.next_offset + counts.total_records,
    total_records: sync.total_records + counts.total_records,
    synced_records: sync.synced_records + counts.synced_records,
    duplicate_records: sync.duplicate_records + counts.duplicate_records,
    failed_records: sync.failed_records + counts.failed_records,
  }
}
