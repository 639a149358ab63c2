import { noopLog } from '@leads/core/log'
import { type NormalizeResult, normalizeRows } from '@leads/core/stored-values/normalize-rows'
import { formatNumber } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'

export interface NormalizeFlags {
  dryRun?: boolean
  json?: boolean
}

export async function runNormalize({ dryRun, json }: NormalizeFlags): Promise<void> {
  const is_dry_run = dryRun ?? false
  const result = await withDatabase((db) =>
    withInterrupt('Rows already normalized are saved. Run the same command again to continue.', async (signal) => {
      const bar = await startProgress('normalizing', null, 'rows')
      try {
        return await normalizeRows({
          db,
          log: noopLog,
          now: () => new Date(),
          is_dry_run,
          // Called between pages, after a commit.
          onProgress: ({ leads_read, companies_read }) => {
            const rows = leads_read + companies_read
            bar.update(rows, rows)
            signal.throwIfAborted()
          },
        })
      } finally {
        bar.stop()
      }
    }),
  )
  if (json) printJson({ ...result, is_dry_run })
  else printResult(result, is_dry_run)
}

function printResult(result: NormalizeResult, is_dry_run: boolean): void {
  const changed = is_dry_run ? 'would change' : 'changed'
  if (result.is_continued) printNote('Continued where the last call was stopped.', '')
  print(
    renderFields([
      ['leads read', formatNumber(result.leads_read)],
      [`leads ${changed}`, formatNumber(result.leads_changed)],
      ['companies read', formatNumber(result.companies_read)],
      [`companies ${changed}`, formatNumber(result.companies_changed)],
    ]),
  )
  if (result.examples.length > 0) {
    const rows = result.examples.map(({ table, id, column, old, new: value }) => {
      const count = (table === 'leads' ? result.lead_fields : result.company_fields)[column] ?? 0
      return [`${table} ${id}`, column, formatNumber(count), formatValue(old), formatValue(value)]
    })
    const columns = [{ head: 'row' }, { head: 'column' }, { head: 'rows', align: 'right' as const }]
    print('', renderTable([...columns, { head: 'before' }, { head: 'after' }], rows))
  }
  if (is_dry_run) printNote('', 'Nothing was changed.')
}

const formatValue = (value: unknown): string => (value === null ? '-' : [value].flat().join(', '))
