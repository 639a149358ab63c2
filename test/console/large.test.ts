import { createReadStream } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser, startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'

/** `npm run bench:console` takes a hundred thousand. The service's own change begins above fifty thousand. */
const LEADS = Number(process.env.CONSOLE_LEADS ?? 60_000)
const COUNTRIES = ['Germany', 'France', 'Spain', 'Italy', 'India', 'Poland', 'Austria', 'Norway', 'Sweden', 'Chile']
const STATUSES = ['new', 'contacted', 'qualified', 'converted']
const FILTER_MS_MAX = 150
const OPEN_MS_MAX = 100
const FOCUS_MS_MAX = 32
const FRAME_MS_MAX = 20
const HEAP_BYTES_MAX = 60_000_000
const FRAMES = 200
const FRAME_PX = 400
const ROUNDS = 3
/** These are times of a machine without other work. A shared one is allowed twice as much. */
const ALLOWANCE = 2

/** Other work on the machine lengthens what is measured. Its share is stated and allowed for. */
const allowed = (limit: number): number => limit * ALLOWANCE * Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())

const p95 = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * 0.95))] ?? 0

describeInBrowser(`${LEADS.toLocaleString('en')} leads`, () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    const pick = (list: readonly string[]) =>
      sql.raw(`json_extract('${JSON.stringify(list)}', '$[' || (n % ${list.length}) || ']')`)
    await sql`
      with recursive g (n) as (select 1 union all select n + 1 from g where n < ${LEADS})
      insert into sales_leads (full_name, title, email, phone, company_name, city, country, lead_status, source,
        provider_name, external_id, created_at, updated_at, created_by, updated_by)
      select 'First' || (n % 2000) || ' Last' || n, 'Title ' || (n % 300), 'person' || n || '@company' || (n % 5000) || '.example.com',
        '+4930' || (10000000 + n), 'Company ' || (n % 5000), 'City ' || (n % 400), ${pick(COUNTRIES)},
        ${sql.raw(`json_extract('${JSON.stringify(STATUSES)}', '$[' || ((n / 10) % 4) || ']')`)}, 'import', 'import', 'fill:' || n,
        strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-01', '+' || (n / 1000) || ' minutes'),
        strftime('%Y-%m-%dT%H:%M:%fZ', '2026-01-01', '+' || (n / 1000) || ' minutes'), 'fill', 'fill'
      from g`.execute(stack.db.kysely)
    await sql`analyze`.execute(stack.db.kysely)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const count = async (query: string): Promise<number> =>
    (await stack.request<{ count: { value: number } }>('GET', `/leads?limit=1&count=exact${query}`)).count.value

  /** In the page: goes to an address as a click on a filter does, and tells when other rows are painted. */
  const GO = `window.go = (search) => new Promise((resolve) => {
    const grid = document.querySelector('[role=grid]')
    const before = grid.querySelector('[data-row="0"][data-column="1"]')?.dataset.lead
    const start = performance.now()
    history.pushState(null, '', '/console/leads' + search)
    dispatchEvent(new PopStateEvent('popstate'))
    const look = () => {
      const first = document.querySelector('[role=grid] [data-row="0"][data-column="1"]')
      const is_busy = document.querySelector('[role=grid]')?.getAttribute('aria-busy') === 'true'
      if (first && first.dataset.lead !== before && !is_busy) requestAnimationFrame(() => resolve(performance.now() - start))
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })`

  test('a filter shows its first rows, a lead opens and a key moves the focus within their times', async () => {
    const { page, faults } = await browser.open({ height: 900 })
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(5).waitFor()
    await page.evaluate(GO)
    const rounds: Record<string, number>[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const filters: number[] = []
      for (const country of COUNTRIES)
        for (const status of STATUSES.slice(0, 2)) {
          const search = `?country=${country}&lead_status=${status}&city=not:City ${round}`
          filters.push((await page.evaluate(`go(${JSON.stringify(search)})`)) as number)
        }
      await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
      const keys = (await page.evaluate(`(async () => {
        const times = []
        for (let index = 0; index < 30; index += 1) {
          const start = performance.now()
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
          await new Promise((done) => requestAnimationFrame(done))
          times.push(performance.now() - start)
        }
        return times
      })()`)) as number[]
      const opened = (await page.evaluate(`(async () => {
        const start = performance.now()
        document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
        while (!/leads\\/\\d+$/.test(location.pathname) || !document.querySelector('main h2'))
          await new Promise((done) => requestAnimationFrame(done))
        return performance.now() - start
      })()`)) as number
      await page.goBack()
      await page.locator('[role=gridcell][data-row="0"]').first().waitFor()
      rounds.push({ filter: p95(filters), focus: p95(keys), open: opened })
    }
    const best = (name: string): number => Math.min(...rounds.map((round) => round[name] ?? 0))
    console.info(`${LEADS} leads, load ${(loadavg()[0] ?? 0).toFixed(1)}: ${JSON.stringify(rounds)}`)
    expect(best('filter')).toBeLessThanOrEqual(allowed(FILTER_MS_MAX))
    expect(best('focus')).toBeLessThanOrEqual(allowed(FOCUS_MS_MAX))
    expect(best('open')).toBeLessThanOrEqual(allowed(OPEN_MS_MAX))
    expect(faults).toEqual([])
  }, 300_000)

  test('scrolling through ten thousand loaded rows keeps its frames and its memory', async () => {
    const { page, context, faults } = await browser.open({ height: 900 })
    await page.goto(stack.link('/leads?sort=id'))
    await page.getByRole('row').nth(5).waitFor()
    const scroll = `(async () => {
      const grid = document.querySelector('[role=grid]')
      const frames = []
      let before = performance.now()
      const from = Math.random() * (10_000 * 34 - ${FRAMES * FRAME_PX})
      for (let top = from; top < from + ${FRAMES * FRAME_PX}; top += ${FRAME_PX}) {
        grid.scrollTop = top
        await new Promise((done) => requestAnimationFrame(done))
        const now = performance.now()
        frames.push(now - before)
        before = now
      }
      return frames
    })()`
    await page.evaluate(`(async () => {
      const grid = document.querySelector('[role=grid]')
      while (grid.scrollHeight < 10_000 * 34) {
        grid.scrollTop = grid.scrollHeight
        await new Promise((done) => setTimeout(done, 30))
      }
    })()`)
    const rounds: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(p95((await page.evaluate(scroll)) as number[]))
    const session = await context.newCDPSession(page)
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    console.info(
      `10,000 rows, load ${(loadavg()[0] ?? 0).toFixed(1)}: frames ${rounds.map(Math.round)} ms, heap ${Math.round(usedSize / 1e6)} MB`,
    )
    expect(Math.min(...rounds)).toBeLessThanOrEqual(allowed(FRAME_MS_MAX))
    expect(usedSize).toBeLessThanOrEqual(HEAP_BYTES_MAX)
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
