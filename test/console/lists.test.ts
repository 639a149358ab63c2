import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

const ITEMS = 10_600

describeInBrowser('the list of leads', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await stack.addPlaces(ITEMS)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const count = async (query: string): Promise<number> =>
    (await stack.request<{ count: { value: number } }>('GET', `/leads?limit=1&count=exact${query}`)).count.value

  test('ten thousand rows by scrolling: each once, in order, none missing, while a sync inserts others', async () => {
    const expected = await count('')
    const { page, faults } = await browser.open({ height: 900 })
    await page.goto(stack.link('/leads?sort=id'))
    await page.getByRole('row').nth(5).waitFor()
    const inserting = stack.addPlaces(500, 99)
    const seen = (await page.evaluate(`(async () => {
      const grid = document.querySelector('[role=grid]')
      const ids = []
      const drawn = (row) => grid.querySelector('[data-row="' + row + '"][data-column="1"]')
      const until = async (isMet) => {
        for (let tries = 0; tries < 1200 && !isMet(); tries += 1) await new Promise((done) => setTimeout(done, 25))
        return isMet()
      }
      for (let next = 0; ; ) {
        if (!(await until(() => drawn(next)))) break
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
        for (let row = next; drawn(row); row += 1) {
          ids[row] = Number(drawn(row).dataset.lead)
          next = row + 1
        }
        grid.scrollTop = (next - 3) * drawn(next - 1).closest('[role=row]').offsetHeight
      }
      return ids
    })()`)) as number[]
    await inserting
    expect(seen.length).toBeGreaterThanOrEqual(expected)
    expect(seen.filter((id) => id === undefined || id === null)).toEqual([])
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen)
    expect(faults).toEqual([])
  }, 400_000)

  test('the address is the whole state: filters, search, order and columns survive back, reload and another browser', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(3).waitFor()
    await page.keyboard.press('f')
    await page.getByRole('combobox', { name: 'Filter by' }).fill('coun')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: 'Values of Country' }).fill('germ')
    await page.getByRole('option', { name: /Germany/ }).click()
    await page.getByRole('button', { name: 'Done' }).click()
    await page.waitForURL(/country=Germany/)
    const expected = await count('&country=Germany')
    await page.getByText(`${expected.toLocaleString('en')} leads`).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('becker')
    await page.waitForURL(/q=becker/)
    await page.getByRole('columnheader', { name: 'Added' }).click()
    await page.waitForURL(/sort=created_at/)
    const address = page.url()
    await page.reload()
    await page.getByRole('button', { name: /^Country is Germany/ }).waitFor()
    expect(await page.getByRole('searchbox', { name: 'Search leads' }).inputValue()).toBe('becker')
    const other = await browser.open()
    await other.page.goto(
      address.replace(stack.url, '').replace('/console', stack.link('').replace(/#.*/, '')) +
        stack.link('').replace(/^[^#]*/, ''),
    )
    await other.page.getByRole('button', { name: /^Country is Germany/ }).waitFor()
    const first = (each: typeof page) => each.locator('[role=gridcell][data-row="0"][data-column="1"]').innerText()
    await other.page.getByRole('row').nth(1).waitFor()
    expect(await first(other.page)).toBe(await first(page))
    await page.goBack()
    await page.waitForURL((url) => !url.search.includes('sort='))
    expect([...faults, ...other.faults]).toEqual([])
  })

  test('another order asks for the rows only, and keeps the elements of the rows', async () => {
    const { page, requests, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(5).waitFor()
    const first = page.locator('[role=gridcell][data-row="0"][data-column="1"]')
    const before = await first.getAttribute('data-lead')
    const cell = await first.elementHandle()
    const asked = requests.length
    await page.evaluate(`history.pushState(null, '', '/console/leads?sort=id')
      dispatchEvent(new PopStateEvent('popstate'))`)
    await expect.poll(() => first.getAttribute('data-lead')).not.toBe(before)
    await page.evaluate('new Promise((done) => setTimeout(done, 500))')
    const lists = requests
      .slice(asked)
      .filter((request) => /[/]leads[?]/.test(request) && !request.includes('/console/'))
    expect(lists).toHaveLength(1)
    expect(await cell?.evaluate((element: { isConnected: boolean }) => element.isConnected)).toBe(true)
    expect(faults).toEqual([])
  })

  test('the script of a lead’s page is there before a lead is opened', async () => {
    const { page, requests } = await browser.open()
    const loaded = page.waitForResponse(/lead-page-[^/]*[.]js$/)
    await page.goto(stack.link('/leads'))
    await loaded
    await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
    const before = requests.length
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2 }).first().waitFor()
    expect(requests.slice(before).filter((request) => request.endsWith('.js'))).toEqual([])
  })

  test('going back from a lead restores scroll and focus', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(3).waitFor()
    await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
    for (let index = 0; index < 6; index += 1) await page.keyboard.press('PageDown')
    const row = await page.evaluate(`document.activeElement.dataset.row`)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await page.goBack()
    await expect.poll(() => page.evaluate('document.activeElement?.dataset.row'), { timeout: 30_000 }).toBe(row)
    expect(faults).toEqual([])
  })

  test('going back restores the focus of a row that was reached without scrolling', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(5).waitFor()
    await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await page.goBack()
    await page.locator('[role=gridcell][data-row="2"][data-column="2"]:focus').waitFor()
    expect(faults).toEqual([])
  })

  test.for(['csv', 'ndjson'] as const)(
    'an export as %s has every row that the count says, with filters',
    async (format) => {
      const { page, faults } = await browser.open({ accept_downloads: true })
      await page.goto(stack.link('/leads?country=in:Germany,India'))
      await page.getByRole('row').nth(3).waitFor()
      await page.getByRole('button', { name: 'Export' }).click()
      if (format === 'ndjson') await page.getByLabel(/NDJSON/).check()
      const downloading = page.waitForEvent('download')
      await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click()
      const path = await (await downloading).path()
      const expected = await count('&country=in:Germany,India')
      const text = await readFile(path, 'utf8')
      const lines = text.trimEnd().split('\n')
      expect(format === 'csv' ? lines.length - 1 : lines.length).toBe(expected)
      await page
        .getByText(`${expected.toLocaleString('en')} of ${expected.toLocaleString('en')} leads written`)
        .waitFor()
      expect(faults).toEqual([])
    },
  )

  test('a phone number typed into the search is found as one, however it is written', async () => {
    await stack.request('POST', '/leads', { full_name: 'Pia Phone', phone: '+493055501444', country: 'Germany' })
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(3).waitFor()
    await page.getByRole('searchbox').fill('+49 (30) 555-01444')
    await page.getByRole('button', { name: 'Find the phone number +49 (30) 555-01444' }).click()
    await page.getByRole('gridcell', { name: 'Pia Phone' }).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('+49 30 555 01444')
    await page.getByRole('option', { name: /Pia Phone/ }).waitFor()
    expect(faults).toEqual([])
  })

  test('a filter that the API refuses is reported at its chip and can be removed', async () => {
    const { page } = await browser.open()
    await page.goto(stack.link('/leads?lead_score=gte:many'))
    await page.getByRole('alert').getByText('lead_score').waitFor()
    await page.getByRole('button', { name: 'Remove filter', exact: true }).click()
    await page.getByRole('row').nth(3).waitFor()
  })

  test('what is hostile in a lead is only text', async () => {
    const hostile = [
      '<img src=x onerror=alert(1)>',
      'javascript:alert(1)',
      '\u202Eevil\u202C',
      'Z̸̡̛a̶l̷g̵o̸ 🙂',
      '"><script>x</script>',
    ]
    const fields = {
      full_name: hostile[0],
      title: hostile[1],
      company_name: hostile[2],
      city: hostile[3],
      notes: hostile[4],
    }
    const lead = await stack.request<{ id: number }>('POST', '/leads', {
      ...fields,
      tags: hostile,
      country: hostile[0],
    })
    await stack.request('POST', `/leads/${lead.id}/events`, { event_type: 'note_added', event_description: hostile[0] })
    const { page, faults } = await browser.open()
    page.on('dialog', (dialog) => faults.push(dialog.message()))
    await page.goto(stack.link(`/leads?id=${lead.id}&ui.cols=title,company_name,city,country,tags,notes`))
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor()
    await page.goto(`${stack.url}/console/leads/${lead.id}`)
    await page.getByText('javascript:alert(1)').first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.locator('a[href^="javascript"]').count()).toBe(0)
    expect(faults).toEqual([])
  })
})
