import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { FeatureCache } from '@leads/core/duplicates/feature-cache'
import { findAllDuplicates } from '@leads/core/duplicates/find-all-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { removeLead } from '@leads/core/leads/remove-lead'
import { updateLead } from '@leads/core/leads/update-lead'
import { noopLog } from '@leads/core/log'
import { dismissDuplicate } from '@leads/core/merges/dismiss-duplicate'
import { listDuplicates } from '@leads/core/merges/list-duplicates'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SeedLead, seedLeads } from '../api/seed.ts'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const CURSOR_SECRET = 'secret'
const by = { actor: 'tester', event_source: 'api', at: new Date('2026-05-01T10:00:00.000Z') } as const

/** Pairs of people of whom the second is a variation of the first, and neighbors that are alike in part. */
function inventPeople(count: number): SeedLead[] {
  const firsts = ['Aurelia', 'Bodo', 'Cosima', 'Detlef', 'Edeltraud', 'Florentin', 'Gundula', 'Hartmut']
  const lasts = [
    'Achterberg',
    'Bornkamp',
    'Czerny',
    'Dreesen',
    'Ehrlinger',
    'Fassbinder',
    'Grothe',
    'Hassemer',
    'Ickler',
  ]
  return Array.from({ length: count }, (_, index) => {
    const person = index >> 1
    const first_name = firsts[person % firsts.length] as string
    const last_name = lasts[person % lasts.length] as string
    const number = `${person}`.padStart(5, '0')
    return {
      first_name: index % 2 === 0 ? first_name : first_name.slice(0, -1),
      last_name,
      email: `mail${number}x@post${person % 7}.example`,
      phone: `+4940${number}55`,
      city: `Ort ${person % 50}`,
      external_id: `own:${index}`,
    }
  })
}

describeEachEngine('candidates', (engine) => {
  let database: FreshDatabase
  let db: Database

  beforeEach(async () => {
    database = await freshDatabase(engine)
    db = await openDatabase(database.database_url)
  })
  afterEach(async () => {
    await db.close()
    await database.drop()
  })

  const options = () => ({ db, log: noopLog, now: () => new Date() })
  const list = async () => (await listDuplicates(db, { cursor_secret: CURSOR_SECRET, limit: 500 })).data
  const listIds = async () => (await list()).map(({ lead_a, lead_b }) => `${lead_a}-${lead_b}`).sort()

  test('changed leads are compared with all others, and only once', async () => {
    const [a = 0, b = 0, c = 0] = await seedLeads(db, [
      { first_name: 'Hanna', last_name: 'Vogt', email: 'hv77@post.example', city: 'Bonn' },
      { first_name: 'Hannah', last_name: 'Vogt', email: 'hv77@post.example', city: 'Bonn' },
      { first_name: 'Omar', last_name: 'Saleh', email: 'omar@post.example', city: 'Bonn' },
    ])
    expect(await findDuplicates(options())).toMatchObject({ leads_read: 3, pairs_found: 1, is_finished: true })
    const [pair] = await list()
    expect(pair).toMatchObject({ lead_a: a, lead_b: b, is_certain: true, duplicate_status: 'open' })
    expect(pair?.reasons).toContain('same email')
    expect((await findDuplicates(options())).leads_read).toBe(0)

    await updateLead(db, c, { first_name: 'Hanna', last_name: 'Vogt' }, { ...by, at: new Date() })
    expect((await findDuplicates(options())).leads_read).toBe(1)
    expect(await listIds()).toEqual([`${a}-${b}`, `${a}-${c}`, `${b}-${c}`])
  })

  test('a pair goes when a lead changes or is deleted, and stays away once dismissed', async () => {
    const person = { first_name: 'Ewa', last_name: 'Nowicka', email: 'ewan55@post.example' }
    const [a = 0, b = 0, c = 0] = await seedLeads(db, [person, person, { ...person, email: 'ewan55@pots.example' }])
    await findDuplicates(options())
    expect(await listIds()).toEqual([`${a}-${b}`, `${a}-${c}`, `${b}-${c}`])
    await dismissDuplicate(db, b, a, by)
    await removeLead(db, c, { ...by, at: new Date() })
    await findDuplicates(options())
    expect(await listIds()).toEqual([])
    await updateLead(db, a, { title: 'CEO' }, { ...by, at: new Date() })
    await findDuplicates(options())
    await findAllDuplicates(options())
    expect(await listIds()).toEqual([])
    expect((await listDuplicates(db, { cursor_secret: CURSOR_SECRET, status: 'dismissed' })).data).toMatchObject([
      { lead_a: a, lead_b: b, decided_by: 'tester' },
    ])
  })

  test('a full pass finds what pages of changes find, with each pair scored once', async () => {
    await seedLeads(db, inventPeople(240))
    const paged = await findDuplicates(options())
    const found = await listIds()
    expect(found.length).toBeGreaterThanOrEqual(120)
    await db.kysely.deleteFrom('lead_duplicates').execute()
    const all = await findAllDuplicates(options())
    expect(all).toMatchObject({ pairs_scored: paged.pairs_scored, pairs_found: found.length, is_finished: true })
    expect(await listIds()).toEqual(found)
  })

  test('what more than fifty leads share makes no pairs, and their rarer keys still do', async () => {
    const firsts = ['Bodo', 'Cosima', 'Detlef', 'Florin', 'Gustav', 'Ludger', 'Norbert', 'Ruth', 'Sigrid', 'Torsten']
    const lasts = ['Achterberg', 'Bornkamp', 'Dreesen', 'Fassbinder', 'Grothe', 'Hassemer']
    const people = lasts.flatMap((last_name) => firsts.map((first_name) => ({ first_name, last_name })))
    const [first] = people
    const leads = [...people, { ...first, title: 'Owner' }].map((person, index) => ({
      ...person,
      phone: '+49405550100',
      external_id: `crowd:${index}`,
    }))
    const ids = await seedLeads(db, leads)
    const expected = { leads_read: 61, pairs_scored: 1, pairs_found: 1 }
    expect(await findDuplicates(options())).toMatchObject(expected)
    const found = await list()
    expect(found).toMatchObject([{ lead_a: ids[0], lead_b: ids[60], is_certain: false }])
    // The number says nothing of two leads that share it with sixty others.
    expect(found[0]?.reasons).toEqual(['same first name', 'same last name'])
    expect(await findAllDuplicates(options())).toMatchObject({ pairs_scored: 1, pairs_found: 1 })
  })

  test('a pass remembers as many leads as fit, whether it reads them for their keys or for a block', async () => {
    const ids = await seedLeads(db, inventPeople(40))
    const cache = new FeatureCache(db, 12)
    for (let start = 0; start < ids.length; start += 10) {
      expect(await cache.read(ids.slice(start, start + 10))).toHaveLength(10)
      expect(cache.size).toBeLessThanOrEqual(12)
    }
    const block = ids.slice(0, 6)
    await cache.load(block)
    expect(block.map((id) => cache.get(id)?.features.lead_id)).toEqual(block)
    expect(cache.size).toBeLessThanOrEqual(12)
  })

  test('leads that are compared again keep the rows of their match keys', async () => {
    const [id = 0] = await seedLeads(db, inventPeople(20))
    await findDuplicates(options())
    // Where a row is stored tells whether it was written again. Only PostgreSQL shows it.
    const place = sql.raw({ postgres: 'ctid::text', sqlite: 'match_key', mysql: 'match_key' }[engine])
    const readKeys = async () =>
      (await sql`select match_key, lead_id, ${place} as place from lead_match_keys order by 1, 2`.execute(db.kysely))
        .rows
    const before = await readKeys()
    await updateLead(db, id, { title: 'Owner' }, { ...by, at: new Date() })
    expect((await findDuplicates(options())).leads_read).toBe(1)
    expect(await readKeys()).toEqual(before)
    await updateLead(db, id, { phone: '+49405550177' }, { ...by, at: new Date() })
    await findDuplicates(options())
    expect(await readKeys()).not.toEqual(before)
  })

  test('a pass that is stopped continues, and a full pass removes what it does not find', async () => {
    const [first = 0, second = 0, third = 0] = await seedLeads(db, inventPeople(60))
    await withTransaction(db, (trx) =>
      trx.kysely
        .insertInto('lead_duplicates')
        .values({
          lead_a: first,
          lead_b: third,
          certainty: 900,
          is_certain: false,
          reasons: { email: 'same' },
          checked_at: new Date('2026-01-01T00:00:00.000Z'),
        })
        .execute(),
    )
    // Each call may ask one time more than the previous one, so that it is stopped at every place.
    const runUntil = (asks_max: number) => {
      let asked = 0
      return findAllDuplicates({ ...options(), isStopped: () => ++asked > asks_max })
    }
    let result = await runUntil(0)
    expect(result.is_finished).toBe(false)
    for (let asks_max = 1; asks_max < 10 && !result.is_finished; asks_max += 1) result = await runUntil(asks_max)
    expect(result.is_finished).toBe(true)
    const ids = await listIds()
    expect(ids).toContain(`${first}-${second}`)
    expect(ids).not.toContain(`${first}-${third}`)
  })

  test('pairs are listed by certainty, in pages that fit together', async () => {
    await seedLeads(db, inventPeople(40))
    await findDuplicates(options())
    const whole = await list()
    const paged: typeof whole = []
    let cursor: string | undefined
    do {
      const page = await listDuplicates(db, { cursor_secret: CURSOR_SECRET, limit: 3, cursor })
      paged.push(...page.data)
      cursor = page.next_cursor ?? undefined
    } while (cursor !== undefined)
    expect(paged).toEqual(whole)
    expect(whole.map(({ certainty }) => certainty)).toEqual(
      whole.map(({ certainty }) => certainty).sort((x, y) => y - x),
    )
    const [best] = whole
    const least = (await listDuplicates(db, { cursor_secret: CURSOR_SECRET, at_least: best?.certainty, limit: 500 }))
      .data
    expect(least.every(({ certainty }) => certainty >= (best?.certainty ?? 1))).toBe(true)
  })
})
