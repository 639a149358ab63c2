import { existsSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { freePort } from '../setup/scratch.ts'
import { type Finished, runLeads } from './run-leads.ts'

// The tests start whole stacks, which is slow on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(inject('scratch_directory'), 'interrupts-'))
})

/** Runs a command and interrupts it as soon as its output matches. */
function interruptedAt(words: readonly string[], sign: RegExp, env: Record<string, string> = {}): Promise<Finished> {
  let text = ''
  return runLeads(words, {
    cwd,
    env,
    onStart: (child) =>
      child.stdout?.on('data', (part: string) => {
        text += part
        if (sign.test(text)) child.kill('SIGINT')
      }),
  })
}

describe('Ctrl-C', () => {
  test('Ctrl-C ends the demo in order and reports it', async () => {
    const { code, stderr } = await interruptedAt(['demo'], /delivered twice/)
    expect([code, stderr]).toEqual([
      130,
      'leads: interrupted. Nothing is left running. Run the command again to start over.\n',
    ])
  })

  test('Ctrl-C ends the stack in order, and commands no longer find it', async () => {
    const PORT = String(await freePort())
    const { code, stdout, stderr } = await interruptedAt(['start', '--json'], /\n$/, { PORT })
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({ url: `http://127.0.0.1:${PORT}`, database_url: 'sqlite:.data/leads.db' })
    expect(existsSync(join(cwd, '.data/running.json'))).toBe(false)
  })
})

test('a port in use and a folder whose stack already runs are reported as such', async () => {
  const PORT = String(await freePort())
  const beside = async () => [
    await runLeads(['start'], { cwd, env: { PORT: '0' } }),
    await runLeads(['demo', '--port', PORT], { cwd }),
  ]
  let tried: Promise<Finished[]> | undefined
  await runLeads(['start', '--json'], {
    cwd,
    env: { PORT },
    onStart: (child) =>
      child.stdout?.once('data', () => {
        tried = beside()
        void tried.finally(() => child.kill('SIGINT'))
      }),
  })
  const [second, demo] = (await tried) ?? []
  expect(second).toMatchObject({ code: 4, stderr: expect.stringMatching(/already runs in this folder/) })
  expect(demo).toMatchObject({ code: 4, stderr: expect.stringMatching(/Port \d+ is in use/) })
})

test('the demo with --json prints the accounting of each run and nothing else', async () => {
  const { code, stdout, stderr } = await runLeads(['demo', '--json'], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  const { runs, items } = JSON.parse(stdout) as { runs: Record<string, number>[]; items: number }
  expect(items).toBe(12_000)
  expect(runs).toHaveLength(3)
  for (const { total_records, synced_records, duplicate_records, failed_records } of runs)
    expect(total_records).toBe((synced_records ?? 0) + (duplicate_records ?? 0) + (failed_records ?? 0))
})
