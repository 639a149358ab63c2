import { getBatch, listBatches } from '@leads/core/file-imports/batch-state'
import { countRejectionReasons } from '@leads/core/file-imports/import-rejections'
import { listKeptLeads } from '@leads/core/file-imports/undo/undo-import'
import { formatNumber, formatTime } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { withDatabase } from '../with-database.ts'
import { renderImportBatch } from './render.ts'
import { renderKeptLeads } from './run-undo.ts'

export async function showImports({ limit, json }: { limit: number; json?: boolean }): Promise<void> {
  const batches = await withDatabase((db) => listBatches(db, limit))
  if (json) {
    printJson(batches)
    return
  }
  if (batches.length === 0) {
    print('No file has been imported yet. `leads import FILE.csv` imports one.')
    return
  }
  const right = { align: 'right' } as const
  print(
    renderTable(
      [
        { head: 'import', is_never_cut: true },
        { head: 'file', shrinks: true },
        { head: 'status' },
        { head: 'read', ...right },
        { head: 'new', ...right },
        { head: 'changed', ...right },
        { head: 'rejected', ...right },
        { head: 'created (UTC)' },
      ],
      batches.map((batch) => [
        batch.import_batch_id,
        batch.file_name,
        batch.batch_status,
        formatNumber(batch.total_records),
        formatNumber(batch.synced_records),
        formatNumber(batch.updated_records),
        formatNumber(batch.failed_records),
        formatTime(batch.created_at).slice(0, 16),
      ]),
    ),
  )
}

const REASONS_MAX = 20
const KEPT_LEADS_MAX = 500

export async function showImport(import_batch_id: string, { json }: { json?: boolean }): Promise<void> {
  const { batch, reasons, kept } = await withDatabase(async (db) => ({
    batch: await getBatch(db, import_batch_id),
    reasons: await countRejectionReasons(db, import_batch_id, REASONS_MAX),
    kept: await listKeptLeads(db, import_batch_id, KEPT_LEADS_MAX),
  }))
  if (json) {
    printJson({ ...batch, reasons, kept })
    return
  }
  print(renderImportBatch(batch, null), '')
  const columns = batch.column_matches ?? []
  print(
    renderTable(
      [{ head: 'column of the file' }, { head: 'read as' }],
      columns.map(({ header, column }) => [header, column ?? '(not read)']),
    ),
  )
  if (reasons.length > 0)
    print(
      '',
      renderTable(
        [
          { head: 'rows', align: 'right' },
          { head: 'reason', shrinks: true },
          { head: 'first line', align: 'right' },
        ],
        reasons.map(({ reason, count, line_number }) => [formatNumber(count), reason, line_number]),
      ),
    )
  if (kept.length > 0) print('', renderKeptLeads(kept))
}
