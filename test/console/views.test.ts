import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

interface StoredView {
  id: number
  name: string
  query: string
  columns: string[] | null
  is_shared: boolean
}

describeInBrowser('saved views', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    for (const country of ['Austria', 'India'])
      await stack.request('POST', '/leads', { full_name: `Lead of ${country}`, country, title: 'Owner' })
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const listViews = async (): Promise<StoredView[]> =>
    (await stack.request<{ data: StoredView[] }>('GET', '/views?list=leads')).data

  test('a shared view opens with its filters, order, columns and widths in the browser of another key', async () => {
    const { page, faults } = await browser.open()
    await page.goto(
      stack.link('/leads?country=Austria&sort=-updated_at&ui.cols=name,title,country&ui.widths=title.260'),
    )
    await page.getByRole('button', { name: /, views$/ }).click()
    await page.getByPlaceholder('Name').fill('Austria by change')
    await page.getByLabel('Share with everyone').check()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page
      .getByRole('navigation')
      .getByRole('link', { name: /^Austria by change/ })
      .waitFor()
    const [view] = await listViews()
    expect(view).toMatchObject({
      name: 'Austria by change',
      query: 'country=Austria&sort=-updated_at',
      columns: ['name', 'title=260', 'country'],
      is_shared: true,
    })
    const { data } = await stack.request<{ data: { country: string }[] }>('GET', `/leads?${view?.query}`)
    expect(data.map(({ country }) => country)).toEqual(['Austria'])

    const other = await browser.open()
    await other.page.goto(stack.link('/', await stack.makeKey('reader', 'read')))
    await other.page
      .getByRole('navigation')
      .getByRole('link', { name: /^Austria by change/ })
      .click()
    await other.page.getByRole('gridcell', { name: 'Lead of Austria' }).waitFor()
    expect(await other.page.getByRole('gridcell', { name: 'Lead of India' }).count()).toBe(0)
    const head = other.page.getByRole('columnheader', { name: 'Title' })
    expect((await head.boundingBox())?.width).toBe(260)
    expect(await other.page.getByRole('columnheader', { name: 'Email' }).count()).toBe(0)
    await other.page.getByRole('button', { name: /, views$/ }).click()
    await other.page.getByText('Shared by others').waitFor()
    expect(await other.page.getByRole('button', { name: 'Delete view Austria by change' }).count()).toBe(0)
    expect([...faults, ...other.faults]).toEqual([])
  })

  test('a view that is kept to oneself is hidden from other keys, and a deleted one comes back by Undo', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads?country=India'))
    await page.getByRole('button', { name: /, views$/ }).click()
    await page.getByPlaceholder('Name').fill('Only mine')
    await page.getByPlaceholder('Name').press('Enter')
    const link = page.getByRole('navigation').getByRole('link', { name: 'Only mine' })
    await link.waitFor()
    const other = await browser.open()
    await other.page.goto(stack.link('/leads', await stack.makeKey('second reader', 'read')))
    await other.page
      .getByRole('navigation')
      .getByRole('link', { name: /^Austria by change/ })
      .waitFor()
    expect(await other.page.getByRole('link', { name: 'Only mine' }).count()).toBe(0)

    await page.getByRole('button', { name: /, views$/ }).click()
    await page.getByRole('button', { name: 'Delete view Only mine' }).click()
    await link.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Undo/ }).click()
    await link.waitFor()
    expect((await listViews()).map(({ name }) => name)).toContain('Only mine')
    expect([...faults, ...other.faults]).toEqual([])
  })

  test('a changed view is saved under its name, and a second view of this name is refused at the field', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads?country=India&ui.view=Only+mine&lead_status=new'))
    await page.getByRole('button', { name: /, views$/ }).click()
    await page.getByPlaceholder('Name').fill('Only mine')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('You have a view of this name.').waitFor()
    await page.getByRole('button', { name: 'Save changes to “Only mine”' }).click()
    await page.getByText('View “Only mine” saved').first().waitFor()
    const view = (await listViews()).find(({ name }) => name === 'Only mine')
    expect(view?.query).toBe('country=India&lead_status=new')
    expect(faults).toEqual([])
  })

  test('columns are reordered by dragging and by keys', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads?ui.cols=title,country,city,phone'))
    await page.getByRole('columnheader', { name: 'Phone' }).waitFor()
    const heads = (): Promise<string[]> => page.getByRole('columnheader').allInnerTexts()
    await page.getByRole('button', { name: 'Columns' }).click()
    const menu = page.getByRole('dialog', { name: 'Columns' })
    await menu.getByText('Phone').waitFor()
    const grip = (label: string) => menu.locator(`[data-grip="${label}"]`)
    await grip('Phone').hover()
    await page.mouse.down()
    const top = await grip('Title').boundingBox()
    await page.mouse.move((top?.x ?? 0) + 8, (top?.y ?? 0) + 8, { steps: 5 })
    await page.mouse.up()
    await expect.poll(async () => (await heads()).slice(2)).toEqual(['Phone', 'Title', 'Country', 'City'])
    await menu.getByRole('checkbox', { name: 'City' }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await expect.poll(async () => (await heads()).slice(2)).toEqual(['Phone', 'Title', 'City', 'Country'])
    expect(new URL(page.url()).searchParams.get('ui.cols')).toBe('phone,title,city,country')
    expect(faults).toEqual([])
  })
})
