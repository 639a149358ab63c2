import type { KeptLead } from '@leads/core/file-imports/undo/undo-import'
import { withBackend } from '../backend/with-backend.ts'
import { formatNumber, pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'

const KEPT_LEADS_MAX = 500

export async function runUndo(import_batch_id: string, { json }: { json?: boolean }): Promise<void> {
  const result = await withBackend(async (backend) => {
    const { batch } = await backend.getImport(import_batch_id)
    return withInterrupt('Run the same command again to finish the undo.', async (signal) => {
      const progress = await startProgress('undoing', batch.synced_records + batch.updated_records, 'leads')
      try {
        return await backend.undoImport(import_batch_id, signal, ({ deleted, reverted, kept }) =>
          progress.update(deleted + reverted + kept, deleted + reverted + kept),
        )
      } finally {
        progress.stop()
      }
    })
  })
  const { kept } = result
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
