import type { Database } from '@leads/core/database/engine'
import type { Tables } from '@leads/core/database/tables'
import { getStats } from '@leads/core/stats/get'
import { number } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { withDatabase } from '../session.ts'

const tables = [
  ...['sales_leads', 'companies', 'lead_sources', 'lead_events', 'apify_sync_states', 'sync_rejections'],
  ...['import_batches', 'import_rejections', 'api_keys'],
] as (keyof Tables)[]

const FIRST = 10

export async function showStats({ json }: { json?: boolean }): Promise<void> {
  const { rows, stats } = await withDatabase(async (db) => ({ rows: await countRows(db), stats: await getStats(db) }))
  if (json) {
    printJson({ rows, leads: stats })
    return
  }
  print(
    renderTable(
      [{ head: 'table' }, { head: 'rows', align: 'right' }],
      rows.map(({ table, count }) => [table, number(count)]),
    ),
  )
  if (stats.leads_count === 0) return
  for (const [head, counts] of [
    ['status', stats.by_lead_status],
    ['source', stats.by_source],
    ['country', stats.by_country],
  ] as const)
    print(
      '',
      renderTable(
        [{ head }, { head: 'active leads', align: 'right' }],
        counts.slice(0, FIRST).map(({ value, leads_count }) => [value ?? '(none)', number(leads_count)]),
      ),
    )
}

async function countRows(db: Database): Promise<{ table: string; count: number }[]> {
  const rows = []
  for (const table of tables) {
    const { count } = await db.kysely
      .selectFrom(table)
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    rows.push({ table, count: Number(count) })
  }
  return rows
}
