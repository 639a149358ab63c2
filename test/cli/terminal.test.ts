import { createSignInUrl, renderCurl } from '@leads/cli/local/stack-summary'
import { renderTable } from '@leads/cli/output/table'
import { wrap } from '@leads/cli/output/wrap'
import stringWidth from 'string-width'
import { afterEach, describe, expect, test } from 'vitest'

const { isTTY, columns } = process.stdout
const terminal = (width: number) => Object.assign(process.stdout, { isTTY: true, columns: width })
afterEach(() => {
  Object.assign(process.stdout, { isTTY, columns })
})

const heads = [
  { head: 'run', is_never_cut: true },
  { head: 'Actor', shrinks: true },
  { head: 'status' },
  { head: 'last (UTC)', is_optional: true },
  { head: 'reason', shrinks: true },
]
const row = ['HG7ML7M8z78YcAPEB', 'compass/crawler-google-places', 'completed', '2026-01-31 12:00', 'x'.repeat(90)]
const widths = (text: string) => text.split('\n').map((line) => stringWidth(line))

describe('renderTable', () => {
  test('a table fits 80 columns and never cuts ids or the status', () => {
    terminal(80)
    const text = renderTable(heads, [row])
    expect(Math.max(...widths(text))).toBeLessThanOrEqual(80)
    expect(text).toContain('HG7ML7M8z78YcAPEB')
    expect(text).toContain('completed')
  })

  test('a table hides optional columns only if the others would not be readable', () => {
    terminal(60)
    expect(renderTable(heads, [row])).not.toContain('last (UTC)')
    terminal(120)
    expect(renderTable(heads, [row])).toContain('last (UTC)')
  })

  test('a table in a pipe has every column, and the last one in full', () => {
    Object.assign(process.stdout, { isTTY: false })
    const text = renderTable(heads, [row])
    expect(text).toContain('last (UTC)')
    expect(text).toContain('x'.repeat(90))
  })
})

describe('wrap', () => {
  const text = 'Apify does not know this run: it was deleted, or has expired, or the token is of another account.'

  test('a sentence is wrapped between words on a terminal, with further lines indented', () => {
    const lines = wrap(text, 4, { isTTY: true, columns: 40 }).split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {4}\S/)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40)
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text)
  })

  test('a sentence stays on one line in a pipe', () => {
    expect(wrap(text, 4, { isTTY: false })).toBe(text)
  })
})

describe('the sign-in link of the console', () => {
  const url = 'http://127.0.0.1:3000/console/'

  test('contains a generated key in its fragment on a terminal only', () => {
    terminal(80)
    expect(createSignInUrl(url, 'lk_abc')).toBe(`${url}#key=lk_abc`)
    expect(createSignInUrl(url, null)).toBe(url)
    Object.assign(process.stdout, { isTTY: false })
    expect(createSignInUrl(url, 'lk_abc')).toBe(url)
    expect(renderCurl(url, 'x', 'lk_abc')).not.toContain('lk_abc')
  })
})
