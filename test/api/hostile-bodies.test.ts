import { readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { operations } from '@leads/functions/routes'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from './client.ts'
import { gzipBomb, workbookBomb } from './hostile-archives.ts'

/** Bodies made to hurt, up to 6 MB: each is refused with a problem, and within little CPU time. */

const CPU_MS_MAX = 500
const members = Array.from({ length: 300_000 }, (_, index) => `"k${index}":1`).join(',')
const nested = `${'['.repeat(400)}${']'.repeat(400)},`
const batch = `{"operations":[${Array(1000).fill('{"operation":"create","lead":{"x":1}}').join(',')}]}`

const hostileBodies: Readonly<Record<string, string>> = {
  'deep arrays': '['.repeat(3_000_000),
  'deep objects': '{"a":'.repeat(1_000_000),
  'many elements': `{"operations":[${'1,'.repeat(2_000_000)}1]}`,
  'many tags': `{"tags":[${'"a",'.repeat(500_000)}"b"]}`,
  'many members': `{${members}}`,
  'a long text': `{"full_name":"${'x'.repeat(5_000_000)}"}`,
  'escaped quotes': `"${'\\"'.repeat(2_400_000)}`,
  backslashes: `{"a":"${'\\\\'.repeat(1_200_000)}"}`,
  'a long number': '1'.repeat(5_000_000),
  'many objects': `[${'{},'.repeat(74_000)}{}]`,
  'many nested arrays': `[${nested.repeat(150)}1]`,
  'a batch of invalid operations': batch,
}
const targets = operations.filter(({ operation_id }) =>
  ['createLead', 'batchLeads', 'createCompany', 'createImport', 'addImportPart'].includes(operation_id),
)

let api: TestApi
beforeAll(async () => {
  api = await startApi('sqlite')
})
afterAll(() => api?.close())

/** A JSON array is a file where the body may be one: its records are rejected one by one. */
const isFile = (operation_id: string, name: string) => operation_id === 'createImport' && name === 'many objects'

const cases = targets.flatMap(({ method, path, operation_id }) =>
  Object.keys(hostileBodies)
    .filter((name) => !isFile(operation_id, name))
    .map((name) => ({ operation_id, name, method, path })),
)

test.each(cases)('$operation_id refuses $name within 0.5 s of CPU', async ({ name, method, path }) => {
  const target = path.replaceAll(/\{\w+\}/g, '1')
  const before = process.cpuUsage()
  const { status, headers } = await api.request(method, target, { body: hostileBodies[name] })
  const { user, system } = process.cpuUsage(before)
  expect([400, 413, 422]).toContain(status)
  expect(headers['content-type']).toBe('application/problem+json')
  expect((user + system) / 1000).toBeLessThan(CPU_MS_MAX)
})

/** HOSTILE_BODIES=1000 sends as many, HOSTILE_SEED repeats a run. */
const bodiesCount = Number(process.env.HOSTILE_BODIES ?? 30)
const seed = Number(process.env.HOSTILE_SEED ?? Date.now() % 1_000_000_000)
const RSS_BYTES_MAX = 256 * 1024 * 1024
/** What a request may have at most on AWS, with its headers. */
const BODY_BYTES_MAX = 6_000_000

const size = (max: number) => fc.integer({ min: Math.ceil(max / 20), max })
const inBase64 = (bytes: Uint8Array): string => `{"content_base64":"${Buffer.from(bytes).toString('base64')}"}`
const textBodies = [
  size(2_900_000).map((count) => '['.repeat(count)),
  size(400).map((depth) => `{"full_name":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  size(1_100_000).map((count) => '{"a":'.repeat(count)),
  size(1_900_000).map((count) => `{"operations":[${'1,'.repeat(count)}1]}`),
  size(1_400_000).map((count) => `{"tags":[${'"a",'.repeat(count)}"b"]}`),
  size(350_000).map((count) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',')}}`),
  size(5_900_000).map((count) => `{"full_name":"${'x'.repeat(count)}"}`),
  size(900_000).map((count) => `{"notes":"${'\\u00e9'.repeat(count)}"}`),
  size(2_900_000).map((count) => `"${'\\"'.repeat(count)}`),
  size(5_900_000).map((count) => '9'.repeat(count)),
  size(5_900_000).map((count) => ' '.repeat(count)),
  size(900).map((count) => `{"operations":[${Array(count).fill('{"operation":"create","lead":{"x":1}}').join(',')}]}`),
]
const fileBodies = [
  size(900_000_000).map((count) => inBase64(gzipBomb(Math.min(count, 400_000_000)))),
  size(60_000_000).map((count) => inBase64(gzipBomb(Math.max(count, 33_000_000), '\n'))),
  size(4).map((layers) => {
    let bytes = gzipBomb(60_000_000)
    for (let layer = 0; layer < layers; layer += 1) bytes = gzipSync(bytes)
    return inBase64(bytes)
  }),
  size(200_000_000).map((count) => inBase64(brotliCompressSync(Buffer.alloc(Math.min(count, 20_000_000), 'a,b\n')))),
  size(300_000_000).map((count) => inBase64(workbookBomb(Math.max(count, 70_000_000), 4))),
  size(4000).map((count) => inBase64(workbookBomb(200_000, Math.max(count, 400)))),
  size(4_300_000).map((count) => inBase64(Buffer.alloc(count))),
  size(4_300_000).map((count) => inBase64(Buffer.alloc(count, '"'))),
  size(5_900_000).map((count) => `{"content":"${','.repeat(count)}"}`),
  size(5_900_000).map((count) => `{"content_base64":"${'!'.repeat(count)}"}`),
]

interface HostileBody {
  operation_id: string
  method: string
  path: string
  body: string
}
const hostileBody = fc.oneof(
  ...targets.flatMap(({ method, path, operation_id }) => {
    const isImport = path.startsWith('/imports')
    return (isImport ? [...textBodies, ...fileBodies] : textBodies).map((texts) =>
      texts.map((body): HostileBody => ({ operation_id, method, path, body: body.slice(0, BODY_BYTES_MAX) })),
    )
  }),
)

/**
 * Returns how much memory this process has had at most since this call, beyond what it had. Linux resets its peak on
 * request; elsewhere the peak of the whole process is all there is, so that less is noticed.
 */
function measureGrowth(): () => number {
  const start_bytes = process.memoryUsage.rss()
  try {
    writeFileSync('/proc/self/clear_refs', '5')
  } catch {
    const peak_bytes = process.resourceUsage().maxRSS * 1024
    return () => process.resourceUsage().maxRSS * 1024 - peak_bytes
  }
  return () => {
    const [, peak_kb = '0'] = /^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    return Number(peak_kb) * 1024 - start_bytes
  }
}

test(`hostile bodies of any size are refused within 0.5 s of CPU and 256 MB (seed ${seed})`, async () => {
  const worst = { cpu_ms: 0, growth_bytes: 0 }
  for (let index = 0; index < bodiesCount; index += 1) {
    // One at a time: together they would fill the memory that is measured.
    const [drawn] = fc.sample(hostileBody, { numRuns: 1, seed: seed + index })
    if (!drawn) throw new Error('no body')
    const { operation_id, method, path, body } = drawn
    const where = `body ${index} of seed ${seed}: ${operation_id} ${body.length} bytes ${body.slice(0, 60)}`
    const readGrowth = measureGrowth()
    const before = process.cpuUsage()
    const answer = await api.request(method, path.replaceAll(/\{\w+\}/g, '1'), { body })
    const { user, system } = process.cpuUsage(before)
    const growth_bytes = readGrowth()
    // A text without leads is still a file: the import accounts for each of its lines as rejected.
    const isAccountedFor = answer.status < 300 && answer.body.failed_records === answer.body.total_records
    if (!isAccountedFor) {
      expect([400, 404, 413, 422], where).toContain(answer.status)
      expect(answer.headers['content-type'], where).toBe('application/problem+json')
    }
    let cpu_ms = (user + system) / 1000
    // Garbage of earlier bodies is collected at some time. A body that costs much costs it again.
    for (let tries = 0; cpu_ms >= CPU_MS_MAX && tries < 2; tries += 1) {
      const again = process.cpuUsage()
      await api.request(method, path.replaceAll(/\{\w+\}/g, '1'), { body })
      const usage = process.cpuUsage(again)
      cpu_ms = (usage.user + usage.system) / 1000
    }
    expect(cpu_ms, where).toBeLessThan(CPU_MS_MAX)
    expect(growth_bytes, where).toBeLessThan(RSS_BYTES_MAX)
    worst.cpu_ms = Math.max(worst.cpu_ms, cpu_ms)
    worst.growth_bytes = Math.max(worst.growth_bytes, growth_bytes)
  }
  if (process.env.HOSTILE_BODIES) process.stdout.write(`${bodiesCount} bodies, at most ${JSON.stringify(worst)}\n`)
}, 900_000)
