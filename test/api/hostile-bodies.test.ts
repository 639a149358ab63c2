import { operations } from '@leads/functions/routes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from './client.ts'

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

const cases = targets.flatMap(({ method, path, operation_id }) =>
  Object.keys(hostileBodies).map((name) => ({ operation_id, name, method, path })),
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
