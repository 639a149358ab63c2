import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import type { IdentityHash } from '../duplicates/tombstones.ts'
import {
  applyItems,
  countNewAndDuplicate,
  findExistingRows,
  type ImportItem,
  type OnDuplicate,
} from '../ingest/apply-items.ts'
import { writeBisecting } from '../ingest/bisect.ts'
import type { CompanyCache } from '../ingest/company-cache.ts'
import { insertRejections } from '../ingest/insert-rejections.ts'
import { addMatchCounts } from '../ingest/match-counts.ts'
import type { Provenance } from '../ingest/provenance.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'
import type { ExistingLead } from '../ingest/statements/types.ts'
import type { Log } from '../log.ts'
import { countFilled } from '../mapping/fill-rates.ts'
import type { Json } from '../model/fields.ts'
import type { UnreadValue } from '../model/mapped-item.ts'
import type { SyncProgress } from '../model/sync-range.ts'
import type { NewRejection } from '../model/sync-rejection.ts'
import { advanceCheckpoint, type PageCounts, setSyncMetadata } from './checkpoint.ts'
import { getFillRates } from './fill-rate-warnings.ts'
import type { Lease } from './lease.ts'
import { getMatchCounts } from './sync-matches.ts'
import { countUnreadValues } from './unread-values.ts'

/** An item mapped to a lead, or rejected with a reason. `isJsonString`: `raw` is a JSON string of the item's text. */
export type PageItem = ({ lead: ImportItem } | { reason: string; isJsonString?: boolean }) & {
  raw: string
  /** Values that the mapping could not read. */
  unread?: readonly UnreadValue[] | undefined
}

export interface PageWriteContext {
  db: Db
  origin: () => Provenance
  on_duplicate: OnDuplicate
  log: Log
  /** Kept from page to page, so that a company is queried once. */
  companies?: CompanyCache
  /** Renewed by each page. */
  lease?: Lease | null
  /** If it was read before the first page. */
  identityHash?: Promise<IdentityHash> | undefined
}

/**
 * Writes one page in one transaction: checkpoint, leads, sources, events, rejections and counters are committed
 * together. Returns the sync after the page. An item that the database refuses becomes a rejection; the rest of its
 * page is kept.
 * @throws ConcurrentSyncError if another consumer has written the page
 */
export async function writePage(
  context: PageWriteContext,
  sync: SyncProgress,
  dataset_id: string,
  items: readonly PageItem[],
  /** Leads with the external ids of the items, if they were looked up just before; a retry looks them up again. */
  found: readonly ExistingLead[] | null = null,
): Promise<SyncProgress> {
  let known = found
  return writeBisecting(context.db, sync, items, {
    write: (state, rows) =>
      retryPageOnConflict(context, sync, () => {
        const attempt = writePageOnce(context, state, dataset_id, rows, known)
        known = null
        return attempt
      }),
    onRefused: (state, item, error) => writePage(context, state, dataset_id, [toRejectedItem(item, error)]),
    onSplit: (rows, error) =>
      context.log.warn('The database refused a page; looking for the item that causes it', {
        run_id: sync.run_id,
        dataset_id,
        items: rows.length,
        error,
      }),
  })
}

/**
 * Other consumers may write the same leads at the same time. Each conflict is about a lead that the next attempt finds, so
 * conflicts end; eight attempts were too few for two pages of a thousand items with forty leads in common.
 */
const PAGE_ATTEMPTS_MAX = 100

export const retryPageOnConflict = <Result>(
  { db, companies, log }: PageWriteContext,
  { run_id }: Pick<SyncProgress, 'run_id'>,
  write: () => Promise<Result>,
): Promise<Result> =>
  retryOnConflict(db, write, {
    attempts_max: PAGE_ATTEMPTS_MAX,
    onRetry: (attempt, kind) => {
      // One of the companies may be what is missing.
      if (kind !== 'unique') companies?.clear()
      log.debug('A write conflict is retried', { run_id, attempt, kind })
    },
  })

/** Turns a lead that the database refuses into a rejection, and a rejection that it refuses into one with its JSON as text. */
function toRejectedItem(item: PageItem, error: Error): PageItem {
  if ('lead' in item) return { raw: item.raw, reason: `The database refused it: ${error.message}`, unread: item.unread }
  // The text is harmless, so the item is not the cause.
  if (item.isJsonString) throw error
  // SQLite accepts JSON of 1,000 levels, PostgreSQL as many as its stack permits. A JSON string of the text has one.
  return {
    raw: JSON.stringify(item.raw),
    reason: `${item.reason} (kept as a text: ${error.message})`,
    isJsonString: true,
    unread: item.unread,
  }
}

/** The leads and rejections of a page, and the checkpoint after it. */
export interface SplitPage {
  leads: ImportItem[]
  rejections: NewRejection[]
  next: { dataset_offsets: Record<string, number>; metadata: Record<string, Json> }
}

export function splitPage(sync: SyncProgress, dataset_id: string, items: readonly PageItem[]): SplitPage {
  const offset = sync.dataset_offsets?.[dataset_id] ?? 0
  const leads: ImportItem[] = []
  const rejections: NewRejection[] = []
  items.forEach((item, index) => {
    if ('lead' in item) leads.push(item.lead)
    else
      rejections.push({
        run_id: sync.run_id,
        actor_id: sync.actor_id,
        dataset_id,
        item_offset: offset + index,
        reason: item.reason,
        raw_data: item.raw,
      })
  })
  const mapped = leads.map((lead) => ({ outcome: 'lead' as const, ...lead }))
  const rates = countFilled(mapped, getFillRates(sync)) as unknown as Json
  return {
    leads,
    rejections,
    next: {
      dataset_offsets: { ...sync.dataset_offsets, [dataset_id]: offset + items.length },
      metadata: { ...sync.metadata, fill_rates: rates, ...countUnreadValues(sync, items) },
    },
  }
}

/** Returns the sync after a page. */
export function advanceSync(
  sync: SyncProgress,
  { next }: Pick<SplitPage, 'next'>,
  counts: PageCounts,
  at: Date,
): SyncProgress {
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

async function writePageOnce(
  { db, origin: originNow, on_duplicate, companies, lease = null }: PageWriteContext,
  sync: SyncProgress,
  dataset_id: string,
  items: readonly PageItem[],
  found: readonly ExistingLead[] | null,
): Promise<SyncProgress> {
  const origin = { ...originNow(), dataset_id }
  const parts = splitPage(sync, dataset_id, items)
  const { leads, rejections, next } = parts
  const lookups = await findExistingRows(db, leads, origin, companies, found)
  const { created, duplicates } = countNewAndDuplicate(leads, lookups)
  const counts: PageCounts = {
    total_records: items.length,
    synced_records: created,
    duplicate_records: duplicates,
    failed_records: rejections.length,
  }
  await withTransaction(db, async (trx) => {
    await advanceCheckpoint(trx, sync, counts, { ...next, at: origin.at, actor: origin.actor, lease })
    await applyItems(trx, leads, lookups, origin, on_duplicate)
    await insertRejections(trx, rejections, origin)
    const matches = addMatchCounts(getMatchCounts(sync), [lookups.match_counts])
    if (matches === null) return
    next.metadata = { ...next.metadata, matches: matches as unknown as Json }
    await setSyncMetadata(trx, sync, next.metadata)
  })
  return advanceSync(sync, parts, counts, origin.at)
}
