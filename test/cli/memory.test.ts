import { readFileSync } from 'node:fs'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { expect, test, vi } from 'vitest'
import { freshDatabase } from '../setup/engines.ts'
import { type Finished, runLeads } from './run-leads.ts'

// 20,000 items take a quarter of a minute, longer on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const ITEMS = 20_000
/** Measured for 40,000 items: 180 MB. */
const PEAK_MB_MAX = 220

/** Runs a command and returns the maximum of its resident memory, as Linux counts it, and its environment. */
async function runMeasured(words: readonly string[], env: Record<string, string>) {
  let peak_mb = 0
  let environment = ''
  const finished = await runLeads(words, {
    env,
    onStart: ({ pid }) => {
      const timer = setInterval(() => {
        try {
          peak_mb = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
          environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
        } catch {
          clearInterval(timer)
        }
      }, 100)
    },
  })
  return { ...finished, peak_mb, environment } satisfies Finished & { peak_mb: number; environment: string }
}

test('leads sync runs with the memory flags of the consumer, and its peak is at most 220 MB', async () => {
  if (process.platform !== 'linux') {
    console.warn('\n!!! THE MEMORY OF leads sync IS NOT TESTED: it is measured on Linux only.\n')
    return
  }
  const simulator = await spawnApifySimulator()
  const database = await freshDatabase('sqlite')
  try {
    const run = await simulator.control.addRun({
      actor_id: 'nwua9Gu5YrADL7ZDj',
      dataset: { generator: 'google-places', count: ITEMS, seed: 5 },
      finished_at: Date.now() - 3_600_000,
    })
    const { code, stdout, stderr, peak_mb, environment } = await runMeasured(['sync', run.id, '--json'], {
      DATABASE_URL: database.database_url,
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
    })
    expect([code, stderr, JSON.parse(stdout)[0]?.total_records]).toEqual([0, '', ITEMS])
    expect(environment).toContain('--max-old-space-size=128')
    expect(peak_mb).toBeLessThanOrEqual(PEAK_MB_MAX)
    console.info(`peak of leads sync: ${Math.round(peak_mb)} MB`)
  } finally {
    await simulator.close()
    await database.drop()
  }
})
