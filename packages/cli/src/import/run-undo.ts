import { getBatch } from '@leads/core/file-imports/batch-state'
import { type KeptLead, listKeptLeads, undoImport } from '@leads/core/file-imports/undo/undo-import'
import { formatNumber, pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { currentAuthor, withDatabase } from '../with-database.ts'

const KEPT_LEADS_MAX = 500

export async function runUndo(import_batch_id: string, { json }: { json?: boolean }): Promise<void> {
  const { result, kept } = await withDatabase(async (db) => {
    const { synced_records, updated_records } = await getBatch(db, import_batch_id)
    const result = await withInterrupt('Run the same command again to finish the undo.', async (signal) => {
      const progress = await startProgress('undoing', synced_records + updated_records, 'leads')
      const onProgress = (counts: { deleted: number; reverted: number; kept: number }) => {
        const done = counts.deleted + counts.reverted + counts.kept
        progress.update(done, done)
      }
      try {
        return await undoImport(
          { db, signal, onProgress, actor: currentAuthor(), now: () => new Date() },
          import_batch_id,
        )
      } finally {
        progress.stop()
      }
    })
    return { result, kept: await listKeptLeads(db, import_batch_id, KEPT_LEADS_MAX) }
  })
  if (json) {
    printJson({ import_batch_id, outcome: result.outcome, ...result.counts, kept_leads: kept })
    return
  }
  if (result.outcome === 'known') {
    print(`Import ${import_batch_id} was already undone. Nothing changed.`)
  } else {
    const { deleted, reverted } = result.counts
    print(
      renderFields([
        ['deleted', `${pluralize(deleted, 'lead')} that the import had created`],
        ['restored', `${pluralize(reverted, 'lead')} that the import had changed`],
        ['kept', `${pluralize(result.counts.kept, 'lead')}, in whole or part`],
      ]),
    )
  }
  if (kept.length > 0) print('', renderKeptLeads(kept))
  if (kept.length === KEPT_LEADS_MAX) printNote(`Only the first ${formatNumber(KEPT_LEADS_MAX)} are shown.`)
}

export function renderKeptLeads(kept: readonly KeptLead[]): string {
  return renderTable(
    [{ head: 'lead', align: 'right' }, { head: 'name', shrinks: true }, { head: 'kept' }, { head: 'reason' }],
    kept.map(({ lead_id, full_name, email, company_name, kept_fields, kept_reason }) => [
      lead_id,
      full_name ?? company_name ?? email,
      kept_fields?.join(', ') ?? 'the whole lead',
      kept_reason,
    ]),
  )
}
