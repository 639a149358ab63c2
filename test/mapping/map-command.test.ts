import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'leads-map-'))
afterAll(() => rmSync(folder, { recursive: true }))

const ITEMS = [
  {
    title: 'Café Ost',
    placeId: 'ChIJabcDEF123_-ghiJKL456mno',
    categoryName: 'Cafe',
    phone: '+49 30 5550123',
    url: 'https://www.google.com/maps/x',
  },
  { url: 'https://example.org/about', title: 'About', markdown: '# About' },
]

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

/** `leads map …` as a person would type it, without any database configured. */
const leads = (...options: string[]) =>
  run(process.execPath, ['packages/cli/bin/leads.js', 'map', ...options], { env: { PATH: process.env.PATH ?? '' } })

describe('leads map', () => {
  test('leads map prints one JSON object per line for the items of an array', async () => {
    const { stdout } = await leads(file('a.json', JSON.stringify(ITEMS)), '--actor', 'someone/actor')
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(rows).toMatchObject([
      {
        index: 0,
        outcome: 'lead',
        reason: null,
        lead: {
          company_name: 'Café Ost',
          phone: '+49305550123',
          external_id: 'google_place:ChIJabcDEF123_-ghiJKL456mno',
          external_url: 'https://www.google.com/maps/x',
        },
        company: { name: 'Café Ost' },
        source: { metadata: { mapping: 'google-places' } },
      },
      { index: 1, outcome: 'rejected', reason: expect.any(String), lead: null, company: null, source: null },
    ])
  })

  test('leads map reads NDJSON, and --no-presets uses the general mapper alone', async () => {
    const { stdout } = await leads(
      file('a.ndjson', `${ITEMS.map((item) => JSON.stringify(item)).join('\n')}\n`),
      '--no-presets',
    )
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { source: { metadata: { mapping: string } } | null })
    expect(rows.map((row) => row.source?.metadata.mapping)).toEqual(['general', undefined])
  })

  test('leads map --table prints a table with the counts of leads and rejections', async () => {
    const { stdout } = await leads(file('b.json', JSON.stringify(ITEMS)), '--table')
    expect(stdout).toContain('Café Ost')
    expect(stdout).toContain('1 lead, 1 rejected')
  })

  test('leads map --explain prints which key gave which column and why an item is rejected', async () => {
    const { stdout } = await leads(file('c.json', JSON.stringify(ITEMS)), '--explain')
    expect(stdout).toMatch(/item 0: lead \(company, mapping: google-places\)/)
    expect(stdout).toMatch(/company_name +Café Ost +← title/)
    expect(stdout).toMatch(/item 1: rejected: not a lead/)
  })

  test('leads map --explain names the headers of a CSV file', async () => {
    const { stdout } = await leads(
      file('d.csv', 'Name;Firma;Telefon;Fax;Land\nEva Lorenz;Lorenz Bau GmbH;030 5550123;030 5550124;DE\n'),
      '--explain',
    )
    expect(stdout).toMatch(/line 2: lead/)
    expect(stdout).toMatch(/phone +\+49305550123 +← (?:Land, )?Telefon/)
    expect(stdout).toMatch(/Fax +030 5550124/)
  })

  test('leads map --explain --json prints one JSON array', async () => {
    const { stdout } = await leads(file('e.json', JSON.stringify(ITEMS)), '--explain', '--json')
    expect(JSON.parse(stdout)).toMatchObject([
      { index: 0, outcome: 'lead' },
      { index: 1, outcome: 'rejected' },
    ])
  })

  test.each([
    ['a missing file', () => join(folder, 'none.json'), /no such file/i],
    ['a bad line', () => file('bad.ndjson', '{"a":1}\n{"a":\n'), /line 2 is not JSON/],
    ['no JSON at all', () => file('bad.json', '[1, 2'), /neither a JSON array nor NDJSON/],
  ])('leads map fails with a message that names %s', async (_, path, message) => {
    await expect(leads(path())).rejects.toMatchObject({
      code: expect.any(Number),
      stderr: expect.stringMatching(message),
    })
  })
})
