import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import {
  applyItems,
  countNewAndDuplicate,
  type ExistingRows,
  findExistingRows,
  type ImportItem,
  type OnDuplicate,
} from '../ingest/apply-items.ts'
import { writeBisecting } from '../ingest/bisect.ts'
import { type CompanyCache, createCompanyCache } from '../ingest/company-cache.ts'
import { addMatchCounts } from '../ingest/match-counts.ts'
import type { Provenance } from '../ingest/provenance.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'
import { toFileSourceKey } from '../ingest/source-key.ts'
import { getStatements } from '../ingest/statements/registry.ts'
import type { Log } from '../log.ts'
import type { Json } from '../model/fields.ts'
import type { ColumnMatch, ImportBatch } from '../model/import-batch.ts'
import { advanceBatch, type BatchCounts } from './batch-state.ts'
import type { UnreadableCell } from './crm-fields.ts'
import { recordCompanyChanges, saveLeadSnapshots } from './import-snapshots.ts'
import type { ImportRow } from './prepare-row.ts'
import { type LeadRow, resolveRows } from './resolve-rows.ts'

export interface RowWriter {
  db: Db
  on_duplicate: OnDuplicate
  actor: string
  now: () => Date
  log: Log
  /** See {@link createTrackedCompanyCache}; one for each batch. */
  companies: CompanyCache
  source_precedence: readonly string[]
}

/** Company cache of an import. Records planned company changes before they are written, for undo. */
export const createTrackedCompanyCache = (import_batch_id: string): CompanyCache =>
  createCompanyCache(async (db, companies, origin) => {
    await recordCompanyChanges(db, import_batch_id, companies)
    return getStatements(db).ensureCompanies(db, companies, origin)
  })

/**
 * Writes a page of a file in one transaction: checkpoint, leads, sources, events, rejections and counters are committed
 * together. Returns the batch after the page. A row that the database refuses becomes a rejection; the rest of its page
 * is kept.
 * @throws ConcurrentImportError if another process has written the page
 */
export async function writeRows(
  writer: RowWriter,
  batch: ImportBatch,
  rows: readonly ImportRow[],
): Promise<ImportBatch> {
  const write = (state: ImportBatch, page: readonly ImportRow[]): Promise<ImportBatch> =>
    retryOnConflict(writer.db, () => writeOnce(writer, state, page), { onRetry: () => writer.companies.clear() })
  return writeBisecting(writer.db, batch, rows, {
    write,
    onRefused: (state, { record_number, line_number, toRaw }, error) =>
      write(state, [{ record_number, line_number, toRaw, reason: `The database refused it: ${error.message}` }]),
    onSplit: (page, error) =>
      writer.log.warn('The database refused a page; looking for the row that causes it', {
        import_batch_id: batch.import_batch_id,
        rows: page.length,
        error,
      }),
  })
}

async function writeOnce(writer: RowWriter, batch: ImportBatch, rows: readonly ImportRow[]): Promise<ImportBatch> {
  const { db, on_duplicate } = writer
  const { import_batch_id } = batch
  const at = writer.now()
  const leads = rows.filter((row): row is LeadRow => 'item' in row)
  const rejected = rows.filter((row) => 'reason' in row)
  const { by_provider, unchanged, rewritten } = await resolveRows(db, leads)
  const counts: BatchCounts = {
    total_records: rows.length,
    synced_records: 0,
    duplicate_records: unchanged,
    failed_records: rejected.length,
  }
  // The same order everywhere: two imports wait for each other instead of deadlocking.
  const pages: { items: ImportItem[]; lookups: ExistingRows; origin: Provenance }[] = []
  for (const [provider_name, items] of [...by_provider].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const origin = buildFileProvenance(writer, batch, provider_name, at)
    const lookups = await findExistingRows(db, items, origin, writer.companies)
    const { created, duplicates } = countNewAndDuplicate(items, lookups)
    counts.synced_records += created
    counts.duplicate_records += duplicates
    pages.push({ items, lookups, origin })
  }
  const column_matches = countUnreadableCells(batch.column_matches, [
    ...leads.flatMap(({ misread }) => misread),
    ...rewritten,
  ])
  let updated_records = 0
  let match_counts: ImportBatch['match_counts'] = null
  await withTransaction(db, async (trx) => {
    await advanceBatch(trx, batch, counts, at, column_matches)
    for (const { items, lookups, origin } of pages) {
      const changes = await applyItems(trx, items, lookups, origin, on_duplicate, (trx, updates) =>
        saveLeadSnapshots(
          trx,
          import_batch_id,
          updates.map(({ id }) => id),
        ),
      )
      // Also rows that changed a lead of a row before them, however the file is cut into pages.
      updated_records += changes.length
    }
    await insertImportRejections(trx, import_batch_id, rejected, at)
    const page_counts = pages.map(({ lookups }) => lookups.match_counts)
    match_counts = addMatchCounts(batch.match_counts, page_counts)
    if (updated_records > 0 || match_counts !== null)
      await trx.kysely
        .updateTable('import_batches')
        .set({ updated_records: sql<number>`updated_records + ${sql.lit(updated_records)}`, match_counts })
        .where('import_batch_id', '=', import_batch_id)
        .execute()
  })
  return {
    ...toAdvancedBatch(batch, counts),
    column_matches: column_matches ?? batch.column_matches,
    updated_records: batch.updated_records + updated_records,
    match_counts,
  }
}

const toAdvancedBatch = (batch: ImportBatch, counts: BatchCounts): ImportBatch => ({
  ...batch,
  next_record: batch.next_record + counts.total_records,
  total_records: batch.total_records + counts.total_records,
  synced_records: batch.synced_records + counts.synced_records,
  duplicate_records: batch.duplicate_records + counts.duplicate_records,
  failed_records: batch.failed_records + counts.failed_records,
})

/** Returns the columns with their counts of unread cells, or null if the page adds none. */
function countUnreadableCells(
  columns: ImportBatch['column_matches'],
  misread: readonly UnreadableCell[],
): ColumnMatch[] | null {
  if (misread.length === 0 || columns === null) return null
  return columns.map((column) => {
    const cells = misread.filter(({ header }) => header === column.header)
    const [first] = cells
    if (first === undefined) return column
    return { ...column, misread: addMisread(column.misread, cells) }
  })
}

const EXAMPLES_MAX = 3

/** Adds cells to the count of a column. Keeps the first different values as examples. */
export function addMisread(
  known: ColumnMatch['misread'],
  cells: readonly Pick<UnreadableCell, 'value'>[],
): NonNullable<ColumnMatch['misread']> {
  const values = [...(known?.examples ?? (known ? [known.example] : [])), ...cells.map(({ value }) => value)]
  const examples = [...new Set(values)].slice(0, EXAMPLES_MAX)
  return { count: (known?.count ?? 0) + cells.length, example: examples[0] ?? '', examples }
}

function buildFileProvenance(
  { actor, source_precedence }: RowWriter,
  batch: ImportBatch,
  provider_name: string,
  at: Date,
): Provenance {
  const { import_batch_id, file_name } = batch
  return {
    source: 'import',
    source_name: file_name,
    provider_name,
    actor_id: null,
    actor_name: null,
    run_id: null,
    dataset_id: null,
    import_batch_id,
    scrape_params: null,
    actor,
    at,
    source_key: toFileSourceKey(batch.column_matches, batch.import_options.source),
    observed_at: new Date(batch.created_at),
    source_precedence,
  }
}

async function insertImportRejections(
  trx: Db,
  import_batch_id: string,
  rows: readonly (ImportRow & { reason: string })[],
  created_at: Date,
): Promise<void> {
  for (const slice of chunkRows(trx, rows, 6))
    await trx.kysely
      .insertInto('import_rejections')
      .values(
        slice.map(({ record_number, line_number, reason, toRaw }) => ({
          import_batch_id,
          record_number,
          line_number,
          created_at,
          reason: reason.replaceAll('\u0000', '').toWellFormed().slice(0, 2000),
          // The text is already JSON.
          raw_data: sql<Json>`${toRaw()}`,
        })),
      )
      .execute()
}
