import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { ADMIN_KEY, type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

describeInBrowser('signing in', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
    await stack.addPlaces(200)
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  test('the link of npm start signs in, and the key is in no address, history or request line', async () => {
    const { page, requests, faults } = await browser.open()
    await page.goto(stack.link('/leads'))
    await page.getByRole('grid', { name: 'Leads' }).waitFor()
    await page.getByText('admin key').waitFor()
    expect(page.url()).toBe(`${stack.url}/console/leads`)
    expect(requests.filter((line) => line.replace(/#.*/, '').includes(ADMIN_KEY))).toEqual([])
    await page.getByRole('link', { name: 'Syncs' }).click()
    await page.goBack()
    expect(page.url()).not.toContain(ADMIN_KEY)
    expect(requests.every((line) => line.includes(` ${stack.url}/`))).toBe(true)
    expect(faults).toEqual([])
  })

  test('a wrong key is refused with its reason, a right one signs in', async () => {
    const { page, faults } = await browser.open()
    await page.goto(`${stack.url}/console/leads`)
    const field = page.getByLabel('API key')
    await field.fill('lk_short')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('at least 40 letters').waitFor()
    await field.fill(`lk_${'x'.repeat(40)}`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('unknown, expired or revoked').waitFor()
    await field.fill(ADMIN_KEY)
    await page.keyboard.press('Enter')
    await page.getByRole('grid', { name: 'Leads' }).waitFor()
    expect(faults).toEqual([])
  })

  test('a read key sees no way to change anything, and a refusal is reported', async () => {
    const key = await stack.makeKey('reader', 'read')
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads', key))
    await page.getByText('read key').waitFor()
    await page.getByRole('row').nth(1).waitFor()
    expect(await page.getByRole('button', { name: 'New lead' }).count()).toBe(0)
    await page.keyboard.press('j')
    await page.keyboard.press('F2')
    await page.keyboard.press('s')
    expect(await page.getByRole('menu').count()).toBe(0)
    expect(await page.locator('[role=gridcell] input[type=text], [role=gridcell] input:not([type])').count()).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'History' }).waitFor()
    expect(await page.getByRole('button', { name: /^Edit / }).count()).toBe(0)
    await page.goto(`${stack.url}/console/settings/keys`)
    await page.getByText('Only a key with the scope admin').waitFor()
    await page.goto(`${stack.url}/console/imports`)
    await page.getByRole('heading', { name: 'Imports' }).waitFor()
    expect(await page.getByRole('button', { name: 'Import a file' }).count()).toBe(0)
    expect(faults).toEqual([])
  })

  test('a key pressed before the API has answered what it may do acts once it has', async () => {
    const { page, faults } = await browser.open()
    const { promise: may_answer, resolve: answerMe } = Promise.withResolvers<void>()
    await page.route('**/me', async (route) => {
      await may_answer
      await route.continue()
    })
    await page.goto(stack.link('/leads'))
    await page.getByRole('row').nth(2).waitFor()
    await page.keyboard.press('c')
    expect(await page.getByRole('dialog').count()).toBe(0)
    answerMe()
    await page.getByRole('dialog', { name: 'New lead' }).waitFor()
    expect(faults).toEqual([])
  })

  test('a key that is revoked while in use asks for another over the page, and the change is made with that one', async () => {
    const key = await stack.makeKey('short lived', 'write')
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/leads', key))
    await page.getByText('write key').waitFor()
    await page.getByRole('gridcell').nth(1).click()
    await page.keyboard.press('Enter')
    await page.getByLabel('Text').fill('Called, will call back')
    const { data } = await stack.request<{ data: { id: number; name: string }[] }>('GET', '/api-keys?limit=100')
    await stack.request('DELETE', `/api-keys/${data.find(({ name }) => name === 'short lived')?.id}`)
    await page.getByRole('button', { name: /^Add/ }).click()
    await page.getByRole('heading', { name: 'Sign in again' }).waitFor()
    await page.getByLabel('API key').fill(ADMIN_KEY)
    await page.keyboard.press('Enter')
    await page.getByText('added a note').waitFor()
    await page.getByText('Called, will call back').first().waitFor()
    expect(faults).toEqual([])
  })
})
