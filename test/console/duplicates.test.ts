import { findCompanyDuplicates } from '@leads/core/duplicates/find-company-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { noopLog } from '@leads/core/log'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBarriers, startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

interface Row {
  id: number
  is_deleted: boolean
  merged_into_id: number | null
  city: string | null
  title: string | null
  full_name: string | null
}

describeInBrowser('duplicates', () => {
  let stack: ConsoleStack
  let browser: TestBrowser
  beforeAll(async () => {
    stack = await startConsoleStack()
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  const create = async (path: string, body: object): Promise<number> =>
    (await stack.request<Row>('POST', path, body)).id
  const read = (path: string): Promise<Row> => stack.request<Row>('GET', `${path}?include_deleted=true`)
  const find = async (): Promise<void> => {
    const options = { db: stack.db, log: noopLog, now: () => new Date() }
    await findDuplicates(options)
    await findCompanyDuplicates(options)
  }

  test('two leads are compared by keys, merged, and taken apart by Undo', async () => {
    const person = { full_name: 'Mirela Stoica', phone: '+40215550101' }
    const keeper = await create('/leads', { ...person, company_name: 'Stoica Prints', external_id: 'pair:a' })
    const other = await create('/leads', { ...person, city: 'Iasi', external_id: 'pair:b' })
    await find()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/duplicates'))
    await page.getByRole('navigation', { name: 'Pairs' }).getByText('Mirela Stoica').first().waitFor()
    await page.getByRole('row', { name: /^City Iasi/ }).waitFor()
    await page.keyboard.press('m')
    await page.getByText(`Lead ${other} merged into ${keeper}`).waitFor()
    expect(await read(`/leads/${other}`)).toMatchObject({ is_deleted: true, merged_into_id: keeper })
    expect((await read(`/leads/${keeper}`)).city).toBe('Iasi')
    await page.getByRole('button', { name: /^Undo/ }).click()
    await page.getByText('The leads are separate again').waitFor()
    expect((await read(`/leads/${other}`)).is_deleted).toBe(false)
    expect(faults).toEqual([])
  })

  test('of two values the chosen one is kept, and what is not chosen stays', async () => {
    const person = { phone: '+40215550144', company_name: 'Moldovan Prints', city: 'Cluj' }
    const first = { ...person, full_name: 'Ruxandra Moldovan', title: 'Printer', external_id: 'choice:a' }
    const second = { ...person, full_name: 'Ruxandra Moldovan-Pop', title: 'Head of Printing', external_id: 'choice:b' }
    const keeper = await create('/leads', first)
    const other = await create('/leads', second)
    await find()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/duplicates'))
    await page.getByRole('navigation', { name: 'Pairs' }).getByText('Ruxandra Moldovan-Pop').click()
    await page.getByRole('radio', { name: 'Head of Printing' }).click()
    expect(await page.getByRole('radio', { name: 'Cluj' }).count()).toBe(0)
    expect(await findBarriers(page)).toEqual([])
    await page.keyboard.press('m')
    await page.getByText(`Lead ${other} merged into ${keeper}`).waitFor()
    expect(await read(`/leads/${keeper}`)).toMatchObject({ title: 'Head of Printing', full_name: 'Ruxandra Moldovan' })
    expect(faults).toEqual([])
  })

  test('two companies are compared, merged, and taken apart under Merged; two others are noted as two', async () => {
    const linkedin_url = 'https://www.linkedin.com/company/hollis-tools'
    const keeper = await create('/companies', { name: 'Hollis Tools', domain: 'hollis-tools.example', linkedin_url })
    const other = await create('/companies', { name: 'Hollis', linkedin_url, city: 'Leeds' })
    await find()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/duplicates'))
    await page.getByRole('tab', { name: 'Companies' }).click()
    expect(await page.getByRole('tab', { selected: true }).allInnerTexts()).toEqual(['Companies'])
    const pairs = page.getByRole('navigation', { name: 'Pairs' })
    await pairs.getByRole('button', { name: /Hollis Tools.*Hollis/ }).waitFor()
    await page.getByRole('row', { name: /^City Leeds/ }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('button', { name: 'Merge into the left one' }).click()
    await page.getByText(`Company ${other} merged into ${keeper}`).waitFor()
    expect(await read(`/companies/${other}`)).toMatchObject({ is_deleted: true, merged_into_id: keeper })
    expect((await read(`/companies/${keeper}`)).city).toBe('Leeds')

    await page.getByRole('radio', { name: 'Merged' }).click()
    await page.getByRole('button', { name: 'Undo the merge' }).click()
    await page.getByText('The companies are separate again').waitFor()
    expect(await read(`/companies/${other}`)).toMatchObject({ is_deleted: false, merged_into_id: null })

    const varga = 'https://www.linkedin.com/company/varga-foods'
    await create('/companies', { name: 'Varga Foods', domain: 'varga.example', linkedin_url: varga })
    await create('/companies', { name: 'Varga', city: 'Graz', linkedin_url: varga })
    await find()
    await page.getByRole('radio', { name: 'Open' }).click()
    await page.getByRole('row', { name: /^City Graz/ }).waitFor()
    await page.keyboard.press('n')
    await page.getByText('No pairs here').waitFor()
    await page.getByRole('radio', { name: 'Not the same' }).click()
    await pairs.getByRole('button', { name: /Varga Foods.*Varga/ }).waitFor()
    expect(faults).toEqual([])
  })
})
