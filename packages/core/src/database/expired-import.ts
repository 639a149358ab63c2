import type { ImportBatch } from '../model/import-batch.ts'
import { Problem } from '../problem.ts'
import type { Db } from './engine.ts'
import { readTaskState } from './task-state.ts'

/** Row of `task_states`: the clean-up has removed a part of what undo reads of an import. It goes with the import. */
export const expiredImport = (id: number): string => `expired-import:${id}`

/**
 * Call it in the transaction that has changed the import, because the clean-up locks it.
 * @throws Problem conflict if the clean-up has begun to remove it
 */
export async function assertNotExpired(trx: Db, { id, import_batch_id }: ImportBatch): Promise<void> {
  if ((await readTaskState(trx, expiredImport(id))) === undefined) return
  throw new Problem(
    'conflict',
    `Import ${import_batch_id} is too old to be undone: the clean-up has begun to remove what it had changed.`,
  )
}
