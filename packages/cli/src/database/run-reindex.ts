import { finishReindex, maintainedTables, reindexTable } from '@leads/core/database/maintenance'
import { formatSeconds, pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'

export async function runReindex({ json }: { json?: boolean }): Promise<void> {
  const started = performance.now()
  await withDatabase((db) =>
    withInterrupt('Earlier tables are rebuilt. Run the command again to rebuild all tables.', async (signal) => {
      for (const table of maintainedTables) {
        signal.throwIfAborted()
        if (!json) printNote(`  ${table}`)
        await reindexTable(db, table)
      }
      signal.throwIfAborted()
      await finishReindex(db)
    }),
  )
  const duration_ms = Math.round(performance.now() - started)
  if (json) printJson({ tables: maintainedTables, duration_ms })
  else print(`Rebuilt the indexes of ${pluralize(maintainedTables.length, 'table')} in ${formatSeconds(duration_ms)}.`)
}
