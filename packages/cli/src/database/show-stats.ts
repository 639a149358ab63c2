import type { IndexStats, TableStats } from '@leads/core/database/engine'
import { readDatabaseStats } from '@leads/core/database/maintenance'
import { getStats } from '@leads/core/stats/get-stats'
import { formatBytes, formatNumber } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { withDatabase } from '../with-database.ts'

const ROWS_SHOWN_MAX = 10
/** Above this share a rebuild frees a noticeable part of a table … */
const DEAD_SHARE_MAX = 0.2
/** … and above this size a noticeable part of the disk. */
const DEAD_BYTES_MIN = 8 * 1024 * 1024
/** Smaller indexes cost almost nothing, even if they are unused. */
const UNUSED_BYTES_MIN = 1024 * 1024

export async function showStats({ json }: { json?: boolean }): Promise<void> {
  const { database, stats } = await withDatabase(async (db) => ({
    database: await readDatabaseStats(db),
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
        { head: 'table' },
        { head: 'rows', ...right },
        { head: 'table size', ...right },
        { head: 'indexes', ...right },
        { head: 'dead', ...right },
      ],
      database.tables.map(({ table, rows, table_bytes, index_bytes, dead_share }) => [
        table,
        formatNumber(rows),
        formatBytes(table_bytes),
        formatBytes(index_bytes),
        dead_share === null ? '' : `${Math.round(dead_share * 100)}%`,
      ]),
    ),
  )
  if (database.total_bytes !== null) print('', `Total: ${formatBytes(database.total_bytes)}`)
  showIndexes(database.indexes)
  const bloated = database.tables.filter(isBloated).map(({ table }) => table)
  if (bloated.length > 0)
    printNote('', `Deleted rows take up a large part of ${bloated.join(', ')}. \`leads db reindex\` frees the space.`)
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
        counts.slice(0, ROWS_SHOWN_MAX).map(({ value, leads_count }) => [value ?? '(none)', formatNumber(leads_count)]),
      ),
    )
}

const isBloated = ({ table_bytes, dead_share }: TableStats): boolean =>
  (dead_share ?? 0) > DEAD_SHARE_MAX && (dead_share ?? 0) * (table_bytes ?? 0) > DEAD_BYTES_MIN

/** Shows the largest indexes and their usage; --json lists all indexes. */
function showIndexes(indexes: readonly IndexStats[]): void {
  const largest = indexes.toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0)).slice(0, ROWS_SHOWN_MAX)
  const isCounted = indexes.some(({ scans }) => scans !== null)
  const isSized = indexes.some(({ bytes: size }) => size !== null)
  if (largest.length === 0 || !isSized) {
    printNote('', 'The user of DATABASE_URL is not allowed to read the size and usage of indexes.')
    return
  }
  const right = { align: 'right' } as const
  print(
    '',
    renderTable(
      [
        { head: 'largest indexes', shrinks: true },
        { head: 'table', is_optional: true },
        { head: 'size', ...right },
        ...(isCounted ? [{ head: 'used', ...right }] : []),
      ],
      largest.map(({ index, table, bytes: size, scans }) => [
        index,
        table,
        formatBytes(size),
        ...(isCounted ? [scans === null ? '' : `${formatNumber(scans)} ×`] : []),
      ]),
    ),
  )
  if (!isCounted) printNote('This database does not count index usage.')
  const unused = indexes.filter(({ scans, bytes: size }) => scans === 0 && (size ?? 0) > UNUSED_BYTES_MIN)
  const names = unused.map(({ index }) => index).filter((index) => !/^(uq_|PRIMARY$|.*_pkey$)/.test(index))
  if (names.length > 0) printNote(`Unused since statistics were reset: ${names.join(', ')}.`)
}
