import { parseArgs } from 'node:util'
import { ensureApiKey } from '@leads/core/api-keys/api-keys'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import postgres from 'postgres'
import { startPostgres } from '../../test/setup/postgres-server.ts'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { fillLeads } from '../fill.ts'
import { describeMachine } from '../machine.ts'
import { median, printTable, round } from '../measure.ts'
import { encodeRequest, LoadGenerator } from './load.ts'
import { buildRequests, countRows, type RowName, rowNames, rowsMin } from './peer-requests.ts'
import {
  assertPeersInstalled,
  type PeerName,
  type PeerServer,
  peerNames,
  peerTitles,
  startPeer,
} from './peer-server.ts'

const HELP = `npm run bench:peers -- [options]

The API through the gateway of \`npm start\` against a handler written by hand (Hono and postgres.js, which checks a key
that can be revoked and writes the event of a change), PostGraphile and Platformatic, which do neither. Each in a process
of its own, on one database, in turn. Install the peers first: npm ci --prefix bench/peers

  --leads N        leads in the table (default 100000)
  --seconds N      how long each peer is asked in a round (default 1)
  --rounds N       rounds whose medians count (default 5)
  --connections A  connections at once (default 1,8,32)
  --rows A         of list, lead, deep page, history, search, update (default all)
  --peers A        of hono, postgraphile, platformatic (default all)
  --json           prints one JSON object as the last line
`

/** What the product must reach of the requests per second of a peer. */
const RATIO_MIN: Record<Exclude<PeerName, 'product'>, number> = { hono: 0.8, postgraphile: 1, platformatic: 1 }

const { values } = parseArgs({
  options: {
    leads: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '1,8,32' },
    rows: { type: 'string', default: rowNames.join() },
    peers: { type: 'string', default: peerNames.slice(1).join() },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const leads = Number(values.leads)
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const connectionCounts = values.connections.split(',').map(Number)
const rows = rowNames.filter((name) => values.rows.split(',').includes(name))
const peers = peerNames.filter((name) => name === 'product' || values.peers.split(',').includes(name))

const KEY = 'lk_bench'.padEnd(43, '0')

/** What the peers need besides our schema: an index of their order, and one that finds the middle of a word. */
const peerStatements = [
  'create extension pg_trgm',
  'create index peers_created_at on sales_leads (created_at desc, id desc)',
  'create index peers_full_name on sales_leads using gin (full_name gin_trgm_ops)',
  'create index peers_company_name on sales_leads using gin (company_name gin_trgm_ops)',
  `create function search_leads(q text) returns setof sales_leads language sql stable as $$
    select * from sales_leads
    where (full_name ilike '%' || q || '%' or company_name ilike '%' || q || '%') and not is_deleted
    order by created_at desc, id desc
  $$`,
  'vacuum analyze',
]

interface RunningPeer {
  name: PeerName
  server: PeerServer
  load: LoadGenerator
}

interface Sample {
  per_s: number
  cpu_ms: number
}

interface Cell {
  row: RowName
  connections: number
  per_s: Record<string, number>
  /** Requests per second of the product over those of the peer. */
  ratio: Record<string, number>
  /** Processor time of a peer's process for a request, over that of the product. */
  cpu_ratio: Record<string, number>
  is_within: boolean
}

async function createDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const admin = postgres(url.replace(/[^/]+$/, 'postgres'), { max: 1, onnotice: () => {} })
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  await migrateUp(url)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await fillLeads(sql, leads)
  for (const statement of peerStatements) await sql.unsafe(statement)
  await sql.end()
  const db = await openDatabase(url, { connections_max: 1 })
  await ensureApiKey(db, { name: 'bench', key: KEY, scopes: ['admin'] })
  await db.close()
}

/** Every peer's requests of a row, each checked once: a peer that answers with an error would be the fastest. */
async function prepareRow(running: readonly RunningPeer[], row: RowName): Promise<Map<PeerName, () => string>> {
  const next = new Map<PeerName, () => string>()
  for (const { name, load } of running) {
    const build = await buildRequests(name, row, { load, key: KEY, leads })
    const { status, body } = await load.request(build())
    const found = status === 200 ? countRows(body) : 0
    if (found < rowsMin[row])
      throw new Error(`${name} answered "${row}" with ${status} and ${found} rows:\n${body.slice(0, 1000)}`)
    next.set(name, build)
  }
  return next
}

async function assertKeyIsChecked({ name, load }: RunningPeer): Promise<void> {
  if (name !== 'product' && name !== 'hono') return
  const { status } = await load.request(encodeRequest({ method: 'GET', path: '/leads/1' }, `${KEY}x`))
  if (status !== 401) throw new Error(`${name} answered ${status} to a key that does not exist.`)
}

async function measure({ server, load }: RunningPeer, connections: number, next: () => string): Promise<Sample> {
  const cpu = server.readCpuMs()
  const { count, ms } = await load.run(connections, seconds, next)
  return { per_s: (count / ms) * 1000, cpu_ms: (server.readCpuMs() - cpu) / count }
}

async function measureCell(
  running: readonly RunningPeer[],
  next: ReadonlyMap<PeerName, () => string>,
  { row, connections }: { row: RowName; connections: number },
): Promise<Cell> {
  const samples = new Map<PeerName, Sample[]>(running.map(({ name }) => [name, []]))
  // Round 0 warms up.
  for (let turn = 0; turn <= rounds; turn += 1) {
    const first = turn % running.length
    for (const peer of [...running.slice(first), ...running.slice(0, first)]) {
      const sample = await measure(peer, connections, next.get(peer.name) as () => string)
      if (turn > 0) samples.get(peer.name)?.push(sample)
    }
  }
  const own = samples.get('product') ?? []
  const others = running.map(({ name }) => name).filter((name) => name !== 'product')
  const ratioTo = (name: PeerName, ratio: (own: Sample, other: Sample) => number): number =>
    round(
      median(
        own.map((sample, turn) =>
          ratio(sample, samples.get(name)?.[turn] ?? { per_s: Number.NaN, cpu_ms: Number.NaN }),
        ),
      ),
    )
  const ratio = Object.fromEntries(others.map((name) => [name, ratioTo(name, (a, b) => a.per_s / b.per_s)]))
  return {
    row,
    connections,
    per_s: Object.fromEntries(
      [...samples].map(([name, list]) => [name, Math.round(median(list.map((each) => each.per_s)))]),
    ),
    ratio,
    cpu_ratio: Object.fromEntries(others.map((name) => [name, ratioTo(name, (a, b) => b.cpu_ms / a.cpu_ms)])),
    is_within: others.every((name) => (ratio[name] ?? 0) >= RATIO_MIN[name as Exclude<PeerName, 'product'>]),
  }
}

function printCells(cells: readonly Cell[]): void {
  const others = peers.filter((name) => name !== 'product')
  printTable([
    ['', 'connections', 'requests/s', ...others.flatMap((name) => [`× ${peerTitles[name]}`, 'by processor']), ''],
    ...cells.map(({ row, connections, per_s, ratio, cpu_ratio, is_within }) => [
      row,
      connections,
      per_s.product ?? 0,
      ...others.flatMap((name) => [(ratio[name] ?? 0).toFixed(2), (cpu_ratio[name] ?? 0).toFixed(2)]),
      is_within ? 'pass' : 'FAIL',
    ]),
  ])
}

assertPeersInstalled()
console.log(describeMachine())
const directory = await makeBenchDirectory()
const postgresServer = await startPostgres(directory, { durable: true })
const running: RunningPeer[] = []
const cells: Cell[] = []
try {
  const databaseUrl = postgresServer.url('peers')
  await createDatabase(databaseUrl)
  for (const name of peers) {
    const server = await startPeer(name, { database_url: databaseUrl, key: KEY, directory })
    running.push({ name, server, load: new LoadGenerator(server.port) })
  }
  for (const peer of running) await assertKeyIsChecked(peer)
  for (const row of rows) {
    const next = await prepareRow(running, row)
    for (const connections of connectionCounts) cells.push(await measureCell(running, next, { row, connections }))
  }
} finally {
  for (const { load, server } of running) {
    load.close()
    await server.stop()
  }
  await postgresServer.stop()
  await removeBenchDirectory(directory)
}
console.log(
  `${leads.toLocaleString('en')} leads; × is the product's requests per second over the peer's, median of ${rounds} rounds;\n` +
    '"by processor" is the processor time of the peer for a request over that of the product.',
)
printCells(cells)
if (values.json) console.log(JSON.stringify({ machine: describeMachine(), leads, rounds, seconds, cells }))
if (cells.some(({ is_within }) => !is_within)) process.exitCode = 1
