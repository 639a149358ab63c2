import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { expect, test, vi } from 'vitest'
import { workbookParts } from '../file-imports/workbook-parts.ts'
import { writeArchive } from '../file-imports/write-archive.ts'
import { freshDatabase } from '../setup/engines.ts'
import { type Finished, runLeads } from './run-leads.ts'

// 20,000 items take a quarter of a minute, longer on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const ITEMS = 20_000
/** Measured for 60,000 items: 214 MB. */
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

const ROWS = 10_000

test.each(['csv', 'csv.gz', 'ndjson', 'xlsx'] as const)(
  'leads import of 30 MB of %s runs with the same flags, and its peak is at most 220 MB',
  async (kind) => {
    if (process.platform !== 'linux') {
      console.warn('\n!!! THE MEMORY OF leads import IS NOT TESTED: it is measured on Linux only.\n')
      return
    }
    const directory = mkdtempSync(join(tmpdir(), 'import-memory-'))
    const database = await freshDatabase('sqlite')
    try {
      const path = join(directory, `many.${kind}`)
      writeMany(path, kind)
      const { code, stdout, stderr, peak_mb, environment } = await runMeasured(['import', path, '--json'], {
        DATABASE_URL: database.database_url,
      })
      expect([code, stderr, JSON.parse(stdout).synced_records]).toEqual([0, '', ROWS])
      expect(environment).toContain('--max-old-space-size=128')
      expect(peak_mb).toBeLessThanOrEqual(PEAK_MB_MAX)
      console.info(`peak of leads import, ${kind}: ${Math.round(peak_mb)} MB`)
    } finally {
      await database.drop()
      rmSync(directory, { recursive: true })
    }
  },
)

/** Writes rows of 3 KB, most of it in a column that stays unread. */
function writeMany(path: string, kind: 'csv' | 'csv.gz' | 'ndjson' | 'xlsx'): void {
  const remark = 'Met in hall 4, asked for a quote. '.repeat(90)
  const rows = Array.from({ length: ROWS }, (_, number) => [
    `Ines Duarte${number}`,
    `ines.${number}@firm-${number % 700}.example`,
    `Firm ${number % 700} Ltd`,
    `${number} ${remark}`,
  ])
  const names = ['Name', 'Email', 'Company', 'Remark']
  const csv = () => [names, ...rows].map((cells) => cells.map((cell) => `"${cell}"`).join(',')).join('\n')
  const toJson = (cells: string[]) => JSON.stringify(Object.fromEntries(names.map((name, at) => [name, cells[at]])))
  const toRow = (cells: string[]) => `<row>${cells.map((cell) => `<c t="str"><v>${cell}</v></c>`).join('')}</row>`
  if (kind === 'xlsx') writeArchive(path, workbookParts([names, ...rows].map(toRow)))
  else if (kind === 'ndjson') writeFileSync(path, rows.map(toJson).join('\n'))
  else writeFileSync(path, kind === 'csv' ? csv() : gzipSync(csv()))
}
