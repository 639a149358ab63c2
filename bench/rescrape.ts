import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { rescrapePages } from '../test/database/rescrape-pages.ts'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { describeMachine } from './machine.ts'
import { printTable, round } from './measure.ts'
import { readOptions } from './read-options.ts'

/**
 * `npm run bench:rescrape [-- --pages 10000 --json]`: what months of re-scraped pages cost one PostgreSQL connection.
 * Every page has another number of items. Exit code 1 with more than 100 prepared statements, or with memory that grew by
 * more than a tenth from the first tenth of the pages to the last.
 */
const values = readOptions(import.meta.filename, {
  pages: { type: 'string', default: '10000' },
  json: { type: 'boolean', default: false },
})
const STATEMENTS_MAX = 100
const GROWTH_MAX = 1.1
const READINGS = 10

const directory = await makeBenchDirectory()
const server = await startPostgres(directory)
try {
  const url = server.url('postgres')
  await migrateUp(url)
  const db = await openDatabase(url, { connections_max: 1 })
  const used = await rescrapePages(db, Number(values.pages), READINGS, (reading) =>
    process.stderr.write(`${JSON.stringify(reading)}\n`),
  )
  await db.close()
  if (values.json) console.log(JSON.stringify({ machine: describeMachine(), used }))
  else {
    console.log(describeMachine())
    printTable([
      ['pages', 'prepared statements', 'memory of the backend, MB'],
      ...used.map(({ pages, prepared_statements, memory_bytes }) => [
        pages.toLocaleString('en'),
        prepared_statements,
        round(memory_bytes / 1e6).toFixed(2),
      ]),
    ])
  }
  const growth = (used.at(-1)?.memory_bytes ?? 0) / (used[0]?.memory_bytes ?? 1)
  if (growth > GROWTH_MAX || used.some(({ prepared_statements: count }) => count > STATEMENTS_MAX)) process.exitCode = 1
} finally {
  await server.stop()
  await removeBenchDirectory(directory)
}
