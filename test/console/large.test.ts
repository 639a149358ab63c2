import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { CDPSession } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { FILLED_COUNTRIES, FILLED_STATUSES, fillLeads } from './fill-leads.ts'
import { DEFINE_GO, loadRows, scrollFrames } from './list-scripts.ts'

/** The service's own change begins above fifty thousand. Times are measured by `npm run bench:console`. */
const LEADS = 100_000
const LOADED_ROWS = 10_000
const ROW_PX = 34
const HEIGHT_PX = 900
/** Rows in sight, one of them in part, 12 more on either side, the head and the row that has the focus. */
const DRAWN_ROWS_MAX = Math.ceil(HEIGHT_PX / ROW_PX) + 1 + 2 * 12 + 2
const HEAP_BYTES_MAX = 60_000_000
const FRAMES = 100
const FRAME_PX = 400
/** Elements and listeners that may remain after scrolling, beyond those of a first pass. */
const GROWTH_MAX = 1.1

describeInBrowser(`${LEADS.toLocaleString('en')} leads`, () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await fillLeads(stack.db, LEADS)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const count = async (query: string): Promise<number> =>
    (await stack.request<{ count: { value: number } }>('GET', `/leads?limit=1&count=exact${query}`)).count.value

  test('a filter asks for one page and one count, and shows the rows that match', async () => {
    const { page, requests, faults } = await browser.open({ height: HEIGHT_PX })
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(5).waitFor()
    await page.evaluate(DEFINE_GO)
    // The newest lead of all is one of Germany.
    for (const country of FILLED_COUNTRIES.slice(1, 6))
      for (const status of FILLED_STATUSES.slice(0, 2)) {
        requests.length = 0
        await page.evaluate(`go('?country=${country}&lead_status=${status}')`)
        const shown = await page.locator('[role=gridcell][data-field=country]').allInnerTexts()
        expect(new Set(shown)).toEqual(new Set([country]))
        // The next page follows when the first one is nearly in sight.
        const asked = requests.filter(
          (request) => /[/]leads[?](?!.*cursor=)/.test(request) && !request.includes('/console/'),
        )
        expect(asked.filter((request) => request.includes('count='))).toHaveLength(1)
        expect(asked.filter((request) => !request.includes('count='))).toHaveLength(1)
      }
    expect(faults).toEqual([])
  })

  test('scrolling through ten thousand loaded rows draws those in sight, with the elements of those that left', async () => {
    const { page, context, faults } = await browser.open({ height: HEIGHT_PX })
    await page.goto(stack.link('/leads?sort=id'))
    await page.getByRole('row').nth(5).waitFor()
    await page.evaluate(loadRows(LOADED_ROWS))
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable')
    const scroll = () =>
      page.evaluate(scrollFrames(LOADED_ROWS, FRAMES, FRAME_PX, ROW_PX)) as Promise<{
        drawn_max: number
        built: number
      }>
    await scroll()
    const { drawn_max, built } = await scroll()
    expect(drawn_max).toBeLessThanOrEqual(DRAWN_ROWS_MAX)
    expect(built).toBeLessThanOrEqual((FRAMES * FRAME_PX) / ROW_PX / 10)
    const first = await readPageMetrics(session)
    for (let round = 0; round < 2; round += 1) await scroll()
    const last = await readPageMetrics(session)
    expect(last.Nodes).toBeLessThanOrEqual((first.Nodes ?? 0) * GROWTH_MAX)
    expect(last.JSEventListeners).toBeLessThanOrEqual((first.JSEventListeners ?? 0) * GROWTH_MAX)
    expect(last.JSHeapUsedSize).toBeLessThanOrEqual(HEAP_BYTES_MAX)
    expect(faults).toEqual([])
  }, 300_000)

  test('an export of all leads has every row', async () => {
    const { page, faults } = await browser.open({ accept_downloads: true })
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(3).waitFor()
    await page.getByRole('button', { name: 'Export' }).click()
    const downloading = page.waitForEvent('download', { timeout: 240_000 })
    await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
    const path = await (await downloading).path()
    let lines = 0
    for await (const _ of createInterface({ input: createReadStream(path) })) lines += 1
    expect(lines - 1).toBe(LEADS)
    expect(faults).toEqual([])
  }, 300_000)

  test('more leads than a browser can hold are changed by the service, after the number is typed', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads?id=lte:50500'))
    await page.getByRole('row').nth(3).waitFor()
    await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
    await page.keyboard.press('ControlOrMeta+Shift+a')
    await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Status' }).click()
    await page.getByRole('menuitem', { name: 'Qualified' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change 50,500 leads?' })
    await dialog.getByText('They are too many to be undone at once.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Change' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Type 50500 to confirm').fill('50,500')
    await dialog.getByRole('button', { name: 'Change' }).click()
    await page.getByText(/^[\d,]+ leads set to qualified/).waitFor({ timeout: 240_000 })
    expect(await count('&id=lte:50500&lead_status=qualified')).toBe(50_500)
    expect(await count('&id=gt:50500&lead_status=qualified')).toBeLessThan(LEADS - 50_500)
    const { data } = await stack.request<{ data: { job_status: string; query: string }[] }>('GET', '/jobs')
    expect(data[0]).toMatchObject({ job_status: 'completed', query: 'id=lte:50500' })
    expect(faults).toEqual([])
  }, 300_000)
})

/** Elements, listeners and memory of the page after a garbage collection. */
async function readPageMetrics(session: CDPSession): Promise<Record<string, number>> {
  await session.send('HeapProfiler.collectGarbage')
  const { metrics } = await session.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}
