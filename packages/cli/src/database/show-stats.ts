import { databaseStats } from '@leads/core/database/maintenance'
import { getStats } from '@leads/core/stats/get'
import { bytes, number } from '../output/format.ts'
import { note, print, printJson } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { withDatabase } from '../session.ts'

const FIRST = 10
/** From here on a rebuild gives back a noticeable part of a table. */
const DEAD_SHARE_MAX = 0.2

export async function showStats({ json }: { json?: boolean }): Promise<void> {
  const { database, stats } = await withDatabase(async (db) => ({
    database: await databaseStats(db),
    stats: await getStats(db),
  }))
  if (json) {
    printJson({ ...database, leads: stats })
    return
  }
  const right = { align: 'right' } as const
  print(
    renderTable(
      [
        ...[{ head: 'table' }, { head: 'rows', ...right }, { head: 'table size', ...right }],
        ...[
          { head: 'indexes', ...right },
          { head: 'dead', ...right },
        ],
      ],
      database.tables.map(({ table, rows, table_bytes, index_bytes, dead_share }) => [
        ...[table, number(rows), bytes(table_bytes), bytes(index_bytes)],
        dead_share === null ? '' : `${Math.round(dead_share * 100)}%`,
      ]),
    ),
  )
  if (database.total_bytes !== null) print('', `All: ${bytes(database.total_bytes)}`)
  if (database.tables.some(({ dead_share }) => (dead_share ?? 0) > DEAD_SHARE_MAX))
    note('Deleted rows take much of a table: `leads db reindex` gives their room back.')
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
