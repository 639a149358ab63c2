import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { type FunctionName, functionManifest } from '@leads/functions/runtime/manifest'
import { build } from 'esbuild'
import { type BundledEngine, buildFunctions, bundleOptions, root } from '../infra/build/bundle.ts'
import { describeMachine } from './machine.ts'
import { median, printTable, round } from './measure.ts'

/**
 * `npm run bench:cold [-- --engine postgres --rounds 15 --json]`: what a cold start spends on loading each bundle, over an
 * empty module and against a bare middy handler (one that answers `{ statusCode: 200 }`, bundled with the same options).
 *
 * Each figure is the median, over the rounds, of a fresh process. A round goes through all bundles in turn and starts at
 * another one each time, so that a machine that slows down slows all of them. The empty module's time is taken off round
 * by round. Lambda adds its own part (creating the environment), and has less processor time below 1,769 MB.
 *
 * Limits: 70 ms for the webhook, 50 ms for functions of the API, or 1.6 times the bare handler where that is more. What
 * no one waits for has none. Exit code 1 where one is missed.
 *
 * The AWS SDK is no part of that: it is a chunk that the webhook loads at its first message. What this takes is measured
 * next to it, with the bundle of the webhook in fresh processes and a local queue.
 */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'postgres' },
    rounds: { type: 'string', default: '15' },
    json: { type: 'boolean', default: false },
  },
})
const engine = values.engine as BundledEngine
const rounds = Number(values.rounds)
const directory = mkdtempSync(join(tmpdir(), 'leads-cold-'))

const WEBHOOK_MS = 70
const API_MS = 50
const OF_BARE = 1.6

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

/** The yardstick: middy and nothing else. */
async function buildBare(): Promise<{ file: string; bytes: number }> {
  const file = join(directory, 'bare.mjs')
  const contents = `import middy from '@middy/core'\nexport const handler = middy().handler(async () => ({ statusCode: 200 }))`
  const stdin = { contents, resolveDir: join(root, 'functions') }
  const { metafile } = await build({ ...bundleOptions, stdin, outfile: file, metafile: true })
  const bytes = Object.entries(metafile.outputs).find(([path]) => path.endsWith('.mjs'))?.[1].bytes ?? 0
  return { file, bytes }
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

function limitOf(name: FunctionName, bareMs: number): number | null {
  if (functionManifest[name].trigger.type !== 'http') return null
  return Math.max(name === 'apify-webhook' ? WEBHOOK_MS : API_MS, OF_BARE * bareMs)
}

try {
  const empty = join(directory, 'empty.mjs')
  writeFileSync(empty, '')
  const bare = await buildBare()
  const bundles = await buildFunctions(engine, undefined, join(directory, 'bundles'))
  const files = [empty, bare.file, ...bundles.map((bundle) => join(bundle.directory, 'index.mjs'))]
  const taken = new Map<string, Taken[]>(files.map((file) => [file, []]))
  // Once unmeasured: the first process reads the files from disk.
  for (const file of files) timeImport(file)
  for (let turn = 0; turn < rounds; turn += 1) {
    const first = turn % files.length
    for (const file of [...files.slice(first), ...files.slice(0, first)]) taken.get(file)?.push(timeImport(file))
  }
  const timesOf = (file: string) => taken.get(file) ?? []
  const bareMs = overEmpty(timesOf(bare.file), timesOf(empty), 'wall_ms')
  const results = bundles.map((bundle) => {
    const times = timesOf(join(bundle.directory, 'index.mjs'))
    const import_ms = overEmpty(times, timesOf(empty), 'wall_ms')
    const limit_ms = limitOf(bundle.name, bareMs)
    return {
      name: bundle.name,
      start_bytes: bundle.start_bytes,
      bytes: bundle.bytes,
      import_ms: round(import_ms, 1),
      import_cpu_ms: round(overEmpty(times, timesOf(empty), 'cpu_ms'), 1),
      ratio_to_bare_middy: round(import_ms / bareMs),
      limit_ms: limit_ms === null ? null : round(limit_ms, 1),
      is_within: limit_ms === null || import_ms <= limit_ms,
    }
  })

  const webhook = await measureAnswers(join(directory, 'bundles', 'apify-webhook', 'index.mjs'))
  const emptyMs = round(median(timesOf(empty).map(({ wall_ms }) => wall_ms)), 1)
  console.log(`${describeMachine()}; bundles for ${engine}, median of ${rounds} rounds`)
  console.log(`empty module: ${emptyMs} ms, taken off below`)
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`
  printTable([
    ['function', 'at start', 'import ms', 'of it processor', '× bare middy', 'limit ms', ''],
    ['bare middy handler', kilobytes(bare.bytes), bareMs.toFixed(1), '', '1.00', '', ''],
    ...results.map(({ name, start_bytes, import_ms, import_cpu_ms, ratio_to_bare_middy, limit_ms, is_within }) => [
      name,
      kilobytes(start_bytes),
      import_ms.toFixed(1),
      import_cpu_ms.toFixed(1),
      ratio_to_bare_middy.toFixed(2),
      ...(limit_ms === null ? ['–', ''] : [limit_ms.toFixed(1), is_within ? 'pass' : 'FAIL']),
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
        functions: results,
        webhook,
      }),
    )
  }
  if (results.some(({ is_within }) => !is_within)) process.exitCode = 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
