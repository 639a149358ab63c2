import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { describeInBrowser, startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'

const LONG = 1_000_000

describeInBrowser('imports', () => {
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

  const countLeads = async (): Promise<number> =>
    (await stack.request<{ count: { value: number } }>('GET', '/leads?limit=1&count=exact')).count.value

  test('a file with a cell of a million characters and a wrong column imports, reports, and is undone', async () => {
    const path = join(inject('scratch_directory'), `fair-${process.pid}.csv`)
    const rows = Array.from(
      { length: 40 },
      (_, index) => `Person ${index},person${index}@example.com,Firm ${index},plain`,
    )
    rows.push(`Long Cell,long@example.com,Long Ltd,${'x'.repeat(LONG)}`, ',,,word')
    await writeFile(path, `Name,Mail,Firma,Gibberish\n${rows.join('\n')}\n`)
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles(path)
    const dialog = page.getByRole('dialog', { name: /^Import fair/ })
    await dialog.getByText('4 columns, separated by commas').waitFor()
    await dialog.getByText('person0@example.com').waitFor()
    await dialog.getByLabel('Read Gibberish as').selectOption('(leave out)')
    // Told by the API before anything is stored.
    await dialog.getByText('What the import would do').waitFor()
    await dialog.getByText('41 new').waitFor()
    await dialog.getByText('1 rejected').waitFor()
    await dialog.getByText(/^1 × .*, first in line 43$/).waitFor()
    expect(await dialog.getByLabel('Read Mail as').locator('option').first().textContent()).toBe('Auto: email')
    expect(await countLeads()).toBe(0)
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.getByText('completed', { exact: true }).first().waitFor()
    await page.getByText('42 read').waitFor()
    await page.getByText('1 rejected').first().waitFor()
    expect(await countLeads()).toBe(41)
    await page.getByRole('button', { name: 'Undo import' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The import is undone').waitFor()
    await page.getByText('undone', { exact: true }).first().waitFor()
    expect(await countLeads()).toBe(0)
    expect(faults).toEqual([])
  })

  test('a file above the size of a request is sent in parts, and every record arrives', async () => {
    const path = join(inject('scratch_directory'), `large-${process.pid}.csv`)
    const records = 6000
    const rows = Array.from(
      { length: records },
      (_, index) => `Part ${index},part${index}@example.com,"${'note, '.repeat(120)}"`,
    )
    await writeFile(path, `Name,Mail,Notes\n${rows.join('\n')}\n`)
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles(path)
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
    await page.getByText(`${records.toLocaleString('en')} read`).waitFor({ timeout: 120_000 })
    await page.getByText('completed', { exact: true }).first().waitFor({ timeout: 120_000 })
    expect(await countLeads()).toBe(records)
    expect(faults).toEqual([])
  }, 240_000)

  test('an import that stopped half-way continues when the same file is opened again', async () => {
    const path = join(inject('scratch_directory'), `stopped-${process.pid}.csv`)
    const rows = Array.from({ length: 6000 }, (_, at) => `Stop ${at},stop${at}@example.com,"${'note, '.repeat(120)}"`)
    await writeFile(path, `Name,Mail,Notes\n${rows.join('\n')}\n`)
    const before = await countLeads()
    const { page, faults } = await browser.open()
    await page.route(/\/parts$/, (route) => route.fulfill({ status: 413, body: '{}', contentType: 'application/json' }))
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles(path)
    const dialog = page.getByRole('dialog', { name: /^Import stopped/ })
    await dialog.getByRole('button', { name: 'Import' }).click()
    await dialog.getByText(/Open the same file again to continue/).waitFor()
    const stored = (await countLeads()) - before
    expect(stored).toBeGreaterThan(0)
    expect(stored).toBeLessThan(6000)
    await page.unroute(/\/parts$/)
    await page.reload()
    await page.getByLabel('File to import').setInputFiles(path)
    await dialog.getByText(`stopped after ${stored.toLocaleString('en')} records`).waitFor()
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { level: 2, name: /^stopped/ }).waitFor()
    await page.getByText('6,000 new').first().waitFor()
    expect((await countLeads()) - before).toBe(6000)
    const { data } = await stack.request<{ data: { file_name: string }[] }>('GET', '/imports')
    expect(data.filter(({ file_name }) => file_name?.startsWith('stopped'))).toHaveLength(1)
    expect(faults).toEqual([])
  }, 240_000)

  test('a workbook is refused with what to do, and a gzip archive is read', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    const input = page.getByLabel('File to import')
    await input.setInputFiles({ name: 'book.xlsx', mimeType: 'application/zip', buffer: Buffer.from('PK\u0003\u0004') })
    await page.getByText('This is an Excel or ZIP file. Save it as CSV and import that.').first().waitFor()
    const buffer = gzipSync('Name,Mail\nGina Packed,gina@packed.example.com\n')
    await input.setInputFiles({ name: 'fair.csv.gz', mimeType: 'application/gzip', buffer })
    const dialog = page.getByRole('dialog', { name: 'Import fair.csv.gz' })
    await dialog.getByText('1 new').waitFor()
    await dialog.getByText('gina@packed.example.com').waitFor()
    expect(faults).toEqual([])
  })
})
