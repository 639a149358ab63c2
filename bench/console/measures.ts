import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'
import type { TestBrowser } from '../../test/console/browser.ts'
import { FILLED_COUNTRIES, FILLED_STATUSES } from '../../test/console/fill-leads.ts'
import { DEFINE_GO, loadRows, scrollFrames } from '../../test/console/list-scripts.ts'
import type { ConsoleStack } from '../../test/console/run-console-stack.ts'
import { MAKE_PLAIN_GRID } from './plain-grid.ts'

const HEIGHT_PX = 900
const ROW_PX = 34
const LOADED_ROWS = 10_000
const FRAMES = 200
const FRAME_PX = 400
const KEYS = 40
const STATUS_CHANGES = 20
const LONG_TASK_MS = 50
/** The list asks for new rows this often. */
const POLL_S = 15
const WARM_UP_S = 300
const HOUR_S = 3600
const WORDS = [
  'First1',
  'First12',
  'First123',
  'Last4',
  'Last45',
  'Last456',
  'Company 7',
  'Company 78',
  'Title 9',
  'Title 98',
]

/** Milliseconds by name of the measurement, or counts where the name says so. */
export type Samples = Record<string, number[]>

export interface Bench {
  browser: TestBrowser
  stack: ConsoleStack
}

/** From the navigation to the first row: nothing cached, then with the files in the browser's cache. */
export async function measureStart({ browser, stack }: Bench): Promise<Samples> {
  const { page, context } = await browser.open({ height: HEIGHT_PX })
  await context.addInitScript(`window.first_row = new Promise((resolve) => {
    const look = () => document.querySelector('[role=gridcell][data-row="0"]') ? resolve(performance.now()) : requestAnimationFrame(look)
    requestAnimationFrame(look)
  })`)
  const open = async (address: string): Promise<number> => {
    await page.goto(address)
    return (await page.evaluate('first_row')) as number
  }
  const first = await open(stack.link('/leads'))
  const second = await open(`${stack.url}/console/leads?sort=id`)
  await context.close()
  return { start: [first], start_cached: [second] }
}

/** Filters, orders and words of a search, from the click to the first new row that is painted. */
export async function measureLists({ browser, stack }: Bench, round: number): Promise<Samples> {
  const { page, context } = await openLeads({ browser, stack })
  await page.evaluate(DEFINE_GO)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const go = async (search: string): Promise<number> => (await page.evaluate(`go(${JSON.stringify(search)})`)) as number
  const samples: Samples = { filter: [], order: [], search: [] }
  const before = await readThreadTime(session)
  // The newest lead of all is one of the first country, which therefore comes last.
  for (const country of FILLED_COUNTRIES.toReversed())
    for (const status of FILLED_STATUSES)
      samples.filter?.push(await go(`?country=${country}&lead_status=${status}&city=not:City ${round}`))
  const filter_cpu = ((await readThreadTime(session)) - before) / (samples.filter?.length ?? 1)
  for (const country of FILLED_COUNTRIES)
    for (const sort of ['id', '-id']) samples.order?.push(await go(`?country=${country}&sort=${sort}`))
  for (const word of WORDS) samples.search?.push(await go(`?q=${word}${round}`))
  await context.close()
  return { ...samples, filter_cpu: [filter_cpu] }
}

/** A key that moves the focus, a status that is chosen, a lead that is opened: from the key to the frame. */
export async function measureKeys({ browser, stack }: Bench): Promise<Samples> {
  const { page, context } = await openLeads({ browser, stack })
  await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
  const focus = (await page.evaluate(PRESS_DOWN)) as number[]
  await page.keyboard.press('s')
  await page.getByRole('menuitem', { name: 'Qualified' }).waitFor()
  await page.keyboard.press('Escape')
  const status: number[] = []
  for (let index = 0; index < STATUS_CHANGES; index += 1) {
    await page.keyboard.press('s')
    await page.getByRole('menuitem', { name: 'Qualified' }).waitFor()
    status.push((await page.evaluate(chooseStatus(index % 2 === 0 ? 'Qualified' : 'Contacted'))) as number)
  }
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await readThreadTime(session)
  const open = [(await page.evaluate(OPEN_LEAD)) as number]
  const open_cpu = [(await readThreadTime(session)) - before]
  await context.close()
  return { focus, status, open, open_cpu }
}

/** Scrolls through loaded rows; then through the same elements without the console's code, which is the floor. */
export async function measureScrolling({ browser, stack }: Bench, rounds: number): Promise<Samples> {
  const { page, context } = await openLeads({ browser, stack }, '/leads?sort=id')
  await page.evaluate(loadRows(LOADED_ROWS))
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.evaluate(COUNT_LONG_TASKS)
  const scroll = async () =>
    (await page.evaluate(scrollFrames(LOADED_ROWS, FRAMES, FRAME_PX, ROW_PX))) as { times: number[] }
  await scroll()
  await page.evaluate('long_tasks = 0')
  const frames: number[][] = []
  const before = await readThreadTime(session)
  for (let round = 0; round < rounds; round += 1) frames.push((await scroll()).times)
  const frame_cpu = [((await readThreadTime(session)) - before) / (rounds * FRAMES)]
  const long_tasks = [(await page.evaluate('long_tasks')) as number]
  const heap_mb = [(await readHeap(session)) / 1e6]
  await page.evaluate(MAKE_PLAIN_GRID)
  await scroll()
  const plain: number[][] = []
  const plain_before = await readThreadTime(session)
  for (let round = 0; round < rounds; round += 1) plain.push((await scroll()).times)
  const plain_frame_cpu = [((await readThreadTime(session)) - plain_before) / (rounds * FRAMES)]
  await context.close()
  return { frames: best(frames), frame_cpu, plain_frames: best(plain), plain_frame_cpu, long_tasks, heap_mb }
}

/** Milliseconds that the page's main thread has worked. Other work on the machine does not lengthen it. */
async function readThreadTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000
}

/** Heap before and after an hour of polls, by a clock that is moved on; each poll asks the real service. */
export async function measurePolling({ browser, stack }: Bench): Promise<Samples> {
  const { page, context } = await browser.open({ height: HEIGHT_PX })
  await page.clock.install()
  await page.goto(stack.link('/leads'))
  await page.getByRole('row').nth(5).waitFor()
  const session = await context.newCDPSession(page)
  let polls = 0
  page.on('requestfinished', () => {
    polls += 1
  })
  const runFor = async (duration_s: number): Promise<void> => {
    for (let passed = 0; passed < duration_s; passed += POLL_S) {
      const before = polls
      await page.clock.runFor(POLL_S * 1000)
      for (let wait = 0; polls === before && wait < 100; wait += 1) await pause(20)
    }
  }
  await runFor(WARM_UP_S)
  const start = await readHeap(session)
  const polls_before = polls
  await runFor(HOUR_S)
  const growth = ((await readHeap(session)) / start - 1) * 100
  await context.close()
  return { poll_heap_growth: [growth], polls: [polls - polls_before], poll_heap_mb: [start / 1e6] }
}

/** All leads as CSV, from the click to the file. */
export async function measureExport({ browser, stack }: Bench, leads: number): Promise<Samples> {
  const { page, context } = await openLeads({ browser, stack }, '/leads', true)
  await page.getByRole('button', { name: 'Export' }).click()
  const start = performance.now()
  const downloading = page.waitForEvent('download', { timeout: 600_000 })
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
  await (await downloading).path()
  const rows_per_second = (leads / (performance.now() - start)) * 1000
  const heap_mb = (await readHeap(await context.newCDPSession(page))) / 1e6
  await context.close()
  return { export_rows_per_second: [rows_per_second], export_heap_mb: [heap_mb] }
}

async function openLeads({ browser, stack }: Bench, path = '/leads', accept_downloads = false) {
  const opened = await browser.open({ height: HEIGHT_PX, accept_downloads })
  await opened.page.goto(stack.link(path))
  await opened.page.getByRole('row').nth(5).waitFor()
  await settle(opened.page)
  return opened
}

/** The parts that load when the page is idle are there. */
const settle = (page: Page): Promise<void> => page.waitForLoadState('networkidle')

async function readHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  return (await session.send('Runtime.getHeapUsage')).usedSize
}

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN

/** The round that other work on the machine disturbed least. */
const best = (rounds: readonly number[][]): number[] => rounds.toSorted((a, b) => p95(a) - p95(b))[0] ?? []

const PRESS_DOWN = `(async () => {
  const times = []
  for (let index = 0; index < ${KEYS}; index += 1) {
    const start = performance.now()
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
    await new Promise((done) => requestAnimationFrame(done))
    times.push(performance.now() - start)
  }
  return times
})()`

const chooseStatus = (label: string): string => `(async () => {
  const row = document.querySelector('[role=gridcell][tabindex="0"]').dataset.row
  const shown = () => document.querySelector('[data-row="' + row + '"][data-field=lead_status]').textContent
  const item = [...document.querySelectorAll('[role=menuitem]')].find((each) => each.textContent.includes('${label}'))
  const start = performance.now()
  item.click()
  while (!shown().includes('${label}')) await new Promise((done) => requestAnimationFrame(done))
  return performance.now() - start
})()`

const OPEN_LEAD = `(async () => {
  const start = performance.now()
  document.querySelector('[role=gridcell][tabindex="0"]').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
  while (!/leads\\/\\d+$/.test(location.pathname) || !document.querySelector('main h2'))
    await new Promise((done) => requestAnimationFrame(done))
  return performance.now() - start
})()`

const COUNT_LONG_TASKS = `window.long_tasks = 0
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) if (duration > ${LONG_TASK_MS}) window.long_tasks += 1
}).observe({ type: 'longtask' })`
