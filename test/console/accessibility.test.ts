import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { noopLog } from '@leads/core/log'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers, startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'
import { tabThrough } from './tab-through.ts'

interface Place {
  name: string
  path: () => string
  /** Opens what is checked; default: the page itself. */
  act?: (page: Page) => Promise<unknown>
  /** Rows of a phone have no cells, and its toolbar has fewer buttons. */
  is_wide_only?: true
  ready: (page: Page) => Promise<unknown>
}

describeInBrowser('accessibility', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  let run_id = ''
  let lead_id = 0
  let company_id = 0
  let import_id = ''
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    run_id = await stack.addPlaces(300)
    const { data } = await stack.request<{ data: { id: number; company_id: number }[] }>(
      'GET',
      '/leads?limit=1&email=is:not_null',
    )
    lead_id = data[0]?.id ?? 0
    company_id = data[0]?.company_id ?? 0
    await stack.request('PATCH', `/leads/${lead_id}`, { lead_score: 70, tags: ['fair'], title: 'Owner' })
    const content = 'Name,Mail\nAda,ada@example.com\n,\n'
    const batch = await stack.request<{ import_batch_id: string }>('POST', '/imports', {
      content,
      file_name: 'fair.csv',
    })
    import_id = batch.import_batch_id
    const person = { full_name: 'Mirela Stoica', phone: '+40215550101' }
    for (const title of ['Owner', 'Founder']) await stack.request('POST', '/leads', { ...person, title })
    await findDuplicates({ db: stack.db, log: noopLog, now: () => new Date() })
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const grid = (page: Page) => page.getByRole('row').nth(2).waitFor()
  const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first().waitFor()
  let titles = 0
  const titleCell = (page: Page) => page.locator(`[role=gridcell][data-lead="${lead_id}"][data-field=title]`)
  const dialog = (page: Page) => page.getByRole('dialog').first().waitFor()
  const places: readonly Place[] = [
    { name: 'overview', path: () => '', ready: heading('Actors') },
    { name: 'leads', path: () => '/leads', ready: grid },
    { name: 'leads with filters', path: () => '/leads?country=in:Germany,India&lead_status=new', ready: grid },
    { name: 'no lead', path: () => '/leads?country=Nowhere', ready: heading('No lead matches') },
    { name: 'peek', path: () => `/leads?ui.peek=${lead_id}`, ready: heading('History') },
    {
      name: 'filter',
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('f').then(() => dialog(page)),
    },
    {
      name: 'filter values',
      path: () => '/leads?country=Germany',
      ready: grid,
      act: (page) =>
        page
          .getByRole('button', { name: /^Country is/ })
          .click()
          .then(() => dialog(page)),
    },
    {
      name: 'views',
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('v').then(() => dialog(page)),
    },
    {
      name: 'columns',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: (page) =>
        page
          .getByRole('button', { name: 'Columns' })
          .click()
          .then(() => dialog(page)),
    },
    {
      name: 'new lead',
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('c').then(() => dialog(page)),
    },
    {
      name: 'export',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: (page) =>
        page
          .getByRole('button', { name: 'Export' })
          .click()
          .then(() => dialog(page)),
    },
    {
      name: 'palette',
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('Control+k').then(() => dialog(page)),
    },
    {
      name: 'keys',
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('?').then(() => dialog(page)),
    },
    {
      name: 'selection',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('x').then(() => page.getByRole('toolbar', { name: 'Selection' }).waitFor()),
    },
    {
      name: 'menu of a row',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('.').then(() => page.getByRole('menu').waitFor()),
    },
    {
      name: 'menu of statuses',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('s').then(() => page.getByRole('menu').waitFor()),
    },
    {
      name: 'editor of tags',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: (page) => page.keyboard.press('t').then(() => dialog(page)),
    },
    { name: 'lead', path: () => `/leads/${lead_id}`, ready: heading('Source') },
    {
      name: 'editor of a field',
      path: () => `/leads/${lead_id}`,
      ready: heading('Source'),
      act: (page) => page.getByRole('button', { name: 'Edit Title' }).click(),
    },
    {
      name: 'bulk confirmation',
      is_wide_only: true,
      path: () => '/leads',
      ready: grid,
      act: async (page) => {
        await page.keyboard.press('ControlOrMeta+a')
        await page.getByRole('toolbar', { name: 'Selection' }).waitFor()
        await page.keyboard.press('Backspace')
        await page.getByRole('dialog', { name: 'Delete 100 leads?' }).waitFor()
      },
    },
    {
      name: 'conflict',
      is_wide_only: true,
      path: () => `/leads?id=${lead_id}`,
      ready: (page) => titleCell(page).waitFor(),
      act: async (page) => {
        titles += 1
        await stack.request('PATCH', `/leads/${lead_id}`, { title: `Title ${titles}` })
        await titleCell(page).dblclick()
        await titleCell(page).getByRole('textbox').fill('Mine')
        await page.keyboard.press('Enter')
        await page.getByRole('dialog', { name: /changed by somebody else/ }).waitFor()
      },
    },
    { name: 'companies', path: () => '/companies', ready: grid },
    {
      name: 'new company',
      path: () => '/companies',
      ready: (page) => page.getByRole('button', { name: 'New company' }).waitFor(),
      act: (page) => page.keyboard.press('c').then(() => dialog(page)),
    },
    { name: 'company', path: () => `/companies/${company_id}`, ready: heading('Leads') },
    { name: 'syncs', path: () => '/syncs', ready: (page) => page.getByText('That is all').waitFor() },
    {
      name: 'sync a run',
      path: () => '/syncs',
      ready: (page) => page.getByText('That is all').waitFor(),
      act: (page) =>
        page
          .getByRole('button', { name: 'Sync a run' })
          .click()
          .then(() => page.getByLabel(/Run id, or its address/).waitFor()),
    },
    { name: 'sync', path: () => `/syncs/${run_id}`, ready: heading('Rejections') },
    { name: 'imports', path: () => '/imports', ready: heading('Files') },
    {
      name: 'preview of an import',
      path: () => '/imports',
      ready: heading('Files'),
      act: async (page) => {
        const buffer = Buffer.from('Name,Mail,Firma\nBea,bea@example.com,Bea Ltd\n,,\n')
        await page.getByLabel('File to import').setInputFiles({ name: 'new.csv', mimeType: 'text/csv', buffer })
        await page.getByText('What the import would do').waitFor()
      },
    },
    {
      name: 'undo of an import',
      path: () => `/imports/${import_id}`,
      ready: heading('Columns'),
      act: (page) =>
        page
          .getByRole('button', { name: 'Undo import' })
          .click()
          .then(() => dialog(page)),
    },
    { name: 'import', path: () => `/imports/${import_id}`, ready: heading('Columns') },
    {
      name: 'duplicates',
      path: () => '/duplicates',
      ready: (page) => page.getByRole('radio', { name: 'Founder' }).waitFor(),
    },
    { name: 'no duplicates', path: () => '/duplicates?ui.status=merged', ready: heading('No pairs here') },
    { name: 'keys of the API', path: () => '/settings/keys', ready: (page) => page.getByText('in use here').waitFor() },
    {
      name: 'new key',
      path: () => '/settings/keys',
      ready: (page) => page.getByText('in use here').waitFor(),
      act: (page) =>
        page
          .getByRole('button', { name: 'New key' })
          .click()
          .then(() => dialog(page)),
    },
    ...['Rotate', 'Revoke'].map((name) => ({
      name: `${name.toLowerCase()} key`,
      path: () => '/settings/keys',
      ready: (page: Page) => page.getByText('in use here').waitFor(),
      act: (page: Page) =>
        page
          .getByRole('button', { name })
          .first()
          .click()
          .then(() => dialog(page)),
    })),
    { name: 'service', path: () => '/settings/service', ready: heading('Addresses') },
    { name: 'this browser', path: () => '/settings/browser', ready: heading('This browser') },
    { name: 'not found', path: () => '/nowhere', ready: heading('There is no such page') },
  ]

  async function open(page: Page, { path, ready, act }: Place): Promise<void> {
    await page.goto(`${stack.url}/console${path()}`)
    await ready(page)
    await act?.(page)
  }

  test('axe finds nothing on any page or overlay in the light and the dark theme', async () => {
    const found: string[] = []
    const { page, faults } = await browser.open()
    const check = async (opened: Page, name: string) => {
      // The theme follows the system's while a page is open, so that both are checked without opening it twice.
      const colors: string[] = []
      for (const theme of ['light', 'dark'] as const) {
        await opened.emulateMedia({ colorScheme: theme })
        colors.push(await opened.evaluate('getComputedStyle(document.documentElement).color'))
        found.push(...(await findBarriers(opened)).map((barrier) => `${name}, ${theme}: ${barrier}`))
      }
      expect(new Set(colors).size, `themes of ${name}`).toBe(2)
      await opened.emulateMedia({ colorScheme: 'light' })
    }
    await page.goto(stack.link())
    await page.getByText('admin key').waitFor()
    for (const place of places) {
      await open(page, place)
      await page.waitForTimeout(250)
      await check(page, place.name)
    }
    const signed_out = await browser.open()
    await signed_out.page.goto(`${stack.url}/console`)
    await signed_out.page.getByText('The service is up').waitFor()
    await check(signed_out.page, 'sign in')
    expect(found).toEqual([])
    expect(faults).toEqual([])
  }, 400_000)

  test('every control of every page and overlay is reached by Tab, and shows the focus', async () => {
    const found: string[] = []
    const { page, faults } = await browser.open()
    await page.goto(stack.link())
    await page.getByText('admin key').waitFor()
    for (const place of places) {
      await open(page, place)
      found.push(...(await tabThrough(page)).map((barrier) => `${place.name}: ${barrier}`))
    }
    expect(found).toEqual([])
    expect(faults).toEqual([])
  }, 300_000)

  test('no page and no overlay scrolls sideways at 320 pixels', async () => {
    const wide: string[] = []
    const { page, faults } = await browser.open({ width: 320, height: 640 })
    await page.goto(stack.link())
    for (const place of places.filter(({ is_wide_only }) => !is_wide_only)) {
      await page.goto(`${stack.url}/console${place.path()}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await place.ready(page)
      await place.act?.(page)
      const width = (await page.evaluate('document.documentElement.scrollWidth')) as number
      if (width > 320) wide.push(`${place.name}: ${width}`)
    }
    expect(wide).toEqual([])
    expect(faults).toEqual([])
  }, 300_000)

  test('every page is reached on a phone', async () => {
    const { page, faults } = await browser.open({ width: 320, height: 700 })
    await page.goto(stack.link('/leads'))
    await grid(page)
    for (const name of ['Companies', 'Duplicates']) {
      await page.getByRole('button', { name: 'Navigation' }).click()
      await page.getByRole('dialog').getByRole('link', { name }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }
    expect(faults).toEqual([])
  }, 90_000)

  test('a long press selects a row on a phone and does not open it, a tap opens it', async () => {
    const { page, context, faults } = await browser.open({ width: 390, height: 800, has_touch: true })
    await page.goto(stack.link('/leads'))
    await grid(page)
    const box = await page.getByRole('row').nth(2).boundingBox()
    const touchPoints = [{ x: (box?.x ?? 0) + 60, y: (box?.y ?? 0) + 15 }]
    const session = await context.newCDPSession(page)
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
    const bar = page.getByRole('toolbar', { name: 'Selection' })
    await bar.getByText('1 selected').waitFor()
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    expect(await page.evaluate('location.pathname')).toBe('/console/leads')
    await page.touchscreen.tap(touchPoints[0]?.x ?? 0, touchPoints[0]?.y ?? 0)
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await page.goBack()
    await grid(page)
    expect(await bar.count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('a lead is found, opened, edited and left by keys alone', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await grid(page)
    const active = (script: string) => page.evaluate(`document.activeElement?.${script}`)
    await page.keyboard.press('/')
    expect(await active('type')).toBe('search')
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowRight')
    expect(await active('getAttribute("role")')).toBe('gridcell')
    expect(await active('matches(":focus-visible")')).toBe(true)
    await page.keyboard.press('s')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('q')
    await page.keyboard.press('Enter')
    await page.getByText('Status changed').waitFor()
    await expect.poll(() => active('getAttribute("role")'), { timeout: 20_000 }).toBe('gridcell')
    await page.keyboard.press('Space')
    await page.getByRole('complementary', { name: 'Lead beside the list' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'History' }).waitFor()
    await page.keyboard.press('n')
    await page.keyboard.type('By keys')
    await page.keyboard.press('Control+Enter')
    await page.getByText('added a note').first().waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('go to syncs')
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Syncs' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(faults).toEqual([])
  })

  test('a company is found in the palette by a part of its name, and opened by Enter', async () => {
    await stack.request('POST', '/companies', { name: 'Quillfeather Bindery', domain: 'quillfeather.example' })
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(3).waitFor()
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type('quillf')
    await page.getByRole('option', { name: /Quillfeather Bindery/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: 'Quillfeather Bindery' }).waitFor()
    expect(faults).toEqual([])
  })

  test('letters typed right after the key of the palette are its own, also before it is loaded', async () => {
    const { page, faults } = await browser.open()
    await page.route(/\/assets\/palette/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await route.continue()
    })
    await page.goto(stack.link('/leads'))
    const cell = page.locator('[role=gridcell][data-row="0"][data-column="1"]')
    await cell.focus()
    const name = await cell.innerText()
    await page.keyboard.press('ControlOrMeta+k')
    await page.keyboard.type('xeds go')
    const box = page.getByRole('combobox', { name: 'Search and commands' })
    await box.waitFor()
    expect(await box.inputValue()).toBe('xeds go')
    await page.keyboard.type('!')
    await page.keyboard.press('Backspace')
    await page.keyboard.type('?')
    expect(await box.inputValue()).toBe('xeds go?')
    await page.keyboard.press('Escape')
    await box.waitFor({ state: 'detached' })
    expect(await cell.innerText()).toBe(name)
    expect(await page.getByRole('toolbar', { name: 'Selection' }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('letters typed right after the key of the filters name the filter, also before its list is loaded', async () => {
    const { page, faults } = await browser.open()
    await page.route(/\/assets\/(filter-popup|popups)/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1500))
      await route.continue()
    })
    await page.goto(stack.link('/leads'))
    await page.locator('[role=gridcell][data-row="0"][data-column="1"]').focus()
    await page.keyboard.press('f')
    await page.keyboard.type('tags')
    const box = page.getByRole('combobox', { name: 'Filter by' })
    await box.waitFor()
    await expect.poll(() => box.inputValue()).toBe('tags')
    expect(new URL(page.url()).pathname).toBe('/console/leads')
    expect(faults).toEqual([])
  })

  test('the focus stays within a dialog and returns to where it was', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await grid(page)
    const button = page.getByRole('button', { name: 'Columns' })
    await button.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    for (let index = 0; index < 60; index += 1) await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.closest("[role=dialog]") !== null')).toBe(true)
    await page.keyboard.press('Escape')
    await expect
      .poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")'), { timeout: 20_000 })
      .toBe('Columns')
    expect(faults).toEqual([])
  })

  test('single keys can be switched off', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/settings/browser'))
    await page.getByLabel('Single keys as shortcuts').uncheck()
    await page.goto(`${stack.url}/console/leads`)
    await grid(page)
    await page.keyboard.press('f')
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').waitFor()
    expect(faults).toEqual([])
  })
})
