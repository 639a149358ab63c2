import { fc } from '@fast-check/vitest'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { applyItems, findExistingRows } from '@leads/core/ingest/apply-items'
import type { IngestItem } from '@leads/core/ingest/lead-draft'
import type { Provenance } from '@leads/core/ingest/provenance'
import { createMapper } from '@leads/core/mapping/map-item'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const map = createMapper()
const START = Date.parse('2026-05-01T00:00:00.000Z')
const HOUR = 60 * 60 * 1000
const by = { actor: 'tester', event_source: 'api', at: new Date(START) } as const

interface Statement {
  source: 'actor1' | 'actor2' | 'file:records'
  /** Hours after the start. */
  hour: number
  fields: Record<string, string | boolean | null>
}

describeEachEngine('recency', (engine) => {
  let database: FreshDatabase
  let db: Database
  let count = 0

  beforeAll(async () => {
    database = await freshDatabase(engine)
    db = await openDatabase(database.database_url)
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  async function originOf(source: Statement['source'], hour: number): Promise<Provenance> {
    const isFile = source === 'file:records'
    const id = `${isFile ? 'batch' : 'run'}-${count}-${source}-${hour}`
    if (!isFile) {
      const sync = { run_id: id, actor_id: source, created_at: new Date(START), updated_at: new Date(START) }
      await db.kysely
        .insertInto('apify_sync_states')
        .values({ ...sync, created_by: 'x', updated_by: 'x' })
        .execute()
    }
    return {
      source: isFile ? 'import' : 'apify',
      source_name: null,
      provider_name: isFile ? 'import' : 'apify',
      actor_id: isFile ? null : source,
      actor_name: null,
      run_id: isFile ? null : id,
      dataset_id: isFile ? null : 'dataset',
      import_batch_id: isFile ? id : null,
      scrape_params: null,
      actor: 'sync',
      at: new Date(START + 1000 * HOUR),
      observed_at: new Date(START + hour * HOUR),
      ...(isFile && { source_key: source }),
    }
  }

  const toItem = (email: string, { fields }: Pick<Statement, 'fields'>): IngestItem => {
    const raw = { email, ...fields }
    const mapped = map(raw)
    if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
    return { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: JSON.stringify(raw) }
  }

  async function say(email: string, statements: readonly Statement[], options: Partial<Provenance> = {}) {
    const [first] = statements
    if (!first) return
    const origin = { ...(await originOf(first.source, first.hour)), ...options }
    const items = statements.map((statement) => {
      const item = toItem(email, statement)
      return { ...item, source: { ...item.source, scraped_at: new Date(START + statement.hour * HOUR).toISOString() } }
    })
    const rows = await findExistingRows(db, items, origin)
    await withTransaction(db, (trx) => applyItems(trx, items, rows, origin, 'merge'))
  }

  const read = (email: string) =>
    db.kysely
      .selectFrom('sales_leads')
      .selectAll()
      .where('email', '=', email)
      .where('is_deleted', '=', false)
      .executeTakeFirstOrThrow()
  const newEmail = (): string => `person${++count}@recency.example`
  const titleOf = async (email: string) => (await read(email)).title
  const title = (source: Statement['source'], hour: number, jobTitle: string): Statement => ({
    source,
    hour,
    fields: { jobTitle },
  })

  test('any order and any split of items with times gives the same values', async () => {
    const word = fc.constantFrom('Ann', 'Bob', 'Cy')
    const value = fc.option(word, { nil: null })
    const statement = fc.record({
      source: fc.constantFrom('actor1', 'actor2', 'file:records'),
      fields: fc.record({ jobTitle: value, city: value, industry: value, emailVerified: fc.boolean() }),
    })
    const cases = fc
      .array(statement, { minLength: 2, maxLength: 7 })
      .chain((statements) =>
        fc.tuple(
          fc.constant(statements.map((one, hour) => ({ ...one, hour: hour * 2 }) as Statement)),
          fc.shuffledSubarray([...statements.keys()], { minLength: statements.length }),
          fc.array(fc.boolean(), { minLength: statements.length, maxLength: statements.length }),
        ),
      )
    await fc.assert(
      fc.asyncProperty(cases, async ([statements, order, isTogether]) => {
        const [inOrder, shuffled] = [newEmail(), newEmail()]
        for (const one of statements) await say(inOrder, [one])
        const groups: Statement[][] = []
        for (const index of order) {
          const one = statements[index] as Statement
          const last = groups.at(-1)
          if (last && isTogether[index] && last[0]?.source === one.source) last.push(one)
          else groups.push([one])
        }
        count += 1
        for (const group of groups) await say(shuffled, group)
        const pick = async (email: string) => {
          const { title, city, industry, email_verified } = await read(email)
          return { title, city, industry, email_verified }
        }
        expect(await pick(shuffled)).toEqual(await pick(inOrder))
      }),
      { numRuns: engine === 'sqlite' ? 120 : 25 },
    )
  }, 240_000)

  test('a late message of an older run does not bring an older value back, and fills what was never filled', async () => {
    const email = newEmail()
    await say(email, [title('actor1', 5, 'Director')])
    const { raw_data } = await read(email)
    await say(email, [{ source: 'actor1', hour: 3, fields: { jobTitle: 'Manager', city: 'Pune' } }])
    expect(await read(email)).toMatchObject({ title: 'Director', city: 'Pune', raw_data })
    await say(email, [title('actor1', 7, 'Chair')])
    expect(await titleOf(email)).toBe('Chair')
  })

  test('a value that a run confirmed is not replaced by one that was seen before that', async () => {
    const email = newEmail()
    await say(email, [title('actor1', 1, 'Director')])
    await say(email, [title('actor1', 5, 'Director')])
    await say(email, [title('actor1', 3, 'Manager')])
    expect(await titleOf(email)).toBe('Director')
  })

  test('two sources that disagree change a field once, and each new value of either counts', async () => {
    const email = newEmail()
    await say(email, [title('actor1', 1, 'Director')])
    for (const hour of [2, 4, 6]) {
      await say(email, [title('actor2', hour, 'Manager')])
      await say(email, [title('actor1', hour + 1, 'Director')])
    }
    const { id, title: current } = await read(email)
    expect(current).toBe('Manager')
    const events = await db.kysely.selectFrom('lead_events').select('event_type').where('lead_id', '=', id).execute()
    expect(events.map(({ event_type }) => event_type)).toEqual(['created', 'updated'])
    await say(email, [title('actor1', 9, 'Chair')])
    expect(await titleOf(email)).toBe('Chair')
  })

  test("a person's value stays, and so does a field that a person emptied", async () => {
    const email = newEmail()
    await say(email, [{ source: 'actor1', hour: 1, fields: { jobTitle: 'Director', city: 'Pune' } }])
    const edit = { title: 'Founder', city: null }
    await db.kysely.updateTable('sales_leads').set(edit).where('email', '=', email).execute()
    await say(email, [{ source: 'actor2', hour: 3, fields: { jobTitle: 'Manager', city: 'Delhi' } }])
    await say(email, [{ source: 'actor1', hour: 4, fields: { jobTitle: 'Chair', city: 'Agra' } }])
    expect(await read(email)).toMatchObject(edit)
  })

  test('a verified number beats a later unverified one of another source, but not of its own', async () => {
    const email = newEmail()
    const phones = ['+4930555010', '+4930555011', '+4930555012']
    await say(email, [{ source: 'actor1', hour: 1, fields: { phone: phones[0] ?? '', phoneVerified: true } }])
    const { phone, phone_verified } = await read(email)
    expect(phone_verified).toBe(true)
    await say(email, [{ source: 'actor2', hour: 2, fields: { phone: phones[1] ?? '' } }])
    expect(await read(email)).toMatchObject({ phone, phone_verified: true })
    await say(email, [{ source: 'actor1', hour: 3, fields: { phone: phones[2] ?? '' } }])
    expect((await read(email)).phone).not.toBe(phone)
  })

  test('a source that the setting prefers keeps its values against later ones of others', async () => {
    const email = newEmail()
    const source_precedence = ['actor2', 'file']
    await say(email, [title('actor2', 1, 'Director')], { source_precedence })
    await say(email, [title('file:records', 2, 'Manager')], { source_precedence })
    await say(email, [title('actor1', 3, 'Chair')], { source_precedence })
    expect(await titleOf(email)).toBe('Director')
  })

  test("a merged lead's sources say nothing new at the keeper by repeating themselves", async () => {
    const [keeper, merged] = [newEmail(), newEmail()]
    await say(keeper, [title('actor1', 1, 'Director')])
    await say(merged, [title('actor2', 2, 'Manager')])
    await mergeLeads(db, (await read(keeper)).id, (await read(merged)).id, by)
    await say(merged, [{ source: 'actor2', hour: 3, fields: { jobTitle: 'Manager', city: 'Pune' } }])
    expect(await read(keeper)).toMatchObject({ title: 'Director', city: 'Pune' })
  })
  test('a value that was chosen in a merge stays, whatever the sources of both leads say later', async () => {
    const [keeper, merged] = [newEmail(), newEmail()]
    await say(keeper, [title('actor1', 1, 'Director')])
    await say(merged, [title('actor2', 2, 'Manager')])
    await mergeLeads(db, (await read(keeper)).id, (await read(merged)).id, by, ['title'])
    expect(await titleOf(keeper)).toBe('Manager')
    await say(merged, [title('actor2', 3, 'Manager')])
    await say(keeper, [title('actor1', 4, 'Director')])
    expect(await titleOf(keeper)).toBe('Manager')
    await say(keeper, [title('actor1', 5, 'Chair')])
    await say(merged, [title('actor2', 6, 'Owner')])
    expect(await titleOf(keeper)).toBe('Manager')
  })
})
