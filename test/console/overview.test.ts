import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

describeInBrowser('the overview', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await stack.addPlaces(300)
    for (const name of ['Ann', 'Bo', 'Cy']) await stack.request('POST', '/leads', { full_name: `${name} Byhand` })
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const countLeads = async (): Promise<number> =>
    (await stack.request<{ count: { value: number } }>('GET', '/leads?limit=1&count=exact')).count.value

  test('a link to the overview keeps its period and its division, with and without a slash', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/'))
    await page.getByText('Leads a day').waitFor()
    for (const slash of ['', '/']) {
      await page.goto(`${stack.url}/console${slash}?ui.by=source&ui.period=7d`)
      await page.getByRole('radio', { name: '7 days', checked: true }).waitFor()
      expect(await page.getByLabel('Divide the bars').inputValue()).toBe('source')
    }
    await page.getByRole('list', { name: 'Colors' }).getByText('Apify', { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  test('the bars add up to the leads of the period, in total and divided, and a bar leads to its leads', async () => {
    const total = await countLeads()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/'))
    await page.getByLabel('Divide the bars').selectOption('source')
    await page.getByRole('list', { name: 'Colors' }).waitFor()
    await page.getByRole('button', { name: 'Show as table' }).click()
    const cells = await page.getByRole('table', { name: 'Leads a day' }).locator('tbody tr').allInnerTexts()
    const rows = cells.map((row) =>
      row
        .split('\t')
        .slice(1)
        .map((cell) => Number(cell.replace(/\D/g, ''))),
    )
    const sum = (column: number): number => rows.reduce((all, row) => all + (row[column] ?? 0), 0)
    expect(sum(rows[0]?.length ? rows[0].length - 1 : 0)).toBe(total)
    expect(sum(0) + sum(1)).toBe(total)
    await page.getByRole('button', { name: 'Show as chart' }).click()
    const chart = page.getByRole('application', { name: /^Leads a day/ })
    await chart.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/leads\?created_at=/)
    await page.getByText(`${total} leads`, { exact: true }).waitFor()
    expect(faults).toEqual([])
  })

  test('an admin sees the checks of the service, another key is told which key does', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/settings/service'))
    await page.getByText('The schema is up to date.').waitFor()
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByText(/^The queue answers/).waitFor()
    const reader = await browser.open()
    await reader.page.goto(stack.link('/settings/service', await stack.makeKey('reader', 'read')))
    await reader.page.getByText('A key with the scope admin also sees what the service finds.').waitFor()
    expect(reader.requests.filter((line) => line.endsWith('/service') && !line.includes('/console/'))).toEqual([])
    expect([...faults, ...reader.faults]).toEqual([])
  })
})
