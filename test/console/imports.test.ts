import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startBrowser, type TestBrowser } from './browser.ts'
import { type ConsoleStack, startConsoleStack } from './console-stack.ts'
import { describeInBrowser } from './describe-in-browser.ts'

const LONG = 1_000_000
const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const ZIP_MARK = Buffer.from('504b0304', 'hex')

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

  test('a workbook is previewed with its columns and imported', async () => {
    const rows = [
      ['Name', 'Mail', 'Firma', 'Stand'],
      ['Xenia Sheet', 'xenia@sheet.example.com', 'Sheet Ltd', 'A 12'],
      ['Yuri Cell', 'yuri@cell.example.com', 'Cell Inc', 'B 3'],
    ]
    const before = await countLeads()
    const buffer = Buffer.from(await writeXlsx({ sheets: [{ name: 'People', rows }] }))
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles({ name: 'fair.xlsx', mimeType: XLSX_TYPE, buffer })
    const dialog = page.getByRole('dialog', { name: 'Import fair.xlsx' })
    await dialog.getByText('2 new').waitFor()
    await dialog.getByText('xenia@sheet.example.com').waitFor()
    expect(await dialog.getByLabel('Read Mail as').locator('option').first().textContent()).toBe('Auto: email')
    await dialog.getByLabel('Read Stand as').selectOption('notes')
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('heading', { level: 2, name: /^fair/ }).waitFor()
    await page.getByText('2 read').waitFor()
    expect(await countLeads()).toBe(before + 2)
    const { data } = await stack.request<{ data: { notes: string }[] }>('GET', '/leads?email=yuri@cell.example.com')
    expect(data.map(({ notes }) => notes)).toEqual(['B 3'])
    expect(faults).toEqual([])
  })

  test('a workbook that is damaged, too large or of the old format is refused with what to do', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    const input = page.getByLabel('File to import')
    const choose = (name: string, buffer: Buffer) => input.setInputFiles({ name, mimeType: XLSX_TYPE, buffer })
    await choose('old.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'))
    await page.getByText('Save it as .xlsx or CSV and import that.').first().waitFor()
    await choose('large.xlsx', Buffer.concat([ZIP_MARK, Buffer.alloc(3_000_001)]))
    await page.getByText('The workbook is larger than 3 MB.').first().waitFor()
    await choose('damaged.xlsx', Buffer.concat([ZIP_MARK, Buffer.alloc(100)]))
    await page
      .getByRole('dialog')
      .getByText(/No preview: .*workbook is damaged/)
      .waitFor()
    expect(faults).toEqual([])
  })

  test('a gzip archive and a JSON array are read', async () => {
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    const input = page.getByLabel('File to import')
    const packed = gzipSync('Name,Mail\nGina Packed,gina@packed.example.com\n')
    await input.setInputFiles({ name: 'fair.csv.gz', mimeType: 'application/gzip', buffer: packed })
    const archive = page.getByRole('dialog', { name: 'Import fair.csv.gz' })
    await archive.getByText('1 new').waitFor()
    await archive.getByText('gina@packed.example.com').waitFor()
    await archive.getByRole('button', { name: 'Cancel' }).click()
    const people = [
      { full_name: 'Array One', email: 'one@array.example.com' },
      { full_name: 'Array Two', email: 'two@array.example.com' },
    ]
    const buffer = Buffer.from(JSON.stringify(people, null, 2))
    await input.setInputFiles({ name: 'people.json', mimeType: 'application/json', buffer })
    const array = page.getByRole('dialog', { name: 'Import people.json' })
    await array.getByText('2 new').waitFor()
    await array.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('heading', { level: 2, name: /^people/ }).waitFor()
    await page.getByText('2 read').waitFor()
    const { data } = await stack.request<{ data: { full_name: string }[] }>('GET', '/leads?email=two@array.example.com')
    expect(data.map(({ full_name }) => full_name)).toEqual(['Array Two'])
    expect(faults).toEqual([])
  })

  test('an import names for each column the cells that were not understood, with three examples', async () => {
    const cells = ['ask Ida', 'by post', 'none yet', 'ex-directory', '+49 30 5550188']
    const lines = cells.map((phone, index) => `Uma Unread${index},uma${index}@unread.example.com,${phone}`)
    const buffer = Buffer.from(`Name,Mail,Phone\n${lines.join('\n')}\n`)
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles({ name: 'unread.csv', mimeType: 'text/csv', buffer })
    const dialog = page.getByRole('dialog', { name: 'Import unread.csv' })
    await dialog.getByText('5 new').waitFor()
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('heading', { level: 2, name: /^unread/ }).waitFor()
    await page.getByText('completed', { exact: true }).first().waitFor()
    const columns = page.getByRole('region', { name: 'Columns' })
    const row = columns.getByRole('row').filter({ hasText: 'Phone' })
    await row.getByText('4 not understood, such as “ask Ida”, “by post”, “none yet”').waitFor()
    expect(faults).toEqual([])
  })

  test('a quote that is never closed loses no record without a word', async () => {
    const lines = [
      'Name,Mail,Note',
      'Quinn Good,quinn@broken.example.com,fine',
      'Rosa Open,rosa@broken.example.com,"never closed',
    ]
    for (let index = 0; index < 5; index += 1) lines.push(`After ${index},after${index}@broken.example.com,plain`)
    const buffer = Buffer.from(`${lines.join('\n')}\n`)
    const before = await countLeads()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles({ name: 'quote.csv', mimeType: 'text/csv', buffer })
    const dialog = page.getByRole('dialog', { name: 'Import quote.csv' })
    await dialog.getByText('6 new').waitFor()
    await dialog.getByText(/^1 × .*, first in line 3$/).waitFor()
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('heading', { level: 2, name: /^quote/ }).waitFor()
    await page.getByText('7 read').waitFor()
    await page.getByText('1 rejected').first().waitFor()
    expect(await countLeads()).toBe(before + 6)
    const rejections = page.getByRole('region', { name: 'Rejected records' })
    await rejections.getByText('line 3').waitFor()
    await rejections.getByText('a quote in this line is never closed').waitFor()
    expect(faults).toEqual([])
  })

  test('a quote that stays open over more than two megabytes costs its line only, and is reported before the import', async () => {
    const records = 2_500
    const lines = [
      'Name,Mail,Note',
      'Sol Good,sol@open.example.com,fine',
      'Tia Open,tia@open.example.com,"never closed',
    ]
    for (let index = 0; index < records; index += 1)
      lines.push(`After ${index},after${index}@open.example.com,${'a long note '.repeat(85)}`)
    const buffer = Buffer.from(`${lines.join('\n')}\n`)
    const before = await countLeads()
    const { page, faults } = await browser.open()
    await page.goto(stack.link('/imports'))
    await page.getByLabel('File to import').setInputFiles({ name: 'open.csv', mimeType: 'text/csv', buffer })
    const dialog = page.getByRole('dialog', { name: 'Import open.csv' })
    await dialog.getByText(/^1 × a quote in this line is never closed, first in line 3$/).waitFor()
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.getByText(`${(records + 2).toLocaleString('en')} read`).waitFor({ timeout: 120_000 })
    await page.getByText('completed', { exact: true }).first().waitFor()
    const rejections = page.getByRole('region', { name: 'Rejected records' })
    await rejections.getByText('line 3').waitFor()
    await rejections.getByText('a quote in this line is never closed').waitFor()
    expect(await countLeads()).toBe(before + records + 1)
    expect(faults).toEqual([])
  }, 240_000)

  test('the page of an import tells by what rows joined leads, and how many did not', async () => {
    const post = (content: string) => stack.request<{ import_batch_id: string }>('POST', '/imports', { content })
    await post('First Name,Last Name,Email,LinkedIn URL\nLore,Quist,lq@werke.example,linkedin.com/in/lore-quist-x\n')
    const { import_batch_id } = await post(
      'First Name,Last Name,Email,Phone\nLore,Quist,lq@werke.example,+49 30 5550101\nOttokar,Brandl,lq@werke.example,+49 30 5550102\n',
    )
    const { page, faults } = await browser.open()
    await page.goto(stack.link(`/imports/${import_batch_id}`))
    await page.getByRole('heading', { name: 'Matches' }).waitFor()
    await page.getByText('Joined by email address').waitFor()
    await page.getByText('Not joined: name or page contradicts').waitFor()
    expect(faults).toEqual([])
  })
})
