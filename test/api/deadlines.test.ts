import { setTimeout } from 'node:timers/promises'
import { withinDeadline } from '@leads/core/deadlines'
import { expect, test } from 'vitest'

const after = async (ms: number, value: string): Promise<string> => {
  await setTimeout(ms)
  return value
}
const forever = (): Promise<string> => new Promise(() => {})
const within = (limit_ms: number, work: () => Promise<string>): Promise<string> =>
  withinDeadline(performance.now() + limit_ms, work, () => 'late')

test('work that ends in time has its own result or error', async () => {
  expect(await within(5000, () => after(1, 'done'))).toBe('done')
  await expect(within(5000, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
})

test('of several deadlines each is kept, in whichever order they come', async () => {
  const started_ms = performance.now()
  const ended: string[] = []
  const note = async (name: string, limit_ms: number) => {
    expect(await within(limit_ms, forever)).toBe('late')
    expect(performance.now() - started_ms).toBeGreaterThanOrEqual(limit_ms)
    ended.push(name)
  }
  const unhurried = within(60_000, () => after(400, 'done'))
  await Promise.all([note('third', 300), note('first', 50), note('second', 150)])
  expect(ended).toEqual(['first', 'second', 'third'])
  expect(await unhurried).toBe('done')
})

test('a deadline that has passed ends the work at once, and an error of its end is the answer', async () => {
  expect(await within(-1000, forever)).toBe('late')
  const refuse = (): string => {
    throw new Error('too late')
  }
  await expect(withinDeadline(performance.now(), forever, refuse)).rejects.toThrow('too late')
})

test('a deadline after all others have ended is kept', async () => {
  expect(await within(20, () => after(1, 'done'))).toBe('done')
  await setTimeout(50)
  expect(await within(20, forever)).toBe('late')
})
