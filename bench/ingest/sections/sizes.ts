import { printTable, round } from '../../measure.ts'
import type { Bench } from '../bench.ts'
import { connectBench } from '../postgres.ts'
import type { Figures } from './figures.ts'

const TABLES = [
  'sales_leads',
  'lead_sources',
  'lead_events',
  'lead_identities',
  'lead_source_states',
  'lead_sightings',
  'lead_match_keys',
  'companies',
] as const
/** Columns and indexes below this are added up. MB for 100,000 leads. */
const SMALL_MB = 0.3

interface Sizes {
  rows: number
  indexes: number
  by_column: Record<string, number>
  by_index: Record<string, number>
}

/** What 100,000 leads take, in MB: table by table, which column costs what, index by index. */
export async function measureSizes(bench: Bench): Promise<Figures> {
  const sql = connectBench(bench.reference)
  const sizes: Record<string, Sizes> = {}
  try {
    const [count] = await sql`select count(*)::integer as leads from sales_leads`
    const mb = (bytes: unknown): number => round((Number(bytes) * 100_000) / (count?.leads as number) / 1024 ** 2, 1)
    for (const table of TABLES) {
      const columns = await sql`
        select column_name as name from information_schema.columns
        where table_schema = current_schema() and table_name = ${table} order by ordinal_position`
      // As stored: compressed and out of line where it is. The rest of the table are the rows' heads, nulls' bits, the
      // gaps that alignment leaves, and free space.
      const sums = columns.map(({ name }) => `coalesce(sum(pg_column_size("${name}")), 0)::float as "${name}"`)
      const [bytes = {}] = await sql.unsafe(`select ${sums.join(', ')} from ${table}`)
      const [whole] = await sql`select pg_table_size(${table}::regclass)::float as rows,
        pg_indexes_size(${table}::regclass)::float as indexes`
      const indexes = await sql`
        select indexrelid::regclass::text as name, pg_relation_size(indexrelid)::float as bytes
        from pg_index where indrelid = ${table}::regclass order by 2 desc`
      const inColumns = Object.values(bytes).reduce<number>((sum, each) => sum + Number(each), 0)
      const sorted = Object.entries(bytes).sort(([, a], [, b]) => Number(b) - Number(a))
      sizes[table] = {
        rows: mb(whole?.rows),
        indexes: mb(whole?.indexes),
        by_column: {
          ...Object.fromEntries(sorted.map(([name, each]) => [name, mb(each)])),
          'heads of rows, alignment, free space': mb(Number(whole?.rows) - inColumns),
        },
        by_index: Object.fromEntries(indexes.map((index) => [index.name as string, mb(index.bytes)])),
      }
    }
  } finally {
    await sql.end()
  }
  printSizes(sizes)
  const together = Object.values(sizes).reduce((sum, { rows, indexes }) => sum + rows + indexes, 0)
  console.log(`Together ${Math.round(together)} MB for 100,000 leads\n`)
  return { mb_for_100k_leads: Math.round(together), sizes }
}

function printSizes(sizes: Record<string, Sizes>): void {
  printTable([
    ['MB for 100,000 leads', 'rows', 'indexes'],
    ...Object.entries(sizes).map(([table, { rows, indexes }]) => [table, rows, indexes]),
  ])
  for (const [table, { by_column, by_index }] of Object.entries(sizes)) {
    console.log(`\n${table}, MB by column, then by index`)
    for (const parts of [by_column, by_index]) {
      const small = Object.values(parts).filter((size) => size < SMALL_MB)
      const large = Object.entries(parts).filter(([, size]) => size >= SMALL_MB)
      const rest =
        small.length === 0
          ? []
          : [
              [
                `  ${small.length} more`,
                round(
                  small.reduce((a, b) => a + b, 0),
                  1,
                ),
              ],
            ]
      printTable([...large.map(([name, size]) => [`  ${name}`, size]), ...rest])
    }
  }
  console.log()
}
