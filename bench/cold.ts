import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { build } from 'esbuild'
import { type BundledEngine, buildFunctions, bundleOptions, root } from '../infra/build/bundle.ts'
import { describeMachine } from './machine.ts'
import { median, printTable, round } from './measure.ts'
import { readOptions } from './read-options.ts'

/**
 * `npm run bench:cold [-- --engine postgres --rounds 15 --json]`: what a cold start spends on loading each bundle, over an
 * empty module and against two yardsticks bundled with the same options: a bare middy handler that answers
 * `{ statusCode: 200 }`, and one of Hono that answers a row by postgres.js (where `npm ci --prefix bench/peers` was run).
 *
 * Each figure is the median, over the rounds, of a fresh process. A round goes through all bundles in turn and starts at
 * another one each time, so that a machine that slows down slows all of them. The empty module's time is taken off round
 * by round. Lambda adds its own part (creating the environment), and has less processor time below 1,769 MB.
 *
 * Limit: 50 ms, or twice Hono with postgres.js where that is more. Exit code 1 where it is missed.
 *
 * The AWS SDK is no part of that: it is a chunk that the webhook loads at its first message. What this takes is measured
 * next to it, with the bundle of the webhook in fresh processes and a local queue.
 */
const values = readOptions(import.meta.filename, {
  engine: { type: 'string', default: 'postgres' },
  rounds: { type: 'string', default: '15' },
  json: { type: 'boolean', default: false },
})
const engine = values.engine as BundledEngine
const rounds = Number(values.rounds)
const directory = mkdtempSync(join(tmpdir(), 'leads-cold-'))

const IMPORT_MS_MAX = 50
const OF_HONO_MAX = 2

interface Taken {
  wall_ms: number
  /** Processor time of the thread: what an idle machine would take, as far as others do not share its cores. */
  cpu_ms: number
}

/** What `import()` of a file takes in a new process. */
function timeImport(file: string): Taken {
  const script = `
    const cpu = process.threadCpuUsage(), start = performance.now()
    await import(${JSON.stringify(pathToFileURL(file).href)})
    const wall_ms = performance.now() - start, { user, system } = process.threadCpuUsage(cpu)
    console.log(JSON.stringify({ wall_ms, cpu_ms: (user + system) / 1000 }))
    process.exit()`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', AWS_REGION: 'eu-central-1', AWS_LAMBDA_FUNCTION_NAME: 'bench' },
  })
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Taken
}

interface Yardstick {
  file: string
  bytes: number
}

async function buildYardstick(name: string, contents: string, resolveDir: string): Promise<Yardstick> {
  const file = join(directory, `${name}.mjs`)
  const stdin = { contents, resolveDir }
  const { metafile } = await build({ ...bundleOptions, stdin, outfile: file, metafile: true })
  const bytes = Object.entries(metafile.outputs).find(([path]) => path.endsWith('.mjs'))?.[1].bytes ?? 0
  return { file, bytes }
}

/** Middy and nothing else. */
const buildBare = (): Promise<Yardstick> =>
  buildYardstick(
    'bare',
    `import middy from '@middy/core'
    export const handler = middy().handler(async () => ({ statusCode: 200 }))`,
    join(root, 'functions'),
  )

const PEERS = join(root, 'bench/peers')

/** What answers rows of a database with the least code. */
async function buildHono(): Promise<Yardstick | null> {
  if (!existsSync(join(PEERS, 'node_modules/hono'))) {
    console.log('NOT MEASURED beside Hono with postgres.js: run npm ci --prefix bench/peers first.')
    return null
  }
  const contents = `import { Hono } from 'hono'
    import { handle } from 'hono/aws-lambda'
    import postgres from 'postgres'
    const sql = postgres('postgres://leads@127.0.0.1:5432/leads', { max: 1 })
    const app = new Hono()
    app.get('/leads/:id', async (c) => c.json(await sql\`select * from sales_leads where id = \${c.req.param('id')}\`))
    export const handler = handle(app)`
  return buildYardstick('hono', contents, PEERS)
}

interface Answered {
  first_ms: number
  next_ms: number
}

/** How long the webhook takes to answer its first event, and the one after it, once it has been imported. */
async function timeAnswers(file: string, queue: QueueServer): Promise<Answered> {
  const secret = 'a-secret-of-at-least-16'
  const event = {
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify({ eventType: 'ACTOR.RUN.SUCCEEDED', eventData: { actorRunId: 'HG7ML7M8z78YcAPEB' } }),
    requestContext: { requestId: 'bench', http: { sourceIp: '127.0.0.1' } },
  }
  const script = `
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)})
    const answer = async () => {
      const start = performance.now(), { statusCode } = await handler(${JSON.stringify(event)})
      if (statusCode !== 202) throw new Error('answered ' + statusCode)
      return performance.now() - start
    }
    console.log(JSON.stringify({ first_ms: await answer(), next_ms: await answer() }))
    process.exit()`
  // Not execFileSync: the queue answers from this process.
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      ...localAwsEnvironment(queue.endpoint),
      PATH: process.env.PATH ?? '',
      LOG_LEVEL: 'ERROR',
      POWERTOOLS_LOG_LEVEL: 'ERROR',
      SYNC_QUEUE_URL: queue.queue_url,
      APIFY_WEBHOOK_SECRET: secret,
      AWS_LAMBDA_FUNCTION_NAME: 'bench',
    },
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Answered
}

async function measureAnswers(file: string): Promise<Answered> {
  const queue = await startQueueServer()
  try {
    const answers: Answered[] = []
    for (let turn = 0; turn < rounds; turn += 1) answers.push(await timeAnswers(file, queue))
    const middle = (of: keyof Answered) => round(median(answers.map((each) => each[of])), 1)
    return { first_ms: middle('first_ms'), next_ms: middle('next_ms') }
  } finally {
    await queue.close()
  }
}

/** Without the cost of a slow round: the differences of each round, then the middle one. */
function overEmpty(times: readonly Taken[], empty: readonly Taken[], of: keyof Taken): number {
  return median(times.map((time, index) => time[of] - (empty[index]?.[of] ?? Number.NaN)))
}

try {
  const empty = join(directory, 'empty.mjs')
  writeFileSync(empty, '')
  const bare = await buildBare()
  const hono = await buildHono()
  const bundles = await buildFunctions(engine, undefined, join(directory, 'bundles'))
  const files = [
    empty,
    bare.file,
    ...(hono ? [hono.file] : []),
    ...bundles.map((bundle) => join(bundle.directory, 'index.mjs')),
  ]
  const taken = new Map<string, Taken[]>(files.map((file) => [file, []]))
  // Once unmeasured: the first process reads the files from disk.
  for (const file of files) timeImport(file)
  for (let turn = 0; turn < rounds; turn += 1) {
    const first = turn % files.length
    for (const file of [...files.slice(first), ...files.slice(0, first)]) taken.get(file)?.push(timeImport(file))
  }
  const timesOf = (file: string) => taken.get(file) ?? []
  const over = (file: string, of: keyof Taken): number => overEmpty(timesOf(file), timesOf(empty), of)
  const bareMs = over(bare.file, 'wall_ms')
  const honoMs = hono && over(hono.file, 'wall_ms')
  const honoCpuMs = hono && over(hono.file, 'cpu_ms')
  const limitMs = round(Math.max(IMPORT_MS_MAX, OF_HONO_MAX * (honoMs ?? 0)), 1)
  const results = bundles.map((bundle) => {
    const file = join(bundle.directory, 'index.mjs')
    const import_ms = over(file, 'wall_ms')
    const import_cpu_ms = over(file, 'cpu_ms')
    return {
      name: bundle.name,
      start_bytes: bundle.start_bytes,
      bytes: bundle.bytes,
      import_ms: round(import_ms, 1),
      import_cpu_ms: round(import_cpu_ms, 1),
      ratio_to_hono: honoMs === null ? null : round(import_ms / honoMs),
      cpu_ratio_to_hono: honoCpuMs === null ? null : round(import_cpu_ms / honoCpuMs),
      limit_ms: limitMs,
      is_within: import_ms <= limitMs,
    }
  })

  const webhook = await measureAnswers(join(directory, 'bundles', 'apify-webhook', 'index.mjs'))
  const emptyMs = round(median(timesOf(empty).map(({ wall_ms }) => wall_ms)), 1)
  console.log(`${describeMachine()}; bundles for ${engine}, median of ${rounds} rounds`)
  console.log(`empty module: ${emptyMs} ms, taken off below`)
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`
  printTable([
    ['function', 'at start', 'import ms', 'of it processor', '× Hono + postgres', 'by processor', 'limit ms', ''],
    [
      'bare middy handler',
      kilobytes(bare.bytes),
      bareMs.toFixed(1),
      over(bare.file, 'cpu_ms').toFixed(1),
      '',
      '',
      '',
      '',
    ],
    ...(hono
      ? [
          [
            'Hono + postgres',
            kilobytes(hono.bytes),
            (honoMs ?? 0).toFixed(1),
            (honoCpuMs ?? 0).toFixed(1),
            '',
            '',
            '',
            '',
          ],
        ]
      : []),
    ...results.map(({ name, start_bytes, import_ms, import_cpu_ms, is_within, ...ratios }) => [
      name,
      kilobytes(start_bytes),
      import_ms.toFixed(1),
      import_cpu_ms.toFixed(1),
      ratios.ratio_to_hono?.toFixed(2) ?? '–',
      ratios.cpu_ratio_to_hono?.toFixed(2) ?? '–',
      limitMs.toFixed(1),
      is_within ? 'pass' : 'FAIL',
    ]),
  ])
  console.log(
    `The webhook answers its first event in ${webhook.first_ms} ms, the AWS SDK being loaded, and the next in ` +
      `${webhook.next_ms} ms (local queue).`,
  )
  if (values.json) {
    console.log(
      JSON.stringify({
        machine: describeMachine(),
        engine,
        rounds,
        empty_ms: emptyMs,
        bare_middy_ms: round(bareMs, 1),
        hono_ms: honoMs === null ? null : round(honoMs, 1),
        functions: results,
        webhook,
      }),
    )
  }
  if (results.some(({ is_within }) => !is_within)) process.exitCode = 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
