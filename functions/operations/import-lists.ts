import type { Db } from '@leads/core/database/engine'
import type { ListDefinition } from '@leads/core/lists/definition'
import { type ListInput, type ListResult, listRows } from '@leads/core/lists/list-page'
import { BatchStatus, ImportBatch, ImportRejection } from '@leads/core/model/import-batch'
import { sql } from 'kysely'

/** The lists of imports and of their rejected records. */

export const importListDefinition: ListDefinition = {
  table: 'import_batches',
  filters: { batch_status: BatchStatus.options, file_name: 'text', created_by: 'text', created_at: 'time' },
  sorts: { id: { kind: 'integer' }, created_at: { kind: 'time' } },
  default_sort: '-id',
  has_soft_delete: false,
  has_search: false,
}

export const importRejectionListDefinition: ListDefinition = {
  table: 'import_rejections',
  filters: { reason: 'text' },
  sorts: { record_number: { kind: 'integer' } },
  default_sort: 'record_number',
  has_soft_delete: false,
  has_search: false,
}

const batchColumns = ImportBatch.columns
const rejectionColumns = ImportRejection.columns

export const listImports = (db: Db, input: ListInput): Promise<ListResult<ImportBatch>> =>
  listRows<ImportBatch>(db, importListDefinition, batchColumns, input)

/** Lists the rejected records of an import in file order, after a record if one is given. */
export function listRejectedRecords(
  db: Db,
  import_batch_id: string,
  after_record: number,
  input: ListInput,
): Promise<ListResult<ImportRejection>> {
  const conditions = [sql`import_batch_id = ${import_batch_id}`, sql`record_number > ${after_record}`]
  const scope = ['import', import_batch_id, after_record]
  return listRows<ImportRejection>(db, importRejectionListDefinition, rejectionColumns, input, conditions, scope)
}
