import { getBatch } from '@leads/core/file-imports/batch-state'
import { type KeptLead, listKept, undoImport } from '@leads/core/file-imports/undo/undo-import'
import { number, plural } from '../output/format.ts'
import { note, print, printJson } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { interruptible } from '../output/with-interrupt.ts'
import { commandActor, withDatabase } from '../with-database.ts'

const KEPT_MAX = 500

export async function runUndo(import_batch_id: string, { json }: { json?: boolean }): Promise<void> {
  const { result, kept } = await withDatabase(async (db) => {
    const { synced_records, updated_records } = await getBatch(db, import_batch_id)
    const result = await interruptible('Run the same command to finish taking it back.', async (signal) => {
      const progress = await startProgress('taking back', synced_records + updated_records, 'leads')
      const onProgress = (counts: { deleted: number; reverted: number; kept: number }) => {
        const done = counts.deleted + counts.reverted + counts.kept
        progress.update(done, done)
      }
      try {
        return await undoImport(
          { db, signal, onProgress, actor: commandActor(), now: () => new Date() },
          import_batch_id,
        )
      } finally {
        progress.stop()
      }
    })
    return { result, kept: await listKept(db, import_batch_id, KEPT_MAX) }
  })
  if (json) {
    printJson({ import_batch_id, outcome: result.outcome, ...result.counts, kept_leads: kept })
    return
  }
  if (result.outcome === 'known') {
    print(`Import ${import_batch_id} was taken back before; nothing was done.`)
  } else {
    const { deleted, reverted } = result.counts
    print(
      renderFields([
        ['deleted', `${plural(deleted, 'lead')} that it had created`],
        ['restored', `${plural(reverted, 'lead')} that it had changed`],
        ['kept', `${plural(result.counts.kept, 'lead')}, in whole or part`],
      ]),
    )
  }
  if (kept.length > 0) print('', renderKept(kept))
  if (kept.length === KEPT_MAX) note(`Only the first ${number(KEPT_MAX)} are shown.`)
}

export function renderKept(kept: readonly KeptLead[]): string {
  return renderTable(
    [{ head: 'lead', align: 'right' }, { head: 'who', shrinks: true }, { head: 'kept' }, { head: 'because' }],
    kept.map(({ lead_id, full_name, email, company_name, kept_fields, kept_reason }) => [
      ...[lead_id, full_name ?? company_name ?? email, kept_fields?.join(', ') ?? 'the whole lead', kept_reason],
    ]),
  )
}
