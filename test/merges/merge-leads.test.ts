import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { listLeadEvents } from '@leads/core/events/list-events'
import { getLead } from '@leads/core/leads/get-lead'
import { removeLead, restoreLead } from '@leads/core/leads/remove-lead'
import { updateLead } from '@leads/core/leads/update-lead'
import type { ListInput } from '@leads/core/lists/list-page'
import { noopLog } from '@leads/core/log'
import { listDuplicates } from '@leads/core/merges/list-duplicates'
import { mergeCertain } from '@leads/core/merges/merge-certain'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { showDuplicate } from '@leads/core/merges/show-duplicate'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import type { LeadEvent } from '@leads/core/model/lead-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type SeedLead, seedLeads } from '../api/seed.ts'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const by = { actor: 'tester', event_source: 'api', at: new Date('2026-05-01T10:00:00.000Z') } as const

describeEachEngine('merging leads', (engine) => {
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

  const keeperFields: SeedLead = {
    first_name: 'Ilse',
    last_name: 'Brandauer',
    full_name: 'Ilse Brandauer',
    email: 'ilse@brandauer.example',
    city: 'Graz',
    tags: ['fair'],
    notes: 'Called in May.',
    lead_status: 'contacted',
  }
  const mergedFields: SeedLead = {
    first_name: 'Ilse',
    last_name: 'Brandauer',
    email: 'i.brandauer@post.example',
    email_verified: true,
    additional_emails: ['office@brandauer.example'],
    phone: '+433165550101',
    title: 'Owner',
    city: 'Graz',
    street: 'Murgasse 4',
    postal_code: '8010',
    tags: ['fair', 'print'],
    lead_score: 70,
    notes: 'Wants a quote.',
  }

  async function seedPair(): Promise<[number, number]> {
    const [keeper = 0, merged = 0] = await seedLeads(db, [keeperFields, mergedFields])
    await db.kysely
      .insertInto('lead_identities')
      .values([
        { identity: 'email:ilse@brandauer.example', lead_id: keeper, is_shared: false, seen_at: by.at },
        { identity: 'email:i.brandauer@post.example', lead_id: merged, is_shared: false, seen_at: by.at },
        { identity: 'linkedin:in/ilse-b', lead_id: merged, is_shared: false, seen_at: by.at },
      ])
      .execute()
    return [keeper, merged]
  }
  const readIdentities = async () =>
    Object.fromEntries(
      (await db.kysely.selectFrom('lead_identities').selectAll().orderBy('identity').execute()).map(
        ({ identity, lead_id }) => [identity, lead_id],
      ),
    )

  test('the keeper keeps its values, empty ones are filled, lists and notes are joined', async () => {
    const [keeper, merged] = await seedPair()
    await mergeLeads(db, keeper, merged, by)
    expect(await getLead(db, keeper)).toMatchObject({
      full_name: 'Ilse Brandauer',
      email: 'ilse@brandauer.example',
      email_verified: false,
      additional_emails: ['i.brandauer@post.example', 'office@brandauer.example'],
      phone: '+433165550101',
      title: 'Owner',
      city: 'Graz',
      street: 'Murgasse 4',
      postal_code: '8010',
      tags: ['fair', 'print'],
      lead_status: 'contacted',
      lead_score: 70,
      notes: 'Called in May.\n\nWants a quote.',
      version: 2,
    })
    expect(new Set(Object.values(await readIdentities()))).toEqual(new Set([keeper]))
    const events = await db.kysely.selectFrom('lead_events').selectAll().where('event_type', '=', 'merged').execute()
    expect(events.map(({ lead_id }) => lead_id).sort()).toEqual([keeper, merged])
  })

  test('an address that contradicts is not mixed with another one', async () => {
    const [keeper = 0, merged = 0] = await seedLeads(db, [keeperFields, { ...mergedFields, city: 'Linz' }])
    await mergeLeads(db, keeper, merged, by)
    expect(await getLead(db, keeper)).toMatchObject({ city: 'Graz', street: null, postal_code: null })
  })

  test('chosen fields have the value of the merged lead, with what belongs to it, and an undo gives them back', async () => {
    const [keeper = 0, merged = 0] = await seedLeads(db, [
      { ...keeperFields, title: 'Printer', additional_emails: ['i.brandauer@post.example'], email_verified: false },
      { ...mergedFields, full_name: 'Ilse M. Brandauer', city: 'Linz', lead_status: 'new', lead_score: null },
    ])
    const before = await getLead(db, keeper)
    const fields = ['full_name', 'email', 'street', 'title', 'lead_status', 'lead_score'] as const
    await mergeLeads(db, keeper, merged, by, fields)
    expect(await getLead(db, keeper)).toMatchObject({
      full_name: 'Ilse M. Brandauer',
      email: 'i.brandauer@post.example',
      email_verified: true,
      additional_emails: ['ilse@brandauer.example', 'office@brandauer.example'],
      city: 'Linz',
      street: 'Murgasse 4',
      title: 'Owner',
      lead_status: 'new',
    })
    await unmergeLead(db, merged, by)
    const { version: _version, updated_at: _updated_at, updated_by: _updated_by, ...restored } = before
    expect(await getLead(db, keeper)).toMatchObject(restored)
  })

  test('a merged lead is in no list, and a read or change of it names its keeper', async () => {
    const [keeper, merged] = await seedPair()
    await mergeLeads(db, keeper, merged, by)
    const problem = { code: 'merged', extensions: { merged_into_id: keeper } }
    await expect(getLead(db, merged)).rejects.toMatchObject(problem)
    await expect(updateLead(db, merged, { title: 'x' }, by)).rejects.toMatchObject(problem)
    await expect(removeLead(db, merged, by)).rejects.toMatchObject(problem)
    await expect(restoreLead(db, merged, by)).rejects.toMatchObject(problem)
    await expect(mergeLeads(db, keeper, merged, by)).rejects.toMatchObject(problem)
    await expect(mergeLeads(db, keeper, keeper, by)).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(mergeLeads(db, keeper, 99_999, by)).rejects.toMatchObject({ code: 'not_found' })
  })

  test("a keeper's history shows that of all leads merged into it, in pages that fit together, until a merge is undone", async () => {
    const [keeper, merged] = await seedPair()
    const [last = 0] = await seedLeads(db, [
      { external_id: 'seed:third', full_name: 'Ilse B.', email: 'ilse.b@alt.example' },
    ])
    for (const [index, id] of [last, merged, keeper].entries()) {
      const at = new Date(by.at.getTime() - (index + 1) * 60_000)
      await updateLead(db, id, { title: `Title ${index}` }, { ...by, at })
    }
    await mergeLeads(db, merged, last, by)
    await mergeLeads(db, keeper, merged, { ...by, at: new Date(by.at.getTime() + 1000) })
    const read = async (id: number) => {
      const events: LeadEvent[] = []
      let cursor: string | undefined
      do {
        const page = await listLeadEvents(db, id, { limit: 2, cursor, cursor_secret: 'history' } as ListInput)
        events.push(...page.data)
        cursor = page.next_cursor ?? undefined
      } while (cursor !== undefined)
      return events.map(({ lead_id, event_type }) => [lead_id, event_type])
    }
    const own = [
      [merged, 'merged'],
      [last, 'merged'],
    ]
    const history = await read(keeper)
    expect(
      history
        .slice(0, 2)
        .map(([id]) => id)
        .sort(),
    ).toEqual([keeper, merged].sort())
    expect(history).toEqual(expect.arrayContaining([...own, [keeper, 'merged']]))
    expect(history.filter(([, event_type]) => event_type === 'updated')).toEqual([
      [last, 'updated'],
      [merged, 'updated'],
      [keeper, 'updated'],
    ])
    await unmergeLead(db, merged, { ...by, at: new Date(by.at.getTime() + 2000) })
    expect(new Set((await read(keeper)).map(([id]) => id))).toEqual(new Set([keeper]))
    expect(new Set((await read(merged)).map(([id]) => id))).toEqual(new Set([merged, last]))
  })

  test('an undone merge brings both leads back as they were', async () => {
    const [keeper, merged] = await seedPair()
    const before = await db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()
    const identities = await readIdentities()
    await mergeLeads(db, keeper, merged, by)
    const result = await unmergeLead(db, merged, by)
    expect(result).toMatchObject({ keeper_id: keeper, kept_fields: [] })
    const strip = (rows: typeof before) => rows.map(({ version: _, updated_at: __, updated_by: ___, ...rest }) => rest)
    const after = await db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()
    expect(strip(after)).toEqual(strip(before))
    expect(await readIdentities()).toEqual(identities)
    await expect(unmergeLead(db, merged, by)).rejects.toMatchObject({ code: 'conflict' })
    const dismissed = await listDuplicates(db, { status: 'dismissed', cursor_secret: 'x' })
    expect(dismissed.data).toMatchObject([{ lead_a: keeper, lead_b: merged }])
  })

  test('what was changed since a merge stays when it is undone, and is named', async () => {
    const [keeper, merged] = await seedPair()
    await mergeLeads(db, keeper, merged, by)
    await updateLead(db, keeper, { title: 'Managing director', phone: null }, by)
    await db.kysely
      .insertInto('lead_identities')
      .values({ identity: 'linkedin:in/new', lead_id: keeper, seen_at: by.at })
      .execute()
    const { kept_fields } = await unmergeLead(db, merged, by)
    expect(kept_fields.sort()).toEqual(['phone', 'title'])
    expect(await getLead(db, keeper)).toMatchObject({ title: 'Managing director', phone: null, street: null })
    expect(await getLead(db, merged)).toMatchObject({ title: 'Owner', phone: '+433165550101' })
    expect(await readIdentities()).toMatchObject({ 'linkedin:in/new': keeper, 'linkedin:in/ilse-b': merged })
  })

  test('a keeper that is merged in turn passes on its merged leads; merges are undone newest first', async () => {
    const [a, b] = await seedPair()
    const [c = 0] = await seedLeads(db, [{ ...keeperFields, external_id: 'seed:c' }])
    await mergeLeads(db, a, b, by)
    await mergeLeads(db, c, a, by)
    await expect(getLead(db, b)).rejects.toMatchObject({ extensions: { merged_into_id: c } })
    await expect(unmergeLead(db, b, by)).rejects.toMatchObject({ code: 'merged', extensions: { merged_into_id: c } })
    await unmergeLead(db, a, by)
    await expect(getLead(db, b)).rejects.toMatchObject({ extensions: { merged_into_id: a } })
    await unmergeLead(db, b, by)
    expect((await getLead(db, b)).email).toBe('i.brandauer@post.example')
    expect(await readIdentities()).toMatchObject({ 'linkedin:in/ilse-b': b, 'email:ilse@brandauer.example': a })
  })

  test('of two merges of overlapping pairs at once, one wins and the other gets a conflict', async () => {
    const [a = 0, b = 0, c = 0] = await seedLeads(db, [keeperFields, mergedFields, mergedFields])
    // Two connections of one process to SQLite would wait for each other: there, one connection runs both in turn.
    const other = engine === 'sqlite' ? db : await openDatabase(database.database_url)
    try {
      const results = await Promise.allSettled([mergeLeads(db, a, b, by), mergeLeads(other, b, c, by)])
      const lost = results.filter((result) => result.status === 'rejected')
      for (const { reason } of lost) expect((reason as { code: string }).code).toBe('merged')
      const merges = await db.kysely.selectFrom('lead_merges').selectAll().execute()
      expect(merges.length).toBe(2 - lost.length)
      const rows = await db.kysely.selectFrom('sales_leads').select(['id', 'merged_into_id', 'is_deleted']).execute()
      for (const row of rows) expect(row.is_deleted).toBe(row.merged_into_id !== null)
      const keepers = new Set(rows.filter((row) => row.merged_into_id === null).map(({ id }) => id))
      for (const row of rows) if (row.merged_into_id !== null) expect(keepers).toContain(row.merged_into_id)
    } finally {
      if (other !== db) await other.close()
    }
  })

  test('certain pairs merge by themselves; the lead that people worked on stays, and namesakes stay two', async () => {
    const person = { first_name: 'Tarek', last_name: 'Mansouri', email: 'tm-88@post.example', city: 'Lyon' }
    const [a = 0, b = 0, c = 0] = await seedLeads(db, [
      person,
      { ...person, lead_status: 'qualified' as const },
      { ...person, email: 'other@firm.example', city: 'Metz' },
    ])
    await findDuplicates({ db, log: noopLog, now: () => new Date() })
    expect(await mergeCertain({ db, by: () => ({ ...by, at: new Date() }) })).toEqual({ merged: 1, is_finished: true })
    await expect(getLead(db, a)).rejects.toMatchObject({ extensions: { merged_into_id: b } })
    expect((await getLead(db, c)).is_deleted).toBe(false)
  })

  test('two leads are shown side by side, with reasons in words', async () => {
    const [keeper, merged] = await seedPair()
    const shown = await showDuplicate(db, merged, keeper, { now: by.at })
    expect(shown).toMatchObject({ lead_a: keeper, lead_b: merged, duplicate_status: 'open' })
    expect(shown.reasons).toContain('same last name')
    expect(shown.leads.map(({ id }) => id)).toEqual([keeper, merged])
  })
})
