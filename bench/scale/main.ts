import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { startPostgres, type TestServer } from '../../test/setup/postgres-server.ts'
import { countFilledLeads, fillLeads } from '../fill.ts'
import { connectBench } from '../ingest/postgres.ts'
import { startLatencyProxy } from '../latency-proxy.ts'
import { describeMachine } from '../machine.ts'
import { printBars, printTable, round } from '../measure.ts'
import { measureStep, type StepFigures } from './measure-step.ts'

const HELP = `npm run bench:scale -- [options]

How each cost grows with the number of leads: one PostgreSQL database that is filled further at each step, 1 ms away.

  --steps A,B,C    numbers of leads (default 100000,1000000; all of them: 100000,1000000,3000000,10000000)
  --directory DIR  where the database and the figures are kept (default bench-scale). The steps that are done there are
                   not measured again. 10 million leads take 40 GB.
  --latency-ms N   round trip to the database, in addition to that of this machine (default 1)
  --items N        items of the import that is measured (default 20000)
  --seconds N      how long each call is measured (default 2)
  --depth N        the deep page (default 2000)
  --json           prints one JSON object as the last line
`

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '100000,1000000' },
    directory: { type: 'string', default: 'bench-scale' },
    'latency-ms': { type: 'string', default: '1' },
    items: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '2' },
    depth: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

/** What is kept between calls: the leads in the database, and the figures of each step. */
interface Progress {
  filled: number
  steps: Record<string, StepFigures>
}

const directory = resolve(values.directory)
const progressFile = join(directory, 'progress.json')
const steps = values.steps.split(',').map(Number)
await mkdir(directory, { recursive: true })
// PostgreSQL refuses to run as root, so another user must be able to get in.
await chmod(directory, 0o755)
const progress: Progress = await readFile(progressFile, 'utf8').then(
  (text) => JSON.parse(text) as Progress,
  () => ({ filled: 0, steps: {} }),
)
console.log(describeMachine())
const server = await startPostgres(directory, {
  durable: true,
  keeps_data: true,
  settings: ['shared_buffers=2GB', 'max_wal_size=4GB', 'maintenance_work_mem=1GB'],
})
const proxy = await startLatencyProxy(server.port, Number(values['latency-ms']))
const simulator = await spawnApifySimulator()
try {
  for (const leads of steps) {
    if (progress.steps[leads]) continue
    if (leads < progress.filled)
      throw new Error(`The database has ${progress.filled} leads already: remove ${directory}.`)
    await fill(server, leads)
    const url = (port: number): string => server.url('scale').replace(`:${server.port}/`, `:${port}/`)
    progress.steps[leads] = await measureStep({
      leads,
      url: url(proxy.port),
      direct_url: url(server.port),
      simulator,
      items: Number(values.items),
      seconds: Number(values.seconds),
      depth: Number(values.depth),
    })
    await save()
  }
} finally {
  await simulator.close()
  await proxy.close()
  await server.stop()
}
printGrowth()
if (values.json) console.log(JSON.stringify({ machine: describeMachine(), steps: progress.steps }))

function save(): Promise<void> {
  return writeFile(progressFile, JSON.stringify(progress, null, 2))
}

async function fill({ url }: TestServer, leads: number): Promise<void> {
  if (progress.filled === 0) {
    const admin = connectBench(url('postgres'))
    await admin.unsafe('drop database if exists scale')
    await admin.unsafe('create database scale')
    await admin.end()
  }
  await migrateUp(url('scale'))
  if (progress.filled < leads) {
    const started = performance.now()
    const sql = connectBench(url('scale'))
    await fillLeads(sql, leads, { from: progress.filled, page_interval: '1 hour' })
    await countFilledLeads(url('scale'))
    await sql.unsafe('vacuum analyze')
    await sql.end()
    console.log(`Filled to ${leads.toLocaleString('en')} leads in ${round((performance.now() - started) / 1000, 0)} s`)
  }
  progress.filled = leads
  await save()
}

/** A table of the costs, and a bar for how often the first step's the last one's is. */
function printGrowth(): void {
  const measured = steps.flatMap((leads) => progress.steps[leads] ?? [])
  const [first] = measured
  if (!first) return
  const names = Object.keys(first.costs)
  const costOf = ({ costs }: StepFigures, name: string): number => costs[name] ?? Number.NaN
  const growthOf = (figures: StepFigures, name: string): number => costOf(figures, name) / costOf(first, name)
  console.log()
  printTable([
    ['', ...measured.map(({ leads }) => `${leads.toLocaleString('en')} leads`), ...measured.slice(1).map(() => '×')],
    ...names.map((name) => [
      name,
      ...measured.map((figures) => round(costOf(figures, name))),
      ...measured.slice(1).map((figures) => round(growthOf(figures, name))),
    ]),
  ])
  for (const figures of measured.slice(1)) {
    console.log(`\n${figures.leads.toLocaleString('en')} leads over ${first.leads.toLocaleString('en')}`)
    printBars(
      names.map((name): [string, number] => [name, growthOf(figures, name)]),
      4,
    )
  }
}
