import { setTimeout as pause } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

interface Lead {
  id: number
  title: string | null
  full_name: string | null
  lead_status: string
  version: number
  is_deleted: boolean
}

const MANY = 2500

describeInBrowser('changes', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await stack.addPlaces(MANY + 300)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const create = (name: string, more: object = {}): Promise<Lead> =>
    stack.request<Lead>('POST', '/leads', { full_name: name, title: 'before', ...more })
  const read = (id: number): Promise<Lead> => stack.request<Lead>('GET', `/leads/${id}?include_deleted=true`)
  const cell = (page: Page, id: number, field: string) =>
    page.locator(`[role=gridcell][data-lead="${id}"][data-field="${field}"]`)

  const type = async (page: Page, id: number, field: string, text: string): Promise<void> => {
    await cell(page, id, field).dblclick()
    const input = cell(page, id, field).getByRole('textbox')
    await input.fill(text)
    await input.press('Enter')
  }

  test('an edit in the grid is stored with its version, and undone by the toast', async () => {
    const lead = await create('Ada Edit')
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/leads?id=${lead.id}`))
    await type(page, lead.id, 'title', 'after')
    await page.getByText('Title changed').waitFor()
    expect((await read(lead.id)).title).toBe('after')
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByText('Change undone').waitFor()
    expect((await read(lead.id)).title).toBe('before')
    expect(faults).toEqual([])
  })

  test('two browsers edit one cell: no value is lost without a choice', async () => {
    const lead = await create('Bo Conflict')
    const [one, two] = [await browser.open(), await browser.open()]
    for (const { page } of [one, two]) {
      await page.goto(stack.link(`/leads?id=${lead.id}`))
      await cell(page, lead.id, 'title').waitFor()
    }
    await type(one.page, lead.id, 'title', 'from the first')
    await one.page.getByText('Title changed').waitFor()
    await type(two.page, lead.id, 'title', 'from the second')
    const choice = two.page.getByRole('dialog', { name: /Title: changed by somebody else/ })
    await choice.getByText('from the first').waitFor()
    await choice.getByText('from the second').waitFor()
    await choice.getByText('Changed by').waitFor()
    expect((await read(lead.id)).title).toBe('from the first')
    await two.page.keyboard.press('Escape')
    await cell(two.page, lead.id, 'title').getByText('from the first').waitFor()
    await type(two.page, lead.id, 'title', 'the second insists')
    await two.page.getByText('Title changed').waitFor()
    expect((await read(lead.id)).title).toBe('the second insists')
    expect([...one.faults, ...two.faults]).toEqual([])
  })

  test('a cell that is changed again before the answer ends with the last value, without a conflict', async () => {
    const lead = await create('Di Twice')
    const { page, context, faults, requests } = await browser.open()
    await page.goto(stack.link(`/leads?id=${lead.id}`))
    await cell(page, lead.id, 'title').waitFor()
    await context.route('**/leads/*', async (route) => {
      if (route.request().method() === 'PATCH') await pause(400)
      await route.continue()
    })
    for (const title of ['one', 'two', 'one']) await type(page, lead.id, 'title', title)
    await vi.waitFor(async () => expect(await read(lead.id)).toMatchObject({ title: 'one', version: 4 }), {
      timeout: 30_000,
    })
    expect(await cell(page, lead.id, 'title').innerText()).toBe('one')
    expect(requests.filter((request) => request.startsWith('PATCH'))).toHaveLength(3)
    expect(faults).toEqual([])
  })

  test('a change of another field in between is no conflict: both are kept', async () => {
    const lead = await create('Cy Both')
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/leads?id=${lead.id}`))
    await cell(page, lead.id, 'title').waitFor()
    await stack.request('PATCH', `/leads/${lead.id}`, { city: 'Graz' })
    await type(page, lead.id, 'title', 'mine')
    await page.getByText('Title changed').waitFor()
    expect(await read(lead.id)).toMatchObject({ title: 'mine', city: 'Graz' })
    expect(faults).toEqual([])
  })

  test('a value that the API would refuse is reported over the next row, and the input is kept', async () => {
    const lead = await create('Di Invalid', { email: 'di@invalid.example' })
    const { page } = await browser.open()
    await page.goto(stack.link('/leads'))
    await cell(page, lead.id, 'email').dblclick()
    const input = cell(page, lead.id, 'email').getByRole('textbox')
    await input.fill('no address')
    await input.press('Enter')
    await page.getByRole('alert').getByText('Not an email address').waitFor()
    const is_on_top = `(() => {
      const alert = document.querySelector('[role=gridcell] [role=alert]')
      const { left, top, width, height } = alert.getBoundingClientRect()
      return alert.contains(document.elementFromPoint(left + width / 2, top + height / 2))
    })()`
    expect(await page.evaluate(is_on_top)).toBe(true)
    expect(await input.inputValue()).toBe('no address')
    await cell(page, lead.id, 'title').click()
    await page.getByText('“no address” is not saved').waitFor()
    expect(await cell(page, lead.id, 'email').innerText()).toBe('di@invalid.example')
  })

  test('delete, undo, and ⌘Z inside an input is the input’s own', async () => {
    const lead = await create('Ed Delete')
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/leads?id=${lead.id}`))
    await cell(page, lead.id, 'title').click()
    await page.keyboard.press('Backspace')
    await page.getByText('Ed Delete deleted').waitFor()
    expect((await read(lead.id)).is_deleted).toBe(true)
    await page.keyboard.press('/')
    await page.keyboard.type('x')
    await page.keyboard.press('Control+z')
    expect((await read(lead.id)).is_deleted).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+z')
    await page.getByText('Lead restored').waitFor()
    expect((await read(lead.id)).is_deleted).toBe(false)
    expect(faults).toEqual([])
  })

  test('the menu of a row copies, filters, changes, deletes and restores', async () => {
    const lead = await create('Gil Menu', { city: 'Menuville', email: 'gil@menu.example' })
    await create('Hal Menu', { city: 'Menuville' })
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads?city=Menuville'))
    const choose = async (item: string | RegExp): Promise<void> => {
      await page.getByRole('menu').getByRole('menuitem', { name: item }).click()
      await page.getByRole('menu').waitFor({ state: 'detached' })
    }
    await cell(page, lead.id, 'email').click({ button: 'right' })
    await choose('Copy email')
    await page.getByText('Email copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('gil@menu.example')
    await cell(page, lead.id, 'email').click()
    await page.keyboard.press('.')
    await choose('Only email gil@menu.example')
    await page.getByRole('button', { name: /^Email is gil@menu.example/ }).waitFor()
    await expect.poll(() => page.locator('[role=gridcell][data-field=city]').count()).toBe(1)
    await cell(page, lead.id, 'title').click({ button: 'right' })
    await choose('Qualified')
    await page.getByText('Status changed').waitFor()
    expect((await read(lead.id)).lead_status).toBe('qualified')
    await cell(page, lead.id, 'title').click({ button: 'right' })
    await choose('Delete')
    await page.getByText('Gil Menu deleted').waitFor()
    await page.goto(`${stack.url}/console/leads?is_deleted=true&city=Menuville`)
    await cell(page, lead.id, 'title').click({ button: 'right' })
    await choose('Restore')
    await page.getByText('Lead restored').waitFor()
    expect((await read(lead.id)).is_deleted).toBe(false)
    expect(faults).toEqual([])
  })

  test('deleted leads are restored together, and deleted again by ⌘Z', async () => {
    const ids = [(await create('Ida Back', { city: 'Backham' })).id, (await create('Jon Back', { city: 'Backham' })).id]
    for (const id of ids) await stack.request('DELETE', `/leads/${id}`)
    const areDeleted = () => Promise.all(ids.map(async (id) => (await read(id)).is_deleted))
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads?is_deleted=true&city=Backham'))
    const bar = page.getByRole('toolbar', { name: 'Selection' })
    await page.getByRole('checkbox', { name: 'Select row 1' }).click()
    await page.getByRole('checkbox', { name: 'Select row 2' }).click()
    await bar.getByText('2 selected').waitFor()
    await bar.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('2 leads restored').waitFor()
    expect(await areDeleted()).toEqual([false, false])
    await page.keyboard.press('ControlOrMeta+z')
    await page.getByText('2 leads put back').waitFor()
    expect(await areDeleted()).toEqual([true, true])
    expect(faults).toEqual([])
  })

  test('2,500 leads are changed at once; the one changed concurrently is reported; undo restores the others', async () => {
    const { page, faults } = await browser.open()
    const found = await stack.request<{ data: Lead[] }>('GET', `/leads?source=apify&sort=id&limit=3`)
    const changed_id = found.data[1]?.id as number
    const total = (await stack.request<{ count: { value: number } }>('GET', '/leads?source=apify&limit=1&count=exact'))
      .count.value
    expect(total).toBeGreaterThan(MANY)
    await page.goto(stack.link('/leads?source=apify&sort=id'))
    await page.getByRole('row').nth(3).waitFor()
    // Held back after the console has read the versions, so that the change falls in between.
    let is_changed = false
    await page.route('**/leads/batch', async (route) => {
      if (!is_changed) {
        is_changed = true
        await stack.request('PATCH', `/leads/${changed_id}`, { title: 'Head of Sales' })
      }
      await route.continue()
    })
    await page.keyboard.press('Control+Shift+a')
    await page
      .getByRole('toolbar', { name: 'Selection' })
      .getByRole('button', { name: /Status/ })
      .click()
    await page.getByRole('menuitem', { name: 'Contacted' }).click()
    await page.getByRole('button', { name: 'Change', exact: true }).click({ timeout: 120_000 })
    await page.getByRole('heading', { name: '1 lead not changed' }).waitFor({ timeout: 120_000 })
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByText(`${(total - 1).toLocaleString('en')} leads set to contacted`).waitFor()
    const contacted = () =>
      stack.request<{ count: { value: number } }>(
        'GET',
        '/leads?source=apify&lead_status=contacted&limit=1&count=exact',
      )
    expect((await contacted()).count.value).toBe(total - 1)
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByText(`${(total - 1).toLocaleString('en')} leads put back`).waitFor({ timeout: 120_000 })
    await expect.poll(async () => (await contacted()).count.value).toBe(0)
    expect(faults).toEqual([])
  }, 300_000)

  test('all leads that match are deleted after their number is typed, and come back by Undo', async () => {
    const { page, faults } = await browser.open()
    const countOf = async (query: string): Promise<number> =>
      (await stack.request<{ count: { value: number } }>('GET', `/leads?source=apify&limit=1&count=exact${query}`))
        .count.value
    const total = await countOf('')
    await page.goto(stack.link('/leads?source=apify'))
    await page.getByRole('row').nth(3).waitFor()
    await page.keyboard.press('Control+Shift+a')
    await page.getByRole('toolbar', { name: 'Selection' }).getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: `Delete ${total.toLocaleString('en')} leads?` })
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
    await dialog.getByLabel(`Type ${total} to confirm`).fill(String(total))
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByText(`${total.toLocaleString('en')} leads deleted`).waitFor({ timeout: 120_000 })
    expect(await countOf('')).toBe(0)
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByText(`${total.toLocaleString('en')} leads put back`).waitFor({ timeout: 120_000 })
    expect(await countOf('')).toBe(total)
    expect(await countOf('&is_deleted=true')).toBe(0)
    expect(faults).toEqual([])
  }, 300_000)

  test('chosen companies are tagged, deleted, restored and put back together', async () => {
    const make = async (name: string): Promise<number> =>
      (await stack.request<Lead>('POST', '/companies', { name, domain: `${name}.example`, city: 'Bulkham' })).id
    const ids = [await make('first-bulk'), await make('second-bulk'), await make('third-bulk')]
    const state = async (): Promise<[string, boolean][]> =>
      Promise.all(
        ids.map(async (id) => {
          const path = `/companies/${id}?include_deleted=true`
          const { tags, is_deleted } = await stack.request<{ tags: string[]; is_deleted: boolean }>('GET', path)
          return [tags.join(), is_deleted] as [string, boolean]
        }),
      )
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/companies?city=Bulkham'))
    const bar = page.getByRole('toolbar', { name: 'Selection' })
    await page.getByRole('checkbox', { name: 'Select row 1' }).click()
    await page.getByRole('checkbox', { name: 'Select row 3' }).click({ modifiers: ['Shift'] })
    await bar.getByText('3 selected').waitFor()
    await bar.getByRole('button', { name: 'Tags' }).click()
    const dialog = page.getByRole('dialog', { name: 'Tags of the selected companies' })
    await dialog.getByLabel('Add').fill('fair')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('3 companies tagged').waitFor()
    expect(await state()).toEqual(ids.map(() => ['fair', false]))

    await bar.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('3 companies deleted').waitFor()
    expect(await state()).toEqual(ids.map(() => ['fair', true]))
    await bar.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('3 companies restored').waitFor()
    expect(await state()).toEqual(ids.map(() => ['fair', false]))

    await page.keyboard.press('ControlOrMeta+z')
    await page.getByText('3 companies put back').waitFor()
    expect(await state()).toEqual(ids.map(() => ['fair', true]))
    expect(faults).toEqual([])
  })

  test('a new lead with the email of another one shows that one', async () => {
    await create('Fay First', { email: 'fay@example.com' })
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(3).waitFor()
    await page.keyboard.press('c')
    const dialog = page.getByRole('dialog', { name: 'New lead' })
    await dialog.getByLabel('Name').fill('Fay Second')
    await dialog.getByLabel('Email').fill('fay@example.com')
    await dialog.getByRole('button', { name: 'Create lead' }).click()
    await dialog.getByRole('alert').first().waitFor()
    await dialog.getByRole('button', { name: 'Open it' }).click()
    await page.getByRole('heading', { name: 'Fay First' }).waitFor()
    expect(faults).toEqual([])
  })
})
