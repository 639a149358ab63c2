import { reindex } from '@leads/core/database/reindex'
import { plural, seconds } from '../output/format.ts'
import { note, print, printJson } from '../output/print.ts'
import { withDatabase } from '../session.ts'

export async function runReindex({ json }: { json?: boolean }): Promise<void> {
  const started = performance.now()
  const done = await withDatabase((db) => reindex(db, json ? undefined : (table) => note(`  ${table}`)))
  const duration_ms = Math.round(performance.now() - started)
  if (json) printJson({ tables: done, duration_ms })
  else print(`Indexes of ${plural(done.length, 'table')} built anew in ${seconds(duration_ms)}.`)
}
