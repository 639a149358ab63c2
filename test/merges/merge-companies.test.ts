import { domainToASCII } from 'node:url'
import { cleanUp } from '@leads/core/cleanup/clean-up'
import { createCompany } from '@leads/core/companies/create-company'
import { getCompany } from '@leads/core/companies/get-company'
import { removeCompany, updateCompany } from '@leads/core/companies/update-company'
import type { Database } from '@leads/core/database/engine'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { findCompanyDuplicates } from '@leads/core/duplicates/find-company-duplicates'
import { noopLog } from '@leads/core/log'
import { dismissCompanyPair } from '@leads/core/merges/dismiss-duplicate'
import { listCompanyDuplicates } from '@leads/core/merges/list-duplicates'
import { mergeCompanies, moveStrayLeads } from '@leads/core/merges/merge-companies'
import { unmergeCompany } from '@leads/core/merges/unmerge-company'
import { normalizeRows } from '@leads/core/stored-values/normalize-rows'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { by, ingest as ingestInto } from '../faults/merge-works.ts'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describeEachEngine('merging companies', (engine) => {
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

  const ingest = (items: readonly Record<string, unknown>[]) => ingestInto(db, items)
  const find = () => findCompanyDuplicates({ db, log: noopLog, now: () => new Date() })
  const readPairs = async () => (await listCompanyDuplicates(db, { at_least: 0.5, cursor_secret: 'secret' })).data
  const companyOf = async (email: string) =>
    (
      await db.kysely
        .selectFrom('sales_leads')
        .select('company_id')
        .where('email', '=', email)
        .executeTakeFirstOrThrow()
    ).company_id
  const eventsOf = async (email: string) =>
    (
      await db.kysely
        .selectFrom('lead_events')
        .innerJoin('sales_leads', 'sales_leads.id', 'lead_events.lead_id')
        .select('event_name')
        .where('email', '=', email)
        .orderBy('lead_events.id')
        .execute()
    ).map(({ event_name }) => event_name)

  const ilse = {
    fullName: 'Ilse Brandauer',
    email: 'ilse@brandauer.example',
    companyName: 'Brandauer Print GmbH',
    companyDomain: 'brandauer-print.at',
  }
  const omar = {
    fullName: 'Omar Sadiq',
    email: 'omar@post.example',
    companyName: 'Brandauer Print',
    companyLinkedinUrl: 'https://www.linkedin.com/company/brandauer-print',
  }

  async function ingestBoth(): Promise<[number, number]> {
    await ingest([ilse, omar])
    const [keeper, merged] = [await companyOf(ilse.email), await companyOf(omar.email)]
    if (keeper === null || merged === null) throw new Error('Both leads need a company.')
    return [keeper, merged]
  }

  test('companies are candidates by website, LinkedIn page, or name and place, and not by the name alone', async () => {
    const linkedin_url = 'https://www.linkedin.com/company/brandauer-print'
    const inputs = [
      { name: 'Brandauer Print GmbH', domain: 'brandauer.example', linkedin_url },
      { name: 'Brandauer', linkedin_url },
      { name: 'Kiosk Ost', city: 'Graz', country: 'Austria' },
      { name: 'Kiosk Ost KG', city: 'Graz', country: 'Austria', domain: 'kioskost.example' },
      { name: 'Sonne', country: 'Austria', city: 'Wien' },
      { name: 'Sonne', country: 'Austria', city: 'Linz' },
      { name: 'Mond', city: 'Graz', domain: 'mond.example' },
      { name: 'Mond', city: 'Graz', domain: 'anderer-mond.example' },
    ]
    const ids: number[] = []
    for (const input of inputs) ids.push((await createCompany(db, input, by)).id)
    await find()
    const pairs = await readPairs()
    expect(pairs.map(({ company_a, company_b }) => [ids.indexOf(company_a), ids.indexOf(company_b)])).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(pairs[0]?.reasons).toContain('same LinkedIn page')
    expect(pairs[1]?.reasons).toEqual(['same city', 'same company name'])
    await dismissCompanyPair(db, ids[2] as number, ids[3] as number, by)
    await updateCompany(db, ids[0] as number, { linkedin_url: null }, { ...by, at: new Date() })
    await find()
    expect(await readPairs()).toEqual([])
  })

  test('a merge joins leads, fills what is empty, and an undo gives everything back', async () => {
    const [keeper, merged] = await ingestBoth()
    await updateCompany(db, merged, { city: 'Graz' }, by)
    const result = await mergeCompanies(db, keeper, merged, by)
    expect(result).toMatchObject({ keeper_id: keeper, merged_id: merged, moved_leads: 1 })
    expect(await companyOf(omar.email)).toBe(keeper)
    expect(await eventsOf(omar.email)).toEqual(['Lead created', 'Company merged'])
    expect(await getCompany(db, keeper)).toMatchObject({ city: 'Graz', domain: 'brandauer-print.at' })
    await expect(getCompany(db, merged)).rejects.toMatchObject({ code: 'merged' })
    await expect(updateCompany(db, merged, { city: 'Wien' }, by)).rejects.toMatchObject({ code: 'merged' })
    await expect(mergeCompanies(db, keeper, merged, by)).rejects.toMatchObject({ code: 'merged' })
    await updateCompany(db, keeper, { city: 'Wien' }, by)
    expect(await unmergeCompany(db, merged, by)).toMatchObject({
      restored_fields: ['linkedin_url'],
      kept_fields: ['city'],
    })
    expect(await companyOf(omar.email)).toBe(merged)
    expect(await getCompany(db, keeper)).toMatchObject({ city: 'Wien', linkedin_url: null })
    expect(await getCompany(db, merged)).toMatchObject({ is_deleted: false, city: 'Graz' })
    await find()
    expect(await readPairs()).toEqual([])
  })

  test('chosen fields have the value of the merged company, and an undo gives them back', async () => {
    const [keeper, merged] = await ingestBoth()
    await updateCompany(db, keeper, { city: 'Graz', country: 'Austria' }, by)
    await updateCompany(db, merged, { name: 'Brandauer Group', city: 'Linz', country: null }, by)
    const before = await getCompany(db, keeper)
    const { changed_fields } = await mergeCompanies(db, keeper, merged, by, ['name', 'city', 'country'])
    expect(changed_fields).toMatchObject({ city: { old: 'Graz', new: 'Linz' } })
    expect(await getCompany(db, keeper)).toMatchObject({ name: 'Brandauer Group', city: 'Linz', country: 'Austria' })
    await unmergeCompany(db, merged, by)
    expect(await getCompany(db, keeper)).toMatchObject({ name: before.name, city: 'Graz', country: 'Austria' })
  })

  test('imports that state a merged company reach its keeper, and count as no edit of a lead', async () => {
    const [keeper, merged] = await ingestBoth()
    await mergeCompanies(db, keeper, merged, by)
    await ingest([
      { ...omar, jobTitle: 'Buyer' },
      { ...omar, fullName: 'Ada Roth', email: 'ada@post.example' },
    ])
    expect(await companyOf(omar.email)).toBe(keeper)
    expect(await companyOf('ada@post.example')).toBe(keeper)
    const moved = { companyName: 'Anders AG', companyDomain: 'anders-druckt.at' }
    await ingest([{ fullName: omar.fullName, email: omar.email, ...moved, jobTitle: 'Chair' }])
    const other = await companyOf(omar.email)
    expect(other === keeper || other === merged).toBe(false)
  })

  test('a lead that an import gives a company while it is being merged moves on with the next pass', async () => {
    const [keeper, merged] = await ingestBoth()
    await mergeCompanies(db, keeper, merged, by)
    await db.kysely.updateTable('sales_leads').set({ company_id: merged }).where('email', '=', omar.email).execute()
    expect(await moveStrayLeads(db, by)).toBe(1)
    expect(await companyOf(omar.email)).toBe(keeper)
  })

  test('a merged company is not purged while its keeper lives, and a chain is undone newest first', async () => {
    const [keeper, merged] = await ingestBoth()
    const top = await createCompany(db, { name: 'Brandauer Holding', domain: 'holding.example' }, by)
    await mergeCompanies(db, keeper, merged, by)
    await mergeCompanies(db, top.id, keeper, by)
    const clean = { db, log: noopLog, retention_days: 30, rejection_retention_days: 90, is_dry_run: false }
    await cleanUp({ ...clean, now: () => new Date('2027-01-01T00:00:00.000Z'), remaining_ms: () => 60_000 })
    await expect(unmergeCompany(db, merged, by)).rejects.toMatchObject({ code: 'merged' })
    await unmergeCompany(db, keeper, by)
    await unmergeCompany(db, merged, by)
    expect(await companyOf(omar.email)).toBe(merged)
    expect(await companyOf(ilse.email)).toBe(keeper)
    await removeCompany(db, top.id, by)
    await expect(mergeCompanies(db, keeper, top.id, by)).rejects.toMatchObject({ code: 'gone' })
  })

  test('of two merges of one company at once, one succeeds', async () => {
    const [keeper, merged] = await ingestBoth()
    const third = await createCompany(db, { name: 'Brandauer Holding', domain: 'holding.example' }, by)
    const results = await Promise.allSettled([
      mergeCompanies(db, keeper, merged, by),
      mergeCompanies(db, third.id, merged, by),
    ])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const merges = await db.kysely.selectFrom('company_merges').select('keeper_id').execute()
    expect(merges.map(({ keeper_id }) => keeper_id)).toEqual([await companyOf(omar.email)])
  })

  test('merges and decisions survive down and up of the migration', async () => {
    const [keeper, merged] = await ingestBoth()
    const other = await createCompany(db, { name: 'Anders', domain: 'anders.example' }, by)
    await dismissCompanyPair(db, keeper, other.id, by)
    await mergeCompanies(db, keeper, merged, by)
    await db.close()
    await migrateDown(database.database_url, { to: '010' })
    await migrateUp(database.database_url)
    db = await openDatabase(database.database_url)
    const decided = await db.kysely
      .selectFrom('company_duplicates')
      .select('duplicate_status')
      .orderBy('company_b')
      .execute()
    expect(decided.map(({ duplicate_status }) => duplicate_status).sort()).toEqual(['dismissed', 'merged'])
    await unmergeCompany(db, merged, by)
    expect(await companyOf(omar.email)).toBe(merged)
  })

  test('a company that an earlier version stored under a host in ASCII becomes a pair, and its merge keeps its key', async () => {
    const company = { companyName: 'Grünwald Optik GmbH', companyDomain: 'grünwald-optik-probe.de' }
    await ingest([{ fullName: 'Jutta Wiegand', email: 'jutta@post.example', ...company }])
    const host = domainToASCII(company.companyDomain)
    await db.kysely
      .updateTable('companies')
      .set({ company_key: `domain:${host}`, domain: host })
      .execute()
    await ingest([{ fullName: 'Kilian Aust', email: 'kilian@post.example', ...company }])
    const [old, young] = [await companyOf('jutta@post.example'), await companyOf('kilian@post.example')]
    expect(old).not.toBe(young)

    await normalizeRows({ db, log: noopLog, now: () => new Date(), is_dry_run: false })
    await find()
    expect(await readPairs()).toHaveLength(1)
    await mergeCompanies(db, Number(young), Number(old), by)
    expect(await companyOf('jutta@post.example')).toBe(young)
    await ingest([{ fullName: 'Lena Orth', email: 'lena@post.example', ...company }])
    expect(await companyOf('lena@post.example')).toBe(young)
  })
})
