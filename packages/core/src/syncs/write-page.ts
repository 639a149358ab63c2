import { type DatabaseErrorKind, type Db, transaction } from '../database/engine.ts'
import { countItems, type ImportItem, importLeads, lookUp, type OnDuplicate } from '../ingest/apply-items.ts'
import type { CompanyMemory } from '../ingest/company-cache.ts'
import { insertRejections, type NewRejection } from '../ingest/insert-rejections.ts'
import type { Origin } from '../ingest/statements/types.ts'
import type { Log } from '../log.ts'
import { fillRates } from '../mapping/fill-rates.ts'
import type { Json } from '../model/fields.ts'
import type { Sync } from '../model/sync.ts'
import { advanceCheckpoint, CheckpointMovedError, type PageCounts } from './checkpoint.ts'
import { fillRatesOf } from './fill-rate-warnings.ts'

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

/**
 * Writes one page in one transaction: checkpoint, leads, sources, events, rejections and counters stand or fall
 * together. Returns the sync as it stands after it. A page that the database refuses is halved until the one item at
 * fault stands alone; that becomes a rejection, the rest lands.
 * @throws CheckpointMovedError when another consumer was first
 */
export async function writePage(
  writer: PageWriter,
  sync: Sync,
  dataset_id: string,
  items: readonly PageItem[],
): Promise<Sync> {
  try {
    return await writeWhole(writer, sync, dataset_id, items)
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

const writeWhole: typeof writeOnce = (writer, sync, dataset_id, items) =>
  lookingAgain(writer, sync, () => writeOnce(writer, sync, dataset_id, items))

/** A concurrent writer that was first, or a deadlock, is met by looking again: the second look sees its rows. */
export async function lookingAgain<Result>(
  { db, companies, log }: PageWriter,
  { run_id }: Pick<Sync, 'run_id'>,
  write: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (error) {
      const kind = db.engine.classifyError(error)
      if (!races.has(kind) || attempt >= ATTEMPTS_MAX) throw error
      companies?.forget()
      log.debug('A concurrent writer was first; looking again', { run_id, attempt, kind })
    }
  }
}

/** What a concurrent writer brings about, and what is over when the page is looked at again. */
export const races: ReadonlySet<DatabaseErrorKind> = new Set(['unique', 'foreign_key', 'deadlock'])

/** What a page is made of, and where the sync stands after it. */
export interface PageParts {
  leads: ImportItem[]
  rejections: NewRejection[]
  next: { dataset_offsets: Record<string, number>; metadata: Record<string, Json> }
}

export function pageParts(sync: Sync, dataset_id: string, items: readonly PageItem[]): PageParts {
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
  const mapped = leads.map((lead) => ({ outcome: 'lead' as const, ...lead }))
  const rates = fillRates(mapped, fillRatesOf(sync)) as unknown as Json
  return {
    ...{ leads, rejections },
    next: {
      dataset_offsets: { ...sync.dataset_offsets, [dataset_id]: offset + items.length },
      metadata: { ...sync.metadata, fill_rates: rates },
    },
  }
}

/** The sync as it stands after a page. */
export function afterPage(sync: Sync, { next }: Pick<PageParts, 'next'>, counts: PageCounts, at: Date): Sync {
  return {
    ...sync,
    ...next,
    sync_status: 'syncing',
    last_sync_at: at.toISOString(),
    next_offset: sync.next_offset + counts.total_records,
    total_records: sync.total_records + counts.total_records,
    synced_records: sync.synced_records + counts.synced_records,
    duplicate_records: sync.duplicate_records + counts.duplicate_records,
    failed_records: sync.failed_records + counts.failed_records,
  }
}

async function writeOnce(
  { db, origin: originNow, on_duplicate, companies }: PageWriter,
  sync: Sync,
  dataset_id: string,
  items: readonly PageItem[],
): Promise<Sync> {
  const origin = { ...originNow(), dataset_id }
  const parts = pageParts(sync, dataset_id, items)
  const { leads, rejections, next } = parts
  const lookups = await lookUp(db, leads, origin, companies)
  const { created, duplicates } = countItems(leads, lookups)
  const counts: PageCounts = {
    total_records: items.length,
    synced_records: created,
    duplicate_records: duplicates,
    failed_records: rejections.length,
  }
  await transaction(db, async (trx) => {
    await advanceCheckpoint(trx, sync, counts, { ...next, at: origin.at, actor: origin.actor })
    await importLeads(trx, leads, lookups, origin, on_duplicate)
    await insertRejections(trx, rejections, origin)
  })
  return afterPage(sync, parts, counts, origin.at)
}
