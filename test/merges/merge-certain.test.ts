import { fc } from '@fast-check/vitest'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { applyItems, findExistingRows, toLeadKey } from '@leads/core/ingest/apply-items'
import type { IngestItem } from '@leads/core/ingest/lead-draft'
import type { Provenance } from '@leads/core/ingest/provenance'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { AUTO_MERGE_AUTHOR, mergeWithoutPerson } from '@leads/core/merges/merge-certain'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const map = createMapper()
const at = new Date('2026-05-01T09:00:00.000Z')
const by = { actor: 'tester', event_source: 'api', at } as const
const PEOPLE = [
  ['Lorenza', 'Quist'],
  ['Omar', 'Sadiqi'],
  ['Wilhelmina', 'Brandt'],
] as const

interface Fact {
  person: number
  hasPage: boolean
  hasEmail: boolean
  provider: 'apify' | 'import'
}

/** What a source may say of a person: by the page, by the address or by both. */
function toItem({ person, hasPage, hasEmail }: Fact): IngestItem {
  const [firstName = '', lastName = ''] = PEOPLE[person] ?? []
  const name = `${firstName}-${lastName}`.toLowerCase()
  const raw = {
    firstName,
    lastName,
    phone: `+49 30 555010${person}`,
    ...(hasPage && { linkedinUrl: `https://www.linkedin.com/in/${name}-${person}7` }),
    ...(hasEmail && { email: `${name}@order.example` }),
  }
  const mapped = map(raw)
  if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
  return { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: JSON.stringify(raw) }
}

const originOf = (provider: Fact['provider'], run: number): Provenance => ({
  source: provider,
  source_name: null,
  provider_name: provider,
  actor_id: provider === 'apify' ? 'actor' : null,
  actor_name: null,
  run_id: provider === 'apify' ? `run${run}` : null,
  dataset_id: null,
  import_batch_id: provider === 'import' ? `batch${run}` : null,
  scrape_params: null,
  actor: 'sync',
  at,
})

describeEachEngine('merging what is certain without a person', (engine) => {
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

  async function ingest(facts: readonly Fact[], run: number): Promise<void> {
    const [first] = facts
    if (!first) return
    const origin = originOf(first.provider, run)
    const items = facts.map(toItem)
    const rows = await findExistingRows(db, items, origin)
    await withTransaction(db, (trx) => applyItems(trx, items, rows, origin, 'merge'))
  }
  const clear = async (): Promise<void> => {
    for (const table of ['lead_duplicates', 'lead_merges', 'lead_match_keys', 'task_states'] as const)
      await db.kysely.deleteFrom(table).execute()
    await db.kysely.deleteFrom('sales_leads').execute()
  }
  const now = () => new Date()
  const pass = async (is_bridged_only = false): Promise<number> => {
    await findDuplicates({ db, log: noopLog, now })
    return mergeWithoutPerson({ db, log: noopLog, now, is_bridged_only })
  }
  const readLeads = () =>
    db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'full_name', 'email', 'phone'])
      .where('is_deleted', '=', false)
      .orderBy('full_name')
      .execute()
  const bridge: Fact[] = [
    { person: 0, hasPage: true, hasEmail: false, provider: 'apify' },
    { person: 0, hasPage: false, hasEmail: true, provider: 'import' },
    { person: 0, hasPage: true, hasEmail: true, provider: 'apify' },
  ]

  test('two leads that a third item shows to be one are merged, with an event and an undo', async () => {
    for (const [run, fact] of bridge.entries()) await ingest([fact], run)
    expect(await readLeads()).toHaveLength(2)
    expect(await pass(true)).toBe(1)
    expect(await readLeads()).toHaveLength(1)
    const events = await db.kysely.selectFrom('lead_events').selectAll().where('event_type', '=', 'merged').execute()
    expect(events.map(({ actor, event_source }) => [actor, event_source])).toEqual([
      [AUTO_MERGE_AUTHOR, 'system'],
      [AUTO_MERGE_AUTHOR, 'system'],
    ])
    const merged = await db.kysely.selectFrom('lead_merges').select('merged_id').executeTakeFirstOrThrow()
    await unmergeLead(db, merged.merged_id, by)
    expect(await pass()).toBe(0)
    expect(await readLeads()).toHaveLength(2)
  })

  test('two leads that are alike but that no item identifies together stay two without the setting', async () => {
    const [page, address] = bridge as [Fact, Fact, Fact]
    await ingest([page], 0)
    await ingest([address], 1)
    expect(await pass(true)).toBe(0)
    expect(await readLeads()).toHaveLength(2)
  })

  test('any order and split of items without contradictions ends in the same leads', async () => {
    const fact = fc
      .record({
        person: fc.nat(PEOPLE.length - 1),
        hasPage: fc.boolean(),
        hasEmail: fc.boolean(),
        provider: fc.constantFrom('apify', 'import'),
      })
      .map((one): Fact => ({ ...one, hasEmail: one.hasEmail || !one.hasPage }) as Fact)
    const cases = fc
      .array(fact, { minLength: 2, maxLength: 7 })
      // Each person is known by an item with both, so that page and address are known to be one person's.
      .map((facts) => [
        ...facts,
        ...[...new Set(facts.map(({ person }) => person))].map(
          (person): Fact => ({ person, hasPage: true, hasEmail: true, provider: 'apify' }),
        ),
      ])
      .chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray([...facts.keys()], { minLength: facts.length }),
          fc.array(fc.boolean(), { minLength: facts.length, maxLength: facts.length }),
        ),
      )
    await fc.assert(
      fc.asyncProperty(cases, async ([facts, order, isTogether]) => {
        await clear()
        const groups: Fact[][] = []
        for (const index of order) {
          const one = facts[index] as Fact
          const last = groups.at(-1)
          if (last && isTogether[index] && last[0]?.provider === one.provider) last.push(one)
          else groups.push([one])
        }
        for (const [run, group] of groups.entries()) await ingest(group, run)
        await pass(true)
        const people = [...new Set(facts.map(({ person }) => person))]
        expect((await readLeads()).map(({ full_name, email, phone }) => ({ full_name, email, phone }))).toEqual(
          people
            .map((person) => toItem({ person, hasPage: true, hasEmail: true, provider: 'apify' }).lead)
            .map(({ full_name, email, phone }) => ({ full_name, email, phone }))
            .sort((a, b) => ((a.full_name ?? '') < (b.full_name ?? '') ? -1 : 1)),
        )
      }),
      { numRuns: engine === 'sqlite' ? 60 : 8 },
    )
  }, 240_000)

  test('items of two names or two LinkedIn pages never share a lead, in any order, split and after any merge', async () => {
    interface Statement {
      person: number
      page: 0 | 1 | null
      address: 'own' | 'home' | null
      provider: Fact['provider']
    }
    const statement: fc.Arbitrary<Statement> = fc
      .record({
        person: fc.nat(PEOPLE.length - 1),
        page: fc.constantFrom(0, 1, null),
        address: fc.constantFrom('own', 'home', null),
        provider: fc.constantFrom('apify', 'import'),
      })
      .map((one) => ({ ...one, address: one.page === null ? (one.address ?? 'home') : one.address }) as Statement)
    const toContestedItem = ({ person, page, address }: Statement): IngestItem => {
      const [firstName = '', lastName = ''] = PEOPLE[person] ?? []
      const slug = `${firstName}-${lastName}-${page}7`.toLowerCase()
      const raw = {
        firstName,
        lastName,
        ...(page !== null && { linkedinUrl: `https://www.linkedin.com/in/${slug}` }),
        // The three live together and share an address.
        ...(address !== null && { email: `${address === 'own' ? firstName : 'casa'}@order.example` }),
      }
      const mapped = map(raw)
      if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
      return { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: JSON.stringify(raw) }
    }
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(statement, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
        async (groups) => {
          await clear()
          const placed: { lead_id: number; statement: Statement }[] = []
          for (const [run, group] of groups.entries()) {
            const origin = originOf((group[0] as Statement).provider, run)
            const items = group.map(toContestedItem)
            const rows = await findExistingRows(db, items, origin)
            await withTransaction(db, (trx) => applyItems(trx, items, rows, origin, 'merge'))
            const leads = await db.kysely
              .selectFrom('sales_leads')
              .select(['id', 'provider_name', 'external_id'])
              .execute()
            for (const [index, item] of items.entries()) {
              const key = toLeadKey(item, rows)
              const made = leads.find((lead) => lead.external_id === key && lead.provider_name === origin.provider_name)
              const lead_id = rows.known.get(key)?.id ?? made?.id ?? 0
              placed.push({ lead_id, statement: group[index] as Statement })
            }
          }
          const assertApart = (keeperOf: ReadonlyMap<number, number>): void => {
            for (const one of Map.groupBy(placed, ({ lead_id }) => keeperOf.get(lead_id) ?? lead_id).values()) {
              expect(new Set(one.map(({ statement: { person } }) => person)).size).toBe(1)
              expect(new Set(one.flatMap(({ statement: { page } }) => page ?? [])).size).toBeLessThan(2)
            }
          }
          assertApart(new Map())
          await pass()
          const merged = await db.kysely.selectFrom('lead_merges').select(['merged_id', 'keeper_id']).execute()
          const keepers = new Map(merged.map(({ merged_id, keeper_id }) => [merged_id, keeper_id]))
          for (const [id, keeper] of keepers) keepers.set(id, keepers.get(keeper) ?? keeper)
          assertApart(keepers)
        },
      ),
      { numRuns: engine === 'sqlite' ? 60 : 8 },
    )
  }, 240_000)
})
