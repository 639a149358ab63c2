import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@leads/core/database/open-database'
import { findBatch } from '@leads/core/file-imports/batch-state'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase, type TestEngine } from '../setup/engines.ts'
import { type Finished, runLeads } from './run-leads.ts'

// The tests start many processes and import thousands of rows, which is slow on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

let database: FreshDatabase
let env: Record<string, string>
let cwd: string
const setUp = async (engine: TestEngine) => {
  database = await freshDatabase(engine)
  env = { DATABASE_URL: database.database_url }
  cwd = mkdtempSync(join(tmpdir(), 'leads-test-cli-'))
}
afterEach(async () => {
  await database.drop()
  rmSync(cwd, { recursive: true, force: true })
})

const leads = (words: readonly string[], onStart?: (child: ChildProcess) => void): Promise<Finished> =>
  runLeads(words, { env, cwd, ...(onStart ? { onStart } : {}) })
const json = ({ stdout }: Finished) => JSON.parse(stdout)

async function query<Result>(work: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<Result>): Promise<Result> {
  const db = await openDatabase(database.database_url)
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}

const people = (count: number): string =>
  `name;mail;firma;telefon\n${Array.from({ length: count }, (_, index) => `Ana ${index} Lopez;ana${index}@firm${index % 50}.com;Firm ${index % 50};+34 911 ${String(index).padStart(6, '0')}`).join('\n')}\n`

/** Signals the process as soon as the import has committed more than `records`. */
const endAfter = (records: number, signal: NodeJS.Signals) => (child: ChildProcess) => {
  void query(async (db) => {
    while (child.exitCode === null && child.signalCode === null) {
      const batch = await findBatch(db, 'big')
      if (batch && batch.next_record > records) {
        child.kill(signal)
        return
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
}

describe.each(ENGINES)('leads import (%s)', (engine) => {
  beforeEach(() => setUp(engine))

  test.each(['SIGKILL', 'SIGINT'] as const)(
    'an import ended by %s at any moment resumes when it is run again, and imports each row once',
    async (signal) => {
      const rows = 8_000
      writeFileSync(join(cwd, 'big.csv'), people(rows))
      const words = ['import', 'big.csv', '--batch', 'big', '--json']
      let ended = 0
      let reached = -1
      for (;;) {
        const finished = await leads(words, endAfter(reached + 2000, signal))
        const batch = await query((db) => findBatch(db, 'big'))
        if (finished.code === 0) {
          expect(json(finished)).toMatchObject({ total_records: rows, synced_records: rows, failed_records: 0 })
          break
        }
        ended += 1
        if (signal === 'SIGKILL') expect(finished.signal).toBe('SIGKILL')
        // After the work is done nothing handles the signal, and it ends the process.
        else if (finished.signal === null)
          expect([finished.code, finished.stderr]).toEqual([
            130,
            expect.stringMatching(/Run the same command again to continue/),
          ])
        else expect([finished.signal, batch?.batch_status]).toEqual(['SIGINT', 'completed'])
        const counted = await query((db) =>
          db.kysely
            .selectFrom('sales_leads')
            .select(({ fn }) => fn.countAll().as('count'))
            .executeTakeFirstOrThrow(),
        )
        // The count of the batch equals the committed rows.
        expect(Number(counted.count)).toBe(batch?.synced_records)
        reached = batch?.next_record ?? 0
      }
      expect(ended).toBeGreaterThan(0)
      const [sources, events] = await query(async (db) => [
        await db.kysely
          .selectFrom('lead_sources')
          .select(({ fn }) => fn.countAll().as('count'))
          .executeTakeFirstOrThrow(),
        await db.kysely
          .selectFrom('lead_events')
          .select(({ fn }) => fn.countAll().as('count'))
          .executeTakeFirstOrThrow(),
      ])
      expect([Number(sources.count), Number(events.count)]).toEqual([rows, rows])
      expect(json(await leads(['import', 'undo', 'big', '--json']))).toMatchObject({ deleted: rows, kept: 0 })
      const left = await query((db) => db.kysely.selectFrom('sales_leads').select('id').execute())
      expect(left).toEqual([])
    },
  )
})

describe('files', () => {
  beforeEach(() => setUp('sqlite'))

  test('rejected rows are written to a file with their reasons, which can be fixed and imported', async () => {
    writeFileSync(join(cwd, 'in.csv'), 'Name;Mail\nAna;ana@x.org\nfoo;bar\n')
    const finished = await leads(['import', 'in.csv'])
    expect(finished.stdout).toMatch(/rejected\s+1, with reasons in in\.rejected\.csv/)
    const rejected = readFileSync(join(cwd, 'in.rejected.csv'), 'utf8')
    expect(rejected).toMatch(/^rejection_reason,rejection_line,Name,Mail\r\n"?nothing to contact.*,3,foo,bar\r\n$/)
    writeFileSync(join(cwd, 'fixed.csv'), rejected.replace('bar', 'foo@bar.org'))
    expect(json(await leads(['import', 'fixed.csv', '--json']))).toMatchObject({
      synced_records: 1,
      failed_records: 0,
    })
  })

  test('a file can be imported from a pipe', async () => {
    const piped = await runLeads(['import', '-', '--json'], { env, cwd, stdin: 'name,email\nAna,ana@x.org\n' })
    expect(json(piped)).toMatchObject({ synced_records: 1, file_name: 'standard-input' })
  })

  test('--dry-run shows how a file is read and imports nothing', async () => {
    writeFileSync(join(cwd, 'in.csv'), 'Name;Mail;Hobby\nAna;ana@x.org;Chess\n')
    const { stdout } = await leads(['import', 'in.csv', '--dry-run'])
    expect(stdout).toMatch(/in\.csv: separated by semicolon, utf-8/)
    expect(stdout).toMatch(/Mail\s+email\s+ana@x\.org/)
    expect(stdout).toMatch(/Hobby\s+\(kept, not read\)\s+Chess/)
    expect(stdout).toMatch(/new\s+1/)
    expect(json(await leads(['import', 'list', '--json']))).toEqual([])
  })

  test('an export that is imported changes nothing, and a second export equals the first', async () => {
    writeFileSync(join(cwd, 'in.csv'), people(3000))
    await leads(['import', 'in.csv'])
    await leads(['export', '-o', 'one.csv'])
    expect(json(await leads(['import', 'one.csv', '--json']))).toMatchObject({
      total_records: 3000,
      synced_records: 0,
      updated_records: 0,
    })
    await leads(['export', '-o', 'two.csv'])
    expect(readFileSync(join(cwd, 'two.csv'), 'utf8')).toBe(readFileSync(join(cwd, 'one.csv'), 'utf8'))
    expect((await leads(['export'])).stdout).toBe(readFileSync(join(cwd, 'one.csv'), 'utf8'))
    expect((await leads(['import', 'list'])).stdout).toMatch(/one\.csv\s+completed\s+3,000\s+0\s+0/)
  })

  test('an interrupted export leaves the previous file and no temporary file', async () => {
    writeFileSync(join(cwd, 'in.csv'), people(3000))
    await leads(['import', 'in.csv'])
    writeFileSync(join(cwd, 'out.csv'), 'the old file')
    const finished = await leads(['export', '-o', 'out.csv'], (child) => {
      const timer = setInterval(() => {
        if (!readdirSync(cwd).some((name) => name.endsWith('.part'))) return
        clearInterval(timer)
        child.kill('SIGINT')
      }, 1)
      child.once('exit', () => clearInterval(timer))
    })
    expect(readdirSync(cwd).filter((name) => name.endsWith('.part'))).toEqual([])
    const text = readFileSync(join(cwd, 'out.csv'), 'utf8')
    // Interrupted in time: the old file. Too late: the complete new file. Never a partial one.
    if (finished.code === 130) expect(text).toBe('the old file')
    else expect(text.split('\r\n')).toHaveLength(3002)
  })

  test('an export has the format that the name of the output file implies', async () => {
    writeFileSync(join(cwd, 'in.csv'), people(2))
    await leads(['import', 'in.csv'])
    await leads(['export', '-o', 'out.ndjson', '--columns', 'id,email'])
    expect(readFileSync(join(cwd, 'out.ndjson'), 'utf8').split('\n')[0]).toBe('{"id":1,"email":"ana0@firm0.com"}')
    await leads(['export', '-o', 'out.csv', '--columns', 'email', '--bom'])
    expect(readFileSync(join(cwd, 'out.csv'), 'utf8')).toBe('\ufeffemail\r\nana0@firm0.com\r\nana1@firm1.com\r\n')
    expect(existsSync(join(cwd, 'nix'))).toBe(false)
  })
})

describe('the account of an import', () => {
  beforeEach(() => setUp('sqlite'))

  test('leads import show tells by what rows joined leads, and what did not join', async () => {
    const files = {
      'crm.csv':
        'ID,First Name,Last Name,Email,LinkedIn URL\n7,Lore,Quist,l.quist@werke.example,https://www.linkedin.com/in/lore-quist-x\n',
      'fair.csv': 'First Name,Last Name,Email,Phone\nLore,Quist,l.quist@werke.example,+49 30 5550101\n',
      'home.csv': 'First Name,Last Name,Email\nOttokar,Brandl,l.quist@werke.example\n',
    }
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(cwd, name), content)
      expect(await leads(['import', name, '--batch', name.slice(0, 4)])).toMatchObject({ code: 0 })
    }
    const fair = await leads(['import', 'show', 'fair'])
    expect(fair.stdout).toMatch(/joined by\s+email address 1/)
    const home = await leads(['import', 'show', 'home'])
    expect(home.stdout).toMatch(/not joined\s+1 whose name or page contradicts/)
    expect(json(await leads(['import', 'show', 'home', '--json'])).match_counts).toMatchObject({ contradicted: 1 })
  })
})
