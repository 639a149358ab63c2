import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { getColors } from '@leads/cli/output/colors'
import { escapeControls, escapeStyled } from '@leads/cli/output/escape'
import { writeWithBackpressure } from '@leads/cli/output/print'
import { openDatabase } from '@leads/core/database/open-database'
import { createLead } from '@leads/core/leads/create-lead'
import { failSync, getOrCreateSync } from '@leads/core/syncs/sync-state'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { workbookParts } from '../file-imports/workbook-parts.ts'
import { writeArchive } from '../file-imports/write-archive.ts'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { runLeads } from './run-leads.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Sets the window title, clears the screen, hides text, reverses its direction, and returns to the line's start. */
const HOSTILE = 'Eve\u001b]0;owned\u0007\u001b[2J\u001b[8m\u009b31m\u202eliame\u2066\u200f\rroot#\u007f'
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that must not reach a terminal
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const UNSAFE_CHARACTERS = new RegExp(UNSAFE, 'g')

let database: FreshDatabase
let cwd: string
beforeAll(async () => {
  database = await freshDatabase('sqlite')
  cwd = mkdtempSync(join(inject('scratch_directory'), 'escapes-'))
  writeFileSync(join(cwd, 'in.csv'), `Name,"${HOSTILE}",Mail\nAna,x,ana@x.org\n"${HOSTILE}",y,\n`)
  writeFileSync(join(cwd, 'in.ndjson'), JSON.stringify({ Name: HOSTILE, Email: 'eve@x.org', [HOSTILE]: HOSTILE }))
  // A workbook states what XML cannot hold as an escape of its own.
  const stated = HOSTILE.replace(UNSAFE_CHARACTERS, (one) => `_x${one.charCodeAt(0).toString(16).padStart(4, '0')}_`)
  const row = (...cells: string[]) => `<row>${cells.map((cell) => `<c t="str"><v>${cell}</v></c>`).join('')}</row>`
  const rows = row('Name', stated, 'Email') + row(stated, stated, 'eva@x.org') + row(stated, '', '')
  writeArchive(join(cwd, 'in.xlsx'), workbookParts(rows))
  writeFileSync(join(cwd, 'items.json'), JSON.stringify([{ title: HOSTILE, url: HOSTILE }, { error: HOSTILE }]))
  const db = await openDatabase(database.database_url)
  const at = new Date()
  try {
    await createLead(db, { full_name: HOSTILE, notes: HOSTILE }, { actor: HOSTILE, event_source: 'cli', at })
    await getOrCreateSync(db, 'hostile', at)
    await failSync(db, 'hostile', { message: HOSTILE, details: { name: HOSTILE } }, at)
  } finally {
    await db.close()
  }
})
afterAll(() => database.drop())

describe('control characters of scraped data', () => {
  test.each([
    [['leads', 'list']],
    [['leads', 'show', '1']],
    [['leads', 'show', '1', '--json']],
    [['leads', 'history', '1']],
    [['syncs', 'list']],
    [['syncs', 'show', 'hostile']],
    [['import', 'in.csv', '--dry-run']],
    [['import', 'in.csv']],
    [['import', 'in.ndjson', '--dry-run']],
    [['import', 'in.xlsx', '--dry-run']],
    [['import', 'in.xlsx', '--dry-run', '--json']],
    [['import', 'in.xlsx']],
    [['map', 'in.xlsx', '--explain']],
    [['import', 'list']],
    [['import', HOSTILE]],
    [['map', 'items.json']],
    [['map', 'items.json', '--table']],
    [[HOSTILE]],
    [['leads', 'show', HOSTILE]],
  ])('are escaped in the output of: leads %j', async (words) => {
    const env = { DATABASE_URL: database.database_url }
    const { stdout, stderr } = await runLeads(words, { env, cwd })
    expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(UNSAFE)
    expect(stdout + stderr).not.toBe('')
  })

  test('are escaped in an export to a terminal, and kept in an export to a pipe', async () => {
    const text = { terminal: '', pipe: '' }
    for (const kind of ['terminal', 'pipe'] as const) {
      const stream = Object.assign(new PassThrough(), { isTTY: kind === 'terminal' })
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text[kind] += chunk
      })
      await writeWithBackpressure(stream, `full_name\r\n${HOSTILE}\r\n`)
    }
    expect(text.terminal.replaceAll('\n', '')).not.toMatch(UNSAFE)
    expect(text.pipe).toBe(`full_name\r\n${HOSTILE}\r\n`)
  })

  test('stay readable, and JSON keeps its value', () => {
    expect(escapeControls('a\u001b[2Jb\u202ec')).toBe('a\\u001b[2Jb\\u202ec')
    expect(JSON.parse(escapeControls(JSON.stringify({ name: HOSTILE })))).toEqual({ name: HOSTILE })
  })
})

test('styles of the program are kept, and no other escape sequence is', () => {
  vi.stubEnv('FORCE_COLOR', '1')
  vi.stubEnv('NO_COLOR', '')
  const { bold, dim, red, green, yellow } = getColors()
  const styled = bold('a') + dim('b') + red('c') + green('d') + yellow('e')
  expect(escapeStyled(styled)).toBe(styled)
  expect(escapeStyled('\u001b[8mhidden')).toBe('\\u001b[8mhidden')
  vi.unstubAllEnvs()
})
