import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { startPostgres } from '../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from './directory.ts'
import { describeMachine } from './machine.ts'
import { printTable } from './measure.ts'
import { readOptions } from './read-options.ts'

/**
 * Files in and out, with the `leads` command as people run it: a CSV file of so many rows is imported into an empty
 * database, exported, and the export imported again, which must change nothing. Whether memory grows with the file shows
 * where the sizes are compared.
 */

const values = readOptions(import.meta.filename, {
  rows: { type: 'string', multiple: true, default: ['10000', '100000', '500000'] },
  engine: { type: 'string', multiple: true, default: ['sqlite', 'postgres'] },
  /** MB that no step may pass. */
  limit: { type: 'string', default: '256' },
  /** Flags of Node for the command, e.g. to profile it. */
  'node-options': { type: 'string' },
  json: { type: 'boolean', default: false },
})

type Step = 'import' | 'export' | 'import again'

interface Figures {
  engine: string
  rows: number
  step: Step
  file_mb: number
  seconds: number
  rows_per_second: number
  peak_rss_mb: number
  /** Leads that the step made or changed. */
  changes: number | null
  is_within_limit: boolean
}

const bin = fileURLToPath(new URL('../packages/cli/bin/leads.js', import.meta.url))
const LIMIT_MB = Number(values.limit)
const directory = await makeBenchDirectory()
const figures: Figures[] = []

const header = [
  'First name',
  'Last name',
  'Job title',
  'E-mail',
  'Phone',
  'Company',
  'Website',
  'Street',
  'Postal code',
  'City',
  'Country',
  'Industry',
  'Tags',
  'Lead status',
  'Lead score',
  'Notes',
]
const countries = ['Germany', 'Spain', 'France', 'Italy', 'Austria', 'Poland', 'Portugal', 'Netherlands']
const statuses = ['New', 'Contacted', 'Qualified', 'Converted']

/** Some 300 bytes, as a lead list of a CRM has them; twenty rows a company. */
function record(number: number, companies: number): string {
  const company = number % companies
  const [first, last] = [`Ana${number % 997}`, `López-Müller ${number}`]
  return [
    first,
    last,
    `Head of Procurement ${number % 53}`,
    `ana.${number}@firm-${company}.test`,
    `+49 30 ${String(1_000_000 + number)}`,
    `"Firm ${company}, GmbH"`,
    `https://www.firm-${company}.test/about`,
    `Hauptstraße ${number % 300}`,
    String(10_000 + (number % 80_000)),
    `Stadt ${number % 400}`,
    countries[number % countries.length],
    `Industry ${number % 40}`,
    '"trade fair, newsletter"',
    statuses[number % statuses.length],
    String(number % 101),
    `"Spoke at the fair in hall ${number % 12}; asked for a ""quote"" and a call next week."`,
  ].join(',')
}

async function writeRows(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path)
  file.write(`${header.join(',')}\n`)
  const companies = Math.max(1, Math.floor(rows / 20))
  for (let start = 0; start < rows; start += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - start) }, (_, index) => record(start + index, companies))
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'close')
}

/** The most resident memory a process has had, in MB; 0 once it is gone. */
function peakMb({ pid }: ChildProcess): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

interface Ran {
  stdout: string
  seconds: number
  peak_rss_mb: number
}

async function run(database_url: string, words: readonly string[]): Promise<Ran> {
  const started = performance.now()
  const child = spawn(process.execPath, [bin, ...words], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      DATABASE_URL: database_url,
      ...(values['node-options'] === undefined ? {} : { NODE_OPTIONS: values['node-options'] }),
    },
  })
  let [stdout, stderr, peak_rss_mb] = ['', '', 0]
  const watch = setInterval(() => {
    peak_rss_mb = Math.max(peak_rss_mb, peakMb(child))
  }, 20)
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  if (code !== 0) throw new Error(`leads ${words.join(' ')} ended with ${code}: ${stderr}`)
  return { stdout, seconds: (performance.now() - started) / 1000, peak_rss_mb }
}

async function measure(engine: string, database_url: string, rows: number): Promise<void> {
  const [given, exported] = [join(directory, 'given.csv'), join(directory, 'exported.csv')]
  await writeRows(given, rows)
  const steps: { step: Step; file: string; words: string[] }[] = [
    { step: 'import', file: given, words: ['import', given, '--json'] },
    { step: 'export', file: exported, words: ['export', '-o', exported] },
    { step: 'import again', file: exported, words: ['import', exported, '--json'] },
  ]
  for (const { step, file, words } of steps) {
    const { stdout, seconds, peak_rss_mb } = await run(database_url, words)
    const batch = step === 'export' ? null : (JSON.parse(stdout) as Record<string, number>)
    const changes =
      batch === null
        ? null
        : Number(batch.synced_records) + Number(batch.updated_records) + Number(batch.failed_records)
    if (step === 'import' && changes !== rows) throw new Error(`${rows} rows gave ${changes} leads: ${stdout}`)
    const figure = {
      engine,
      rows,
      step,
      file_mb: Math.round((await stat(file)).size / 1e6),
      seconds: Number(seconds.toFixed(1)),
      rows_per_second: Math.round(rows / seconds),
      peak_rss_mb: Math.round(peak_rss_mb),
      changes,
      is_within_limit: peak_rss_mb > 0 && peak_rss_mb < LIMIT_MB,
    }
    figures.push(figure)
    console.log(`${engine}, ${rows} rows, ${step}: ${figure.seconds} s, ${figure.peak_rss_mb} MB`)
  }
  await Promise.all([given, exported].map((path) => rm(path)))
}

console.log(`${describeMachine()}\n`)
try {
  for (const engine of values.engine) {
    for (const rows of values.rows.map(Number)) {
      const home = await makeBenchDirectory()
      const server = engine === 'postgres' ? await startPostgres(home, { durable: true }) : undefined
      try {
        const databaseUrl = server ? server.url('postgres') : `sqlite:${join(home, 'leads.db')}`
        await migrateUp(databaseUrl)
        await measure(engine, databaseUrl, rows)
      } finally {
        await server?.stop()
        await removeBenchDirectory(home)
      }
    }
  }
} finally {
  await removeBenchDirectory(directory)
}
console.log()
printTable([
  ['engine', 'step', 'rows', 'file MB', 'seconds', 'rows/s', `peak RSS MB (limit ${LIMIT_MB})`, 'changes'],
  ...figures.map((row) => [
    row.engine,
    row.step,
    row.rows,
    row.file_mb,
    row.seconds,
    row.rows_per_second,
    row.peak_rss_mb,
    row.changes ?? '-',
  ]),
])
if (values.json) console.log(JSON.stringify({ bench: 'files', limit_mb: LIMIT_MB, figures }))
const isUnchanged = figures.every(({ step, changes }) => step !== 'import again' || changes === 0)
process.exitCode = isUnchanged && figures.every(({ is_within_limit }) => is_within_limit) ? 0 : 1
