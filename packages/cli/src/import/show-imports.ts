import { withBackend } from '../backend/with-backend.ts'
import { formatNumber, formatTime } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { renderImportBatch } from './render.ts'
import { renderKeptLeads } from './run-undo.ts'

export async function showImports({ limit, json }: { limit: number; json?: boolean }): Promise<void> {
  const batches = await withBackend((backend) => backend.listImports(limit))
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

export async function showImport(import_batch_id: string, { json }: { json?: boolean }): Promise<void> {
  const { batch, reasons, kept } = await withBackend((backend) => backend.getImport(import_batch_id))
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
