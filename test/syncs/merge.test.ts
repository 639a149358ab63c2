import { fc } from '@fast-check/vitest'
import { withTransaction } from '@leads/core/database/transaction'
import { applyItems, findExistingRows, type ImportItem } from '@leads/core/ingest/apply-items'
import { hashColumns, type ImportedLead, toComparableText } from '@leads/core/ingest/field-hashes'
import { mergeLead } from '@leads/core/ingest/merge-lead'
import type { Provenance } from '@leads/core/ingest/provenance'
import { type CrmField, crmFields, leadColumns, type MergedColumn, mergedColumns } from '@leads/core/model/lead-columns'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { createWorld, type World } from './world.ts'

const word = fc.constantFrom('Ann', 'Bob', 'Chloé', 'Dušan', '李', 'x')
const text = fc.option(word, { nil: null })
const list = fc.uniqueArray(word, { maxLength: 3 })

type Field = Exclude<MergedColumn, CrmField>

const hashedColumns = mergedColumns.filter(
  (column): column is Field => !(crmFields as readonly string[]).includes(column),
)

/** From the table of columns, so that a new column is merged here too. */
function arbitraryOf(column: Field): fc.Arbitrary<unknown> {
  const kind = column === 'company_key' ? 'text' : leadColumns[column].kind
  return { text, text_list: list, flag: fc.boolean() }[kind]
}

const importable = fc.record(
  Object.fromEntries(hashedColumns.map((column) => [column, arbitraryOf(column)])),
) as unknown as fc.Arbitrary<ImportedLead>

/** Two full names that differ are two leads: see test/ingest/identities.test.ts. */
const samePerson = importable.map((lead): ImportedLead => ({ ...lead, last_name: null }))

/** What a verified flag may be depends on its address: left to the tests by example. */
const plainFields = hashedColumns.filter((field) => !field.endsWith('_verified'))
const edit = fc
  .tuple(fc.constantFrom(...plainFields), importable)
  .map(([field, { [field]: value }]): { field: Field; value: ImportedLead[Field] } => ({ field, value }))

describe('the merge of an import over a lead', () => {
  test("a person's edit survives every import that does not bring that very value", () => {
    fc.assert(
      fc.property(importable, edit, fc.array(importable, { maxLength: 5 }), (first, { field, value }, imports) => {
        fc.pre(toComparableText(first[field]) !== toComparableText(value))
        // An import that brings what the person wrote agrees with them, and speaks for the field from then on.
        fc.pre(imports.every((later) => toComparableText(later[field]) !== toComparableText(value)))
        let ours = { ...first, [field]: value }
        let hashes = hashColumns(first)
        for (const theirs of imports) {
          const merge = mergeLead(ours, hashes, theirs)
          ours = merge.merged
          hashes = merge.import_hashes
        }
        expect(ours[field]).toEqual(value)
      }),
      { numRuns: 2000 },
    )
  })

  test('the same import again changes nothing, regardless of edits in between', () => {
    fc.assert(
      fc.property(importable, importable, importable, (first, edited, theirs) => {
        const once = mergeLead({ ...first, ...edited }, hashColumns(first), theirs)
        const twice = mergeLead(once.merged, once.import_hashes, theirs)
        expect(twice.changed_fields).toEqual({})
        expect(twice.merged).toEqual(once.merged)
        expect(twice.import_hashes).toBe(once.import_hashes)
      }),
      { numRuns: 2000 },
    )
  })

  test('the order of two imports of different fields does not matter', () => {
    const empty = { ...Object.fromEntries(plainFields.map((field) => [field, null])), email_verified: false }
    const nothing = { ...empty, phone_verified: false, additional_emails: [], additional_phones: [], tags: [] } as never
    const parts = fc.uniqueArray(fc.constantFrom(...plainFields), { minLength: 1 })
    fc.assert(
      fc.property(importable, importable, importable, parts, (first, edited, later, fields) => {
        const pick = (wanted: (field: Field) => boolean): ImportedLead => ({
          ...(nothing as ImportedLead),
          ...Object.fromEntries(plainFields.filter(wanted).map((field) => [field, later[field]])),
        })
        const one = pick((field) => fields.includes(field as never))
        const other = pick((field) => !fields.includes(field as never))
        const inOrder = (imports: ImportedLead[]) =>
          imports.reduce((merge, theirs) => mergeLead(merge.merged, merge.import_hashes, theirs), {
            merged: { ...first, full_name: edited.full_name },
            import_hashes: hashColumns(first),
            changed_fields: {},
          })
        const [forth, back] = [inOrder([one, other]), inOrder([other, one])]
        expect(forth.merged).toEqual(back.merged)
        expect(forth.import_hashes).toBe(back.import_hashes)
      }),
      { numRuns: 2000 },
    )
  })

  test('an import that says nothing of a field leaves it alone', () => {
    fc.assert(
      fc.property(importable, importable, (first, theirs) => {
        const { merged } = mergeLead(first, hashColumns(first), theirs)
        for (const field of plainFields)
          if (toComparableText(theirs[field]) === '') expect(merged[field]).toEqual(first[field])
      }),
    )
  })
})

describeEachEngine('imports over existing leads', (engine) => {
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
  })
  afterAll(() => world.close())

  const originOf = (run_id: string): Provenance => ({
    source: 'apify',
    source_name: 'ann/places',
    provider_name: 'apify',
    actor_id: 'a',
    actor_name: 'ann/places',
    run_id,
    dataset_id: 'd',
    import_batch_id: null,
    scrape_params: null,
    actor: 'apify-sync',
    at: world.clock.now(),
  })
  const itemOf = (external_id: string, { company_key: _, ...lead }: ImportedLead): ImportItem => ({
    lead: { ...lead, external_id },
    company: null,
    source: {
      external_id,
      external_url: null,
      provider_id: null,
      scraped_at: null,
      metadata: {},
      data_quality_score: 50,
      confidence_score: 50,
    },
    raw_data: JSON.stringify(lead),
  })
  const bring = async (items: ImportItem[], run_id: string): Promise<void> => {
    const origin = originOf(run_id)
    const lookups = await findExistingRows(world.db, items, origin)
    await withTransaction(world.db, (trx) => applyItems(trx, items, lookups, origin, 'merge'))
  }
  let count = 0

  test('the result of the merge matches the database, with an event of old and new values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(samePerson, { minLength: 1, maxLength: 4 }),
        edit.filter(({ field }) => field !== 'last_name'),
        async (imports, { field, value }) => {
          const external_id = `test:${++count}`
          const [first, ...later] = imports as [ImportedLead, ...ImportedLead[]]
          await bring([itemOf(external_id, { ...first, company_key: null })], `run ${count}`)
          let ours: ImportedLead = { ...first, company_key: null }
          let hashes = hashColumns(ours)
          if (field !== 'company_key') {
            ours = { ...ours, [field]: value }
            const edited = world.db.kysely.updateTable('sales_leads').set({ [field]: value })
            await edited.where('external_id', '=', external_id).execute()
          }
          const changes: object[] = []
          for (const [index, theirs] of later.entries()) {
            const plain = { ...theirs, company_key: null }
            await bring([itemOf(external_id, plain)], `run ${count}.${index}`)
            const merge = mergeLead(ours, hashes, plain)
            ours = merge.merged
            hashes = merge.import_hashes
            if (Object.keys(merge.changed_fields).length > 0) changes.push(merge.changed_fields)
          }
          const { kysely } = world.db
          const row = await kysely
            .selectFrom('sales_leads')
            .selectAll()
            .where('external_id', '=', external_id)
            .executeTakeFirstOrThrow()
          const { company_key: _, ...fields } = ours
          expect(row).toMatchObject({ ...fields, import_hashes: hashes, version: 1 + changes.length })
          const events = await kysely
            .selectFrom('lead_events')
            .selectAll()
            .where('lead_id', '=', row.id)
            .orderBy('id')
            .execute()
          expect(events.slice(1).map(({ changed_fields }) => changed_fields)).toEqual(changes)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('many items of one lead in one call have the same result as in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(samePerson, { minLength: 2, maxLength: 5 }), async (imports) => {
        const [together, apart] = [`test:${++count}`, `test:${++count}`]
        const items = (external_id: string) =>
          imports.map((fields) => itemOf(external_id, { ...fields, company_key: null }))
        await bring(items(together), 'together')
        for (const item of items(apart)) await bring([item], 'apart')
        const { kysely } = world.db
        const rows = await kysely
          .selectFrom('sales_leads')
          .select(['external_id', 'import_hashes', ...hashedColumns.filter((field) => field !== 'company_key')])
          .where('external_id', 'in', [together, apart])
          .execute()
        const [a, b] = rows.map(({ external_id: _, ...row }) => row)
        expect(a).toEqual(b)
        const changes = (external_id: string) =>
          kysely
            .selectFrom('lead_events')
            .innerJoin('sales_leads', 'sales_leads.id', 'lead_events.lead_id')
            .select('changed_fields')
            .where('external_id', '=', external_id)
            .orderBy('lead_events.id')
            .execute()
        expect(await changes(together)).toEqual(await changes(apart))
      }),
      { numRuns: 25 },
    )
  })

  test('everything stays: no lead without its source and its created event', async () => {
    const { leads, sources, events } = await readContents(world.db)
    expect(sources).toHaveLength(leads.length)
    expect(events.filter(({ event_type }) => event_type === 'created')).toHaveLength(leads.length)
  })
})
