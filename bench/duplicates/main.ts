import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chunkRows } from '@leads/core/database/chunk-rows'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { startPostgres } from '../../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { describeMachine } from '../machine.ts'
import { printTable, round } from '../measure.ts'
import { readOptions } from '../read-options.ts'
import { type InventedLead, inventLeads } from './invent-leads.ts'

/**
 * Duplicates: quality on labelled public data, where it is next to the project, and the time and memory of a full pass
 * and of the pass over a new page.
 */
const values = readOptions(import.meta.filename, {
  leads: { type: 'string', default: '100000' },
  engine: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
  'skip-quality': { type: 'boolean', default: false },
})
const LEADS = Number(values.leads)
const PAGE_LEADS = 1000
const data = fileURLToPath(new URL('../../../shared/identity/', import.meta.url))
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

function measureQuality(): void {
  const script = join(data, 'score-duplicates.mjs')
  if (!existsSync(script)) {
    console.warn(`\n!!! ${data} is missing: the quality of duplicates was not measured.\n`)
    return
  }
  const sets = readdirSync(data).filter((name) => name.endsWith('.csv'))
  const command = `"${process.execPath}" "${here('find-in-file.ts')}" {csv}`
  spawnSync(process.execPath, [script, '--command', command, ...sets.map((name) => join(data, name))], {
    stdio: 'inherit',
  })
}

async function insertInvented(database_url: string, leads: readonly InventedLead[], first: number): Promise<void> {
  const db = await openDatabase(database_url)
  try {
    // Longer ago than the settle time, so that a second pass does not read them again.
    const at = new Date(Date.now() - (first === 0 ? 3_600_000 : 0))
    await withTransaction(db, async (trx) => {
      const rows = leads.map(({ entity: _, ...lead }, index) => ({
        ...lead,
        source: 'import' as const,
        provider_name: 'import',
        external_id: `bench:${first + index}`,
        created_at: at,
        updated_at: at,
      }))
      for (const chunk of chunkRows(trx, rows, 16))
        await trx.kysely
          .insertInto('sales_leads')
          .values([...chunk])
          .execute()
    })
  } finally {
    await db.close()
  }
}

interface PassFigures {
  leads_read: number
  pairs_scored: number
  pairs_found: number
  seconds: number
  cpu_s: number
  rss_mb: number
}

const runPass = (kind: string, database_url: string): PassFigures =>
  JSON.parse(execFileSync(process.execPath, [here('measure-pass.ts'), kind, database_url], { encoding: 'utf8' }))

async function measurePasses(engine: string, database_url: string): Promise<(string | number)[][]> {
  await migrateUp(database_url)
  const leads = inventLeads(LEADS + PAGE_LEADS)
  await insertInvented(database_url, leads.slice(0, LEADS), 0)
  const toRow = (title: string, { seconds, cpu_s, rss_mb, leads_read, pairs_scored, pairs_found }: PassFigures) => [
    `${engine}, ${title}`,
    leads_read,
    pairs_scored,
    pairs_found,
    round(seconds),
    round(cpu_s),
    Math.round(rss_mb),
  ]
  const first = runPass('all', database_url)
  const again = runPass('all', database_url)
  await insertInvented(database_url, leads.slice(LEADS), LEADS)
  // What is younger than the settle time is read again with each pass: only the page is measured.
  const page = runPass('changed', database_url)
  return [toRow('first full pass', first), toRow('full pass again', again), toRow('page of 1,000', page)]
}

if (!values['skip-quality']) measureQuality()
console.log(`\n${describeMachine()}\n`)
const directory = await makeBenchDirectory()
const rows: (string | number)[][] = [
  ['', 'leads read', 'pairs scored', 'pairs found', 'seconds', 'CPU seconds', 'peak MB'],
]
try {
  for (const engine of values.engine) {
    if (engine === 'sqlite') {
      rows.push(...(await measurePasses(engine, `sqlite:${join(directory, 'duplicates.db')}`)))
      continue
    }
    const server = await startPostgres(directory)
    try {
      rows.push(...(await measurePasses(engine, server.url('postgres'))))
    } finally {
      await server.stop()
    }
  }
  printTable(rows)
} finally {
  await removeBenchDirectory(directory)
}
