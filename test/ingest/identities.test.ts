import { fc } from '@fast-check/vitest'
import { cleanUp } from '@leads/core/cleanup/clean-up'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { compareName } from '@leads/core/duplicates/compare-names'
import { EMPTY_SUBJECT, type NameFeature, toFeatures } from '@leads/core/duplicates/features'
import { toGoogleCid } from '@leads/core/duplicates/google-place'
import { liftTombstones } from '@leads/core/duplicates/tombstones'
import { applyItems, countNewAndDuplicate, findExistingRows, toLeadKey } from '@leads/core/ingest/apply-items'
import { backfillIdentities } from '@leads/core/ingest/backfill-identities'
import type { IngestItem } from '@leads/core/ingest/lead-draft'
import type { Provenance } from '@leads/core/ingest/provenance'
import { retryOnConflict } from '@leads/core/ingest/retry-on-conflict'
import { createLead } from '@leads/core/leads/create-lead'
import { removeLead } from '@leads/core/leads/remove-lead'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const map = createMapper()
/** A member id as LinkedIn (0x2a) or Sales Navigator (0x2c) writes it. */
function toMemberId(head: number, number: number): string {
  const bytes = Buffer.alloc(29, head)
  bytes.set([0, head, 0])
  bytes.writeUIntBE(number, 3, 5)
  return bytes.toString('base64url')
}

const toFirst = (first_name: string) => toFeatures({ ...EMPTY_SUBJECT, first_name }).first as NameFeature

const by = { actor: 'tester', event_source: 'api', at: new Date('2026-05-01T10:00:00.000Z') } as const

function toItem(item: Record<string, unknown>): IngestItem {
  const mapped = map(item)
  if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
  const { lead, company, source, former_external_id, identities } = mapped
  return { lead, company, source, former_external_id, identities, raw_data: JSON.stringify(item) }
}

const apify: Provenance = {
  source: 'apify',
  source_name: null,
  provider_name: 'apify',
  actor_id: 'actor1',
  actor_name: null,
  run_id: 'run1',
  dataset_id: 'dataset1',
  import_batch_id: null,
  scrape_params: null,
  actor: 'sync',
  at: new Date('2026-05-01T09:00:00.000Z'),
}
const file: Provenance = {
  ...apify,
  source: 'import',
  provider_name: 'import',
  actor_id: null,
  run_id: null,
  dataset_id: null,
  import_batch_id: 'batch1',
}

describeEachEngine('identities', (engine) => {
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

  async function ingest(items: readonly Record<string, unknown>[], origin = file) {
    const prepared = items.map(toItem)
    const rows = await findExistingRows(db, prepared, origin)
    const counts = countNewAndDuplicate(prepared, rows)
    await withTransaction(db, (trx) => applyItems(trx, prepared, rows, origin, 'merge'))
    return counts
  }
  /** The lead of each item, with the item's first name. */
  async function ingestAndFind(items: readonly { firstName: string }[], origin: Provenance) {
    const prepared = items.map((item) => toItem(item))
    const rows = await findExistingRows(db, prepared, origin)
    await withTransaction(db, (trx) => applyItems(trx, prepared, rows, origin, 'merge'))
    const made = await db.kysely.selectFrom('sales_leads').select(['id', 'provider_name', 'external_id']).execute()
    return prepared.map((item, index): [number, string] => {
      const key = toLeadKey(item, rows)
      const created = made.find((lead) => lead.external_id === key && lead.provider_name === origin.provider_name)
      return [rows.known.get(key)?.id ?? created?.id ?? 0, (items[index] as { firstName: string }).firstName]
    })
  }
  const readLeads = () =>
    db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'full_name', 'email', 'title', 'phone', 'is_deleted', 'merged_into_id'])
      .orderBy('id')
      .execute()
  const names = async () => (await readLeads()).map(({ full_name }) => full_name).sort()

  const lore = {
    firstName: 'Lore',
    lastName: 'Quist',
    email: 'l.quist@quistwerke.example',
    linkedinUrl: 'https://www.linkedin.com/in/lore-quist-x',
  }

  test('a list with the address alone updates the lead that has the LinkedIn page', async () => {
    await ingest([lore])
    expect(
      await ingest([{ firstName: 'Lore', lastName: 'Quist', email: 'L.Quist@quistwerke.example', jobTitle: 'CSO' }]),
    ).toEqual({
      created: 0,
      duplicates: 1,
    })
    expect(await readLeads()).toMatchObject([{ full_name: 'Lore Quist', title: 'CSO' }])
  })

  test('a file and an Actor that know one LinkedIn page or address make one lead, in either order', async () => {
    await ingest([lore], file)
    expect(await ingest([{ ...lore, email: null, jobTitle: 'CSO' }], apify)).toMatchObject({ created: 0 })
    const omar = { fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }
    await ingest([omar], apify)
    expect(await ingest([{ ...omar, phone: '+49 30 5550101' }], file)).toMatchObject({ created: 0 })
    expect(await readLeads()).toMatchObject([{ title: 'CSO' }, { phone: '+49305550101' }])
  })

  test('people who share a mailbox stay as many leads as they have names, also when the file comes again', async () => {
    const people = ['Petra Kohl', 'Rolf Kohl', 'Ines Trautwein'].map((fullName, index) => ({
      fullName,
      firstName: fullName.split(' ')[0],
      lastName: fullName.split(' ')[1],
      email: 'info@kohl-dach.example',
      companyName: 'Kohl Dach GmbH',
      phone: `+49 171 555010${index}`,
    }))
    expect(await ingest(people)).toEqual({ created: 3, duplicates: 0 })
    expect(await ingest(people)).toEqual({ created: 0, duplicates: 3 })
    for (const person of people) expect(await ingest([person])).toEqual({ created: 0, duplicates: 1 })
    expect(await names()).toEqual(['Ines Trautwein', 'Petra Kohl', 'Rolf Kohl'])
    expect(new Set((await readLeads()).map(({ phone }) => phone)).size).toBe(3)
  })

  test('a private address of two people is shared from then on and matches no one', async () => {
    const anna = { firstName: 'Anna', lastName: 'Brandl', email: 'familie.brandl@post.example' }
    const otto = { ...anna, firstName: 'Ottokar' }
    await ingest([anna])
    expect(await ingest([otto])).toMatchObject({ created: 1 })
    expect(await ingest([otto])).toMatchObject({ created: 0 })
    expect(await names()).toEqual(['Anna Brandl', 'Ottokar Brandl'])
    const shared = await db.kysely.selectFrom('lead_identities').selectAll().where('is_shared', '=', true).execute()
    expect(shared.map(({ identity }) => identity)).toEqual(['email:familie.brandl@post.example'])
  })

  test('twins and couples whose names resemble each other stay two behind one address', async () => {
    for (const [index, pair] of [
      ['Lina', 'Nina'],
      ['Andrea', 'Andreas'],
    ].entries()) {
      const twins = pair.map((firstName) => ({ firstName, lastName: 'Holm', email: `holm${index}@post.example` }))
      expect(await ingest(twins)).toMatchObject({ created: 2 })
      expect(await ingest(twins.toReversed())).toMatchObject({ created: 0 })
    }
    expect(await ingest([{ firstName: 'Jonas', lastName: 'Holm', email: 'jonas@holm.example' }])).toMatchObject({
      created: 1,
    })
    expect(await ingest([{ firstName: 'Jonnas', lastName: 'Holm', email: 'jonas@holm.example' }])).toMatchObject({
      created: 0,
    })
    expect(await names()).toHaveLength(5)
  })

  test('a lead that is renamed little by little is never joined by a name that contradicts an earlier one', async () => {
    const stated = ['Jan', 'Jana', 'Hana', 'Hanna', 'Hannes', 'Johannes']
    const items = stated.map((firstName) => ({ firstName, lastName: 'Order', email: 'casa@order.example' }))
    const isContrary = (a: string, b: string) =>
      compareName(toFirst(a), toFirst(b)) === 'differs' || compareName(toFirst(b), toFirst(a)) === 'differs'
    expect(isContrary('Jan', 'Hanna')).toBe(true)
    expect(isContrary('Jana', 'Hana')).toBe(false)
    const orders = fc.tuple(
      fc.shuffledSubarray(items, { minLength: 3 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      fc.array(fc.constantFrom(file, apify), { minLength: 6, maxLength: 6 }),
    )
    await fc.assert(
      fc.asyncProperty(orders, async ([order, cuts, origins]) => {
        await db.kysely.deleteFrom('sales_leads').execute()
        const names = new Map<number, string[]>()
        let call: typeof items = []
        for (const [index, item] of order.entries()) {
          call.push(item)
          if (cuts[index] && index < order.length - 1) continue
          for (const [lead_id, firstName] of await ingestAndFind(call, origins[index] as Provenance))
            names.set(lead_id, [...(names.get(lead_id) ?? []), firstName])
          call = []
        }
        for (const together of names.values()) {
          const pairs = together.flatMap((a) => together.map((b) => [a, b] as const))
          expect(pairs.filter(([a, b]) => isContrary(a, b))).toEqual([])
        }
      }),
      { numRuns: engine === 'sqlite' ? 60 : 6 },
    )
  }, 240_000)

  test('a member of LinkedIn is one lead by page, profile id, id of Sales Navigator and number, in any order', async () => {
    const number = 251_749_025
    const kira = { firstName: 'Kira', lastName: 'Vossberg', companyName: 'Vossberg AG' }
    const stated = [
      { ...kira, linkedinUrl: 'https://www.linkedin.com/in/kira-vossberg-9', urn: toMemberId(0x2a, number) },
      { ...kira, profileId: toMemberId(0x2a, number), headline: 'CFO' },
      { ...kira, profileUrl: `https://www.linkedin.com/sales/lead/${toMemberId(0x2c, number)},NAME_SEARCH,x1` },
      { ...kira, objectUrn: `urn:li:member:${number}`, email: 'kira@vossberg.example' },
    ]
    for (const order of [stated, [...stated].reverse()]) {
      await db.kysely.deleteFrom('sales_leads').execute()
      for (const [index, item] of order.entries()) {
        expect(await ingest([item], index % 2 === 0 ? file : apify), JSON.stringify(item)).toMatchObject({
          created: index === 0 ? 1 : 0,
        })
      }
    }
    await ingest([
      { firstName: 'Pavel', lastName: 'Rusnak', companyName: 'Rusnak Ltd', objectUrn: `urn:li:member:${number + 1}` },
    ])
    expect(await names()).toEqual(['Kira Vossberg', 'Pavel Rusnak'])
  })

  test('a page on Xing or X with the name in its address joins what knows it; that of the company does not', async () => {
    const tom = { firstName: 'Tomke', lastName: 'Harms' }
    await ingest([
      {
        ...tom,
        linkedinUrl: 'https://www.linkedin.com/in/tomke-harms-5',
        xing: 'https://www.xing.com/profile/Tomke_Harms2',
        twitter: 'https://x.com/harmswerft',
      },
    ])
    const xing = { ...tom, xingUrl: 'http://xing.com/profile/Tomke_Harms2/cv', email: 'tomke@harmswerft.example' }
    expect(await ingest([xing], apify)).toMatchObject({ created: 0 })
    const onX = { ...xing, email: 'th@post.example', twitter: 'https://twitter.com/TomkeHarms' }
    expect(await ingest([onX])).toMatchObject({ created: 0 })
    expect(await ingest([{ ...tom, twitter: 'https://x.com/tomkeharms', phone: '+49 421 5550101' }])).toMatchObject({
      created: 0,
    })
    const colleague = { firstName: 'Imke', email: 'imke@harmswerft.example', twitter: 'https://x.com/harmswerft' }
    expect(await ingest([colleague])).toMatchObject({ created: 1 })
  })

  test('a lead has five addresses as identities at most, and one more still updates it', async () => {
    for (let index = 0; index < 8; index += 1) await ingest([{ ...lore, email: `lore${index}@quistwerke.example` }])
    expect(await readLeads()).toHaveLength(1)
    const stored = await db.kysely.selectFrom('lead_identities').select('identity').orderBy('identity').execute()
    const addresses = stored.filter(({ identity }) => identity.startsWith('email:'))
    expect(addresses.map(({ identity }) => identity)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `email:lore${index}@quistwerke.example`),
    )
  })

  test('the number of one CRM is not the number of another', async () => {
    const noor = { ID: '15101', firstName: 'Noor', lastName: 'Haddad', email: 'noor@haddad-print.example' }
    const sven = { ID: '15101', firstName: 'Sven', lastName: 'Lindqvist', email: 'sven@lindqvist-bau.example' }
    await ingest([noor])
    expect(await ingest([sven])).toMatchObject({ created: 1 })
    expect(await ingest([sven, noor])).toMatchObject({ created: 0, duplicates: 2 })
    expect(await readLeads()).toMatchObject([
      { full_name: 'Noor Haddad', email: 'noor@haddad-print.example' },
      { full_name: 'Sven Lindqvist', email: 'sven@lindqvist-bau.example' },
    ])
  })

  test('the number of a record joins rows of one name in files of one source only', async () => {
    const origin = file
    const bring = async (rows: readonly [id: string, item: Record<string, unknown>][]) => {
      const items = rows.map(([id, item]) => ({ ...toItem(item), record_identity: `file-1f3a:${id}` }))
      const found = await findExistingRows(db, items, origin)
      await withTransaction(db, (trx) => applyItems(trx, items, found, origin, 'merge'))
      return countNewAndDuplicate(items, found)
    }
    const ilse = { firstName: 'Ilse', lastName: 'Quandt', email: 'ilse@quandt.example' }
    await bring([['7', ilse]])
    expect(await bring([['7', { ...ilse, email: 'i.quandt@neu.example' }]])).toEqual({ created: 0, duplicates: 1 })
    expect(await bring([['7', { firstName: 'Rolf', lastName: 'Sand', email: 'rolf@sand.example' }]])).toMatchObject({
      created: 1,
    })
    expect(await bring([['7', { email: 'someone@else.example' }]])).toMatchObject({ created: 1 })
    expect(await bring([['8', { ...ilse, jobTitle: 'CEO' }]])).toMatchObject({ created: 0 })
    const known = await db.kysely.selectFrom('lead_identities').select('identity').where('lead_id', '=', 1).execute()
    expect(known.map(({ identity }) => identity)).toEqual(expect.arrayContaining(['file-1f3a:7', 'file-1f3a:8']))
  })

  test('people of one name and address but with two LinkedIn pages stay two, in any order and split', async () => {
    const page = (slug: string) => ({ ...lore, linkedinUrl: `https://www.linkedin.com/in/${slug}` })
    const pages = [page('lore-quist-elder'), page('lore-quist-younger')]
    expect(await ingest(pages)).toEqual({ created: 2, duplicates: 0 })
    expect(await ingest([...pages].reverse(), apify)).toEqual({ created: 0, duplicates: 2 })
    for (const item of pages) expect(await ingest([item])).toEqual({ created: 0, duplicates: 1 })
    expect(await ingest([{ ...lore, linkedinUrl: null, jobTitle: 'CSO' }])).toMatchObject({ created: 0 })
    expect(await readLeads()).toHaveLength(2)
  })

  test('a place is one lead by its place id, its number and its feature id, and branches of one site stay as many', async () => {
    const place = { title: 'Kiosk Brandt', website: 'https://brandt.example', categoryName: 'Kiosk', city: 'Graz' }
    const placeId = 'ChIJN1t_tDeuEmsRUsoyG83frY4'
    const forms = [
      { ...place, placeId },
      { ...place, cid: '10281119596374313554', phone: '+43 316 5550101' },
      { ...place, fid: '0x6b12ae37b47f5b37:0x8eaddfcd1b32ca52' },
      { ...place, googleMapsUrl: 'https://maps.google.com/?cid=10281119596374313554' },
    ]
    expect(await ingest(forms.slice(1, 3), apify)).toEqual({ created: 1, duplicates: 1 })
    for (const form of forms) expect(await ingest([form], file)).toEqual({ created: 0, duplicates: 1 })
    const branches = ['15628704903115542777', '15628704903115542778'].map((cid) => ({ ...place, cid }))
    expect(await ingest(branches)).toEqual({ created: 2, duplicates: 0 })
  })

  test('a place stored before its number was read is met by its number, and other branches of its site are not', async () => {
    const place = { title: 'Kiosk Brandt', website: 'https://kiosk-brandt.at', categoryName: 'Kiosk', city: 'Graz' }
    const stored = { ...place, cid: '10281119596374313554' }
    const street = { ...place, street: 'Hauptplatz 3', fid: '0x6b12ae37b47f5b37:0x8eaddfcd1b32ca53' }
    for (const item of [stored, street]) {
      const { former_external_id, ...rest } = toItem(item)
      expect(former_external_id).toMatch(/^(?:domain|hash):/)
      // As an earlier version made it.
      const former = [{ ...rest, lead: { ...rest.lead, external_id: former_external_id as string } }]
      const found = await findExistingRows(db, former, apify)
      await withTransaction(db, (trx) => applyItems(trx, former, found, apify, 'merge'))
    }
    const branch = { ...place, cid: '15628704903115542777' }
    expect(await ingest([branch, { ...stored, phone: '+43 316 5550101' }, street], apify)).toEqual({
      created: 1,
      duplicates: 2,
    })
    expect(await ingest([stored, branch, street], file)).toEqual({ created: 0, duplicates: 3 })
    expect((await readLeads()).map(({ phone }) => phone)).toEqual(['+433165550101', null, null])
  })

  test('an import that read a lead before it was merged, or before the merge was undone, reaches the right lead', async () => {
    const omar = { fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }
    await ingest([lore, omar])
    const leads = await readLeads()
    const keeper_id = leads.find(({ full_name }) => full_name === 'Lore Quist')?.id ?? 0
    const merged_id = leads.find(({ full_name }) => full_name === 'Omar Sadiq')?.id ?? 0
    const titles = async () => Object.fromEntries((await readLeads()).map(({ id, title }) => [id, title]))
    const ingestWhile = async (item: Record<string, unknown>, origin: Provenance, act: () => Promise<unknown>) => {
      let acting: typeof act | null = act
      await retryOnConflict(db, async () => {
        const prepared = [toItem(item)]
        const rows = await findExistingRows(db, prepared, origin)
        await acting?.()
        acting = null
        await withTransaction(db, (trx) => applyItems(trx, prepared, rows, origin, 'merge'))
      })
    }
    await ingestWhile({ ...omar, jobTitle: 'Buyer' }, file, () => mergeLeads(db, keeper_id, merged_id, by))
    expect(await titles()).toEqual({ [keeper_id]: 'Buyer', [merged_id]: null })
    await ingestWhile({ ...omar, jobTitle: 'Chair' }, file, () => unmergeLead(db, merged_id, by))
    expect(await titles()).toMatchObject({ [merged_id]: 'Chair' })
    await mergeLeads(db, keeper_id, merged_id, by)
    await ingestWhile({ ...omar, jobTitle: 'Dean' }, apify, () => unmergeLead(db, merged_id, by))
    expect(await titles()).toMatchObject({ [merged_id]: 'Dean' })
  })

  test('the tombstone of number 15101 of one CRM does not keep out number 15101 of the next', async () => {
    const noor = { ID: '15101', firstName: 'Noor', lastName: 'Haddad', email: 'noor@haddad-print.example' }
    await ingest([noor])
    await removeLead(db, (await readLeads())[0]?.id ?? 0, by)
    const clean = { db, log: noopLog, retention_days: 30, rejection_retention_days: 90, is_dry_run: false }
    await cleanUp({ ...clean, now: () => new Date('2027-01-01T00:00:00.000Z'), remaining_ms: () => 60_000 })
    const sven = { ID: '15101', firstName: 'Sven', lastName: 'Lindqvist', email: 'sven@lindqvist-bau.example' }
    expect(await ingest([sven, noor])).toEqual({ created: 1, duplicates: 1 })
    expect(await names()).toEqual(['Sven Lindqvist'])
  })

  test('what joined leads, what did not, and which values were kept is counted', async () => {
    await ingest([
      { ...lore, jobTitle: 'CEO' },
      { fullName: 'Omar Sadiq', email: 'omar@sadiq.example', jobTitle: 'Buyer' },
    ])
    const omar = db.kysely.updateTable('sales_leads').set({ title: 'Chair' }).where('full_name', '=', 'Omar Sadiq')
    await omar.execute()
    const count = async (items: Record<string, unknown>[], origin: Provenance) => {
      const prepared = items.map(toItem)
      const rows = await findExistingRows(db, prepared, origin)
      await withTransaction(db, (trx) => applyItems(trx, prepared, rows, origin, 'merge'))
      return rows.match_counts
    }
    const counts = await count(
      [
        { ...lore, jobTitle: 'Dean', scrapedAt: '2026-01-01T00:00:00.000Z' },
        {
          fullName: 'Omar Sadiq',
          email: 'omar@sadiq.example',
          jobTitle: 'Clerk',
        },
        { fullName: 'Ida Frost', email: 'omar@sadiq.example' },
      ],
      { ...apify, actor_id: 'actor2' },
    )
    expect(counts).toEqual({
      joined_by: { linkedin: 1, email: 1 },
      bridged: 0,
      contradicted: 1,
      kept_newer: 1,
      kept_edited: 1,
    })
    const pages = [
      { fullName: 'Rolf Sand', linkedinUrl: 'https://linkedin.com/in/rolf-sand' },
      { fullName: 'Rolf Sand', email: 'rolf@sand.example' },
    ]
    const both = { ...pages[0], ...pages[1] }
    expect(await count([...pages, both], file)).toMatchObject({ bridged: 1 })
  })

  test('items of one call that state one address are one lead', async () => {
    const omar = { fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }
    const counts = await ingest([omar, { ...omar, linkedinUrl: 'https://linkedin.com/in/omar-sadiq', jobTitle: 'CEO' }])
    expect(counts).toEqual({ created: 1, duplicates: 1 })
    expect(await readLeads()).toMatchObject([{ full_name: 'Omar Sadiq', title: 'CEO' }])
    expect(await ingest([{ fullName: 'Omar Sadiq', linkedinUrl: 'https://linkedin.com/in/omar-sadiq' }])).toMatchObject(
      {
        created: 0,
      },
    )
  })

  test('an import by another address does not bring a deleted person back', async () => {
    await ingest([lore])
    const [lead] = await readLeads()
    await removeLead(db, lead?.id ?? 0, by)
    expect(await ingest([{ fullName: 'Lore Quist', email: lore.email }], apify)).toEqual({ created: 0, duplicates: 1 })
    expect(await readLeads()).toMatchObject([{ is_deleted: true }])
  })

  test('a person who was deleted permanently does not come back by file, Actor or API until an administrator allows it', async () => {
    await ingest([lore, { fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }])
    const [lead] = (await readLeads()).filter(({ full_name }) => full_name === 'Lore Quist')
    await removeLead(db, lead?.id ?? 0, by)
    const clean = { db, log: noopLog, retention_days: 30, rejection_retention_days: 90, is_dry_run: false }
    await cleanUp({ ...clean, now: () => new Date('2027-01-01T00:00:00.000Z'), remaining_ms: () => 60_000 })
    expect(await names()).toEqual(['Omar Sadiq'])
    expect(await ingest([lore], file)).toEqual({ created: 0, duplicates: 1 })
    expect(await ingest([{ fullName: 'Lore Quist', email: lore.email }], apify)).toEqual({ created: 0, duplicates: 1 })
    await expect(createLead(db, { full_name: 'L. Q.', email: lore.email }, by)).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await names()).toEqual(['Omar Sadiq'])
    expect(await liftTombstones(db, `email:${lore.email}`)).toBeGreaterThan(1)
    expect(await ingest([lore], file)).toEqual({ created: 1, duplicates: 0 })
  })

  test.each(['elder', 'younger'])(
    'a permanently deleted namesake (%s) of one address does not keep out what imports say of the other',
    async (deleted) => {
      const page = (who: string) => ({ ...lore, linkedinUrl: `https://www.linkedin.com/in/lore-quist-${who}` })
      await ingest([page('elder'), page('younger')])
      const rows = await db.kysely.selectFrom('sales_leads').select(['id', 'external_id']).execute()
      const gone = rows.find(({ external_id }) => external_id?.endsWith(deleted))?.id ?? 0
      await removeLead(db, gone, by)
      const clean = { db, log: noopLog, retention_days: 30, rejection_retention_days: 90, is_dry_run: false }
      await cleanUp({ ...clean, now: () => new Date('2027-01-01T00:00:00.000Z'), remaining_ms: () => 60_000 })
      const other = deleted === 'elder' ? 'younger' : 'elder'
      expect(await ingest([{ ...page(other), jobTitle: 'Chair' }, page(deleted)])).toEqual({
        created: 0,
        duplicates: 2,
      })
      expect(await readLeads()).toMatchObject([{ title: 'Chair', email: lore.email }])
    },
  )

  test.each(['Iva', 'Jon'])(
    'of a couple with one address, %s is deleted permanently and does not come back, and the other is still refreshed',
    async (deleted) => {
      const couple = ['Iva', 'Jon'].map((firstName) => ({ firstName, lastName: 'Moll', email: 'moll@post.example' }))
      await ingest(couple)
      const gone = (await readLeads()).find(({ full_name }) => full_name === `${deleted} Moll`)?.id ?? 0
      await removeLead(db, gone, by)
      const clean = { db, log: noopLog, retention_days: 30, rejection_retention_days: 90, is_dry_run: false }
      await cleanUp({ ...clean, now: () => new Date('2027-01-01T00:00:00.000Z'), remaining_ms: () => 60_000 })
      const items = couple.map((item) => ({ ...item, jobTitle: 'Chair' }))
      expect(await ingest(items)).toEqual({ created: 0, duplicates: 2 })
      const other = deleted === 'Iva' ? 'Jon Moll' : 'Iva Moll'
      expect(await readLeads()).toMatchObject([{ full_name: other, title: 'Chair' }])
    },
  )

  test('of three people with one address, the two who stay are recognized after the first was deleted permanently', async () => {
    const three = ['Iva', 'Jon', 'Kai'].map((firstName) => ({
      firstName,
      lastName: 'Moll',
      email: 'moll@post.example',
    }))
    await ingest(three)
    await removeLead(db, (await readLeads()).find(({ full_name }) => full_name === 'Iva Moll')?.id ?? 0, by)
    const clean = { db, log: noopLog, retention_days: 30, rejection_retention_days: 90, is_dry_run: false }
    await cleanUp({ ...clean, now: () => new Date('2027-01-01T00:00:00.000Z'), remaining_ms: () => 60_000 })
    for (const items of [three, [...three].reverse()]) {
      expect(await ingest(items)).toEqual({ created: 0, duplicates: 3 })
    }
    expect(await names()).toEqual(['Jon Moll', 'Kai Moll'])
  })

  test('leads from before identities were stored get them in batches, and are found by them', async () => {
    await ingest([lore, { fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }])
    await db.kysely.deleteFrom('lead_identities').execute()
    const now = () => new Date()
    expect(await backfillIdentities({ db, now, remaining_ms: () => 0 })).toBe(false)
    expect(await backfillIdentities({ db, now })).toBe(true)
    const stored = await db.kysely.selectFrom('lead_identities').select('identity').orderBy('identity').execute()
    expect(stored.map(({ identity }) => identity)).toEqual([
      'email:l.quist@quistwerke.example',
      'email:omar@sadiq.example',
      'linkedin:in/lore-quist-x',
    ])
    expect(await ingest([{ fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }], apify)).toMatchObject({ created: 0 })
  })

  test('a lead that a person made is found by imports', async () => {
    await createLead(db, { full_name: 'Omar Sadiq', email: 'Omar@sadiq.example' }, by)
    expect(await ingest([{ fullName: 'Omar Sadiq', email: 'omar@sadiq.example', jobTitle: 'CEO' }])).toEqual({
      created: 0,
      duplicates: 1,
    })
    expect(await readLeads()).toHaveLength(1)
  })

  test('imports of a merged lead reach the keeper, and after the merge is undone the lead again', async () => {
    const omar = { fullName: 'Omar Sadiq', email: 'omar@sadiq.example' }
    await ingest([lore, omar])
    const leads = await readLeads()
    const keeper_id = leads.find(({ full_name }) => full_name === 'Lore Quist')?.id ?? 0
    const merged_id = leads.find(({ full_name }) => full_name === 'Omar Sadiq')?.id ?? 0
    const readTitle = async (id: number) => (await readLeads()).find((lead) => lead.id === id)?.title
    await mergeLeads(db, keeper_id, merged_id, by)
    expect(await ingest([{ ...omar, jobTitle: 'Head of Sales' }])).toEqual({ created: 0, duplicates: 1 })
    expect(await readTitle(keeper_id)).toBe('Head of Sales')
    expect(await readTitle(merged_id)).toBeNull()
    await unmergeLead(db, merged_id, by)
    expect(await ingest([{ ...omar, jobTitle: 'Buyer' }])).toEqual({ created: 0, duplicates: 1 })
    expect(await readTitle(merged_id)).toBe('Buyer')
  })
})

test('a place id contains the number by which Google Maps identifies the place', () => {
  const bytes = Buffer.alloc(20)
  bytes.set([0x0a, 0x12, 0x09])
  bytes.writeBigUInt64LE(0x1234_5678_9abc_def0n, 3)
  bytes[11] = 0x11
  bytes.writeBigUInt64LE(15_628_704_903_115_542_777n, 12)
  expect(toGoogleCid(bytes.toString('base64url'))).toBe('15628704903115542777')
  expect(toGoogleCid('ChIJabc')).toBeNull()
  expect(toGoogleCid('GhIJQWDl0CIeQUARxks3icF8U8A')).toBeNull()
})
