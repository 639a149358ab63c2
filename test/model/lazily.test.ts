import { execFileSync } from 'node:child_process'
import { functionManifest } from '@leads/functions/runtime/manifest'
import { expect, test } from 'vitest'
import { buildShape, lazily, lazyEnum, lazyObject } from '../../packages/core/src/model/lazily.ts'

const httpFunctions = Object.entries(functionManifest)
  .filter(([, { trigger }]) => trigger.type === 'http')
  .map(([name]) => name)

/** Counts the schemas that zod builds while each function is imported, in a process of their own. */
const script = `
  let count = 0
  globalThis.__zod_globalConfig = { postProcessor: () => { count += 1 } }
  const counts = {}
  for (const name of ${JSON.stringify(httpFunctions)}) {
    count = 0
    await import('./functions/handlers/' + name + '.ts')
    counts[name] = count
  }
  count = 0
  const { Lead } = await import('./packages/core/src/model/lead.ts')
  Lead()
  console.log(JSON.stringify({ counts, of_a_schema: count }))
  process.exit()`

test('No function of the API builds a schema when it is imported', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  })
  const { counts, of_a_schema } = JSON.parse(output.trim().split('\n').at(-1) ?? '')
  // Shows that built schemas are seen.
  expect(of_a_schema).toBeGreaterThan(0)
  expect(counts).toEqual(Object.fromEntries(httpFunctions.map((name) => [name, 0])))
})

test('A lazy value is made once, at the first call', () => {
  let made = 0
  const value = lazily(() => {
    made += 1
    return made === 1 ? undefined : 'again'
  })
  expect(made).toBe(0)
  expect([value(), value()]).toEqual([undefined, undefined])
  expect(made).toBe(1)
})

test('The names of an object and the choices of an enum are known before their schemas are built', () => {
  const unbuilt = () => {
    throw new Error('built')
  }
  const row = lazyObject({ id: unbuilt, name: unbuilt })
  expect(row.columns).toEqual(['id', 'name'])
  expect(row).toThrow('built')
  const Color = lazyEnum(['red', 'green'])
  expect(Color.options).toEqual(['red', 'green'])
  expect(Color().safeParse('blue').success).toBe(false)
  expect(lazyObject({ color: Color })().parse({ color: 'red' })).toEqual({ color: 'red' })
  expect(buildShape({ color: Color }).color).toBe(Color())
})
