import { join } from 'node:path'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { startBrowser } from '../../test/console/browser.ts'
import { fillLeads } from '../../test/console/fill-leads.ts'
import { runConsoleStack } from '../../test/console/run-console-stack.ts'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { describeMachine } from '../machine.ts'
import { percentile, printTable, round } from '../measure.ts'
import { readOptions } from '../read-options.ts'
import {
  type Bench,
  measureExport,
  measureKeys,
  measureLists,
  measurePolling,
  measureScrolling,
  measureStart,
  type Samples,
} from './measures.ts'

/**
 * The console in Chromium over the local stack with SQLite: what a person waits for. Times include the answer of the
 * service. They are those of a machine without other work; `plain grid` shows what the browser alone takes here.
 */

const values = readOptions(import.meta.filename, {
  leads: { type: 'string', default: '100000' },
  rounds: { type: 'string', default: '3' },
  /** Sections: start, lists, keys, scrolling, polling, export. */
  only: { type: 'string', multiple: true, default: [] },
  /** Exits with 1 if a target is missed. */
  check: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
})

interface Target {
  name: string
  text: string
  /** The 95th percentile, or the only value, that is allowed. */
  max?: number
}

const targets: readonly Target[] = [
  { name: 'start_fresh', text: 'first rows, new browser process, ms', max: 1500 },
  { name: 'start', text: 'first rows, nothing cached, ms', max: 600 },
  { name: 'start_cached', text: 'first rows, cached, ms', max: 300 },
  { name: 'filter', text: 'filter to rows, ms', max: 150 },
  { name: 'filter_cpu', text: 'the same, ms of processor time of the main thread' },
  { name: 'order', text: 'order to rows, ms', max: 150 },
  { name: 'search', text: 'search to rows, after the pause, ms', max: 200 },
  { name: 'focus', text: 'key to painted focus, ms', max: 32 },
  { name: 'status', text: 'status chosen to painted, ms', max: 50 },
  { name: 'open', text: 'a lead opens, ms', max: 100 },
  { name: 'open_cpu', text: 'the same, ms of processor time of the main thread' },
  { name: 'frames', text: 'frame while scrolling 10,000 rows, ms', max: 20 },
  { name: 'plain_frames', text: 'the same, plain grid without React, ms' },
  { name: 'frame_cpu', text: 'main thread of a frame, ms of processor time' },
  { name: 'plain_frame_cpu', text: 'the same, plain grid without React' },
  { name: 'long_tasks', text: 'tasks over 50 ms while scrolling', max: 0 },
  { name: 'heap_mb', text: 'heap with 10,000 rows, MB', max: 60 },
  { name: 'polls', text: 'requests within an hour of polling' },
  { name: 'poll_heap_mb', text: 'heap before that hour, MB' },
  { name: 'poll_heap_growth', text: 'growth of the heap within it, %', max: 10 },
  { name: 'export_rows_per_second', text: 'export of all leads, rows/s' },
  { name: 'export_heap_mb', text: 'heap after the export, MB', max: 150 },
]

const LEADS = Number(values.leads)
const ROUNDS = Number(values.rounds)
const isSelected = (section: string): boolean => values.only.length === 0 || values.only.includes(section)

const directory = await makeBenchDirectory()
const samples: Samples = {}
const collect = (more: Samples): void => {
  for (const [name, list] of Object.entries(more)) samples[name] = [...(samples[name] ?? []), ...list]
}

async function measureAll(bench: Bench): Promise<void> {
  for (let index = 0; index < ROUNDS; index += 1) {
    if (isSelected('start')) {
      const fresh = await startBrowser()
      const { start } = await measureStart({ ...bench, browser: fresh })
      await fresh.close()
      collect({ start_fresh: start ?? [] })
      collect(await measureStart(bench))
    }
    if (isSelected('lists')) collect(await measureLists(bench, index))
    if (isSelected('keys')) collect(await measureKeys(bench))
  }
  if (isSelected('scrolling')) collect(await measureScrolling(bench, ROUNDS))
  if (isSelected('polling')) collect(await measurePolling(bench))
  if (isSelected('export')) collect(await measureExport(bench, LEADS))
}

function isMissed({ name, max }: Target): boolean {
  return max !== undefined && percentile(samples[name] ?? [], 0.95) > max
}

const databaseUrl = `sqlite:${join(directory, 'console.db')}`
await migrateUp(databaseUrl)
const stack = await runConsoleStack(databaseUrl)
const browser = await startBrowser()
try {
  await fillLeads(stack.db, LEADS)
  await measureAll({ browser, stack })
} finally {
  await browser.close()
  await stack.close()
  await removeBenchDirectory(directory)
}

const measured = targets.filter(({ name }) => samples[name])
console.log(`${LEADS.toLocaleString('en')} leads, ${describeMachine()}\n`)
printTable([
  ['', 'samples', 'p50', 'p95', 'target', ''],
  ...measured.map((target) => {
    const list = samples[target.name] ?? []
    return [
      target.text,
      list.length,
      round(percentile(list, 0.5), 1),
      round(percentile(list, 0.95), 1),
      target.max === undefined ? '' : `≤ ${target.max.toLocaleString('en')}`,
      isMissed(target) ? 'missed' : '',
    ]
  }),
])
if (values.json) console.log(JSON.stringify(samples))
process.exitCode = values.check && measured.some(isMissed) ? 1 : 0
