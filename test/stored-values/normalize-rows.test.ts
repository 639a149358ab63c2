import { removeLead, restoreLead } from '@leads/core/leads/remove-lead'
import { updateLead } from '@leads/core/leads/update-lead'
import { noopLog } from '@leads/core/log'
import type { MappedItem } from '@leads/core/model/mapped-item'
import { normalizeRows } from '@leads/core/stored-values/normalize-rows'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createImportWorld, type ImportWorld, map } from '../file-imports/world.ts'
import { beforeTransaction } from '../setup/before-transaction.ts'
import { describeEachEngine } from '../setup/engines.ts'

/** A mapping of an earlier version: it keeps values as the file has them. */
const early: typeof map = (item, context): MappedItem => {
  const mapped = map(item, context)
  if (mapped.outcome !== 'lead') return mapped
  const spelled = {
    country: 'DE',
    phone: '0171 5550150',
    city: 'Ko\u0308ln',
    full_name: null,
    title: 'Head\u200b of Sales',
  }
  return { ...mapped, lead: { ...mapped.lead, ...spelled } }
}

const file = (count: number, phone = '+49 171 5550150') =>
  `First name,Last name,Email,Company,Phone,City,Country,Title\n${Array.from({ length: count }, (_, at) => `Ilka${at},Brom,ilka${at}@brom-bau.de,Brom Bau GmbH,${phone},Köln,Germany,Head of Sales`).join('\n')}\n`

const normal = {
  full_name: 'Ilka0 Brom',
  country: 'Germany',
  phone: '+491715550150',
  city: 'Köln',
  title: 'Head of Sales',
}
const by = { actor: 'ann', event_source: 'cli', at: new Date('2026-05-02T08:00:00Z') } as const

describeEachEngine('rows of an earlier version', (engine) => {
  let world: ImportWorld
  beforeEach(async () => {
    world = await createImportWorld(engine)
  })
  afterEach(() => world.close())

  const importEarly = (count: number) => world.import(file(count), { context: { map: early } })
  const leads = () => world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()
  const events = () => world.db.kysely.selectFrom('lead_events').selectAll().orderBy('id').execute()
  const normalize = (more: Partial<Parameters<typeof normalizeRows>[0]> = {}) =>
    normalizeRows({ db: world.db, log: noopLog, now: world.now, is_dry_run: false, ...more })

  test('get the spelling of new rows, once, after a dry run that says the same and writes nothing', async () => {
    await importEarly(1)
    await world.db.kysely.updateTable('companies').set({ name: 'Brom\u200b Bau GmbH', country: 'DE' }).execute()
    const [before, companies] = [await leads(), await world.db.kysely.selectFrom('companies').selectAll().execute()]
    const planned = await normalize({ is_dry_run: true })
    expect(planned).toMatchObject({
      leads_read: 1,
      leads_changed: 1,
      lead_fields: { full_name: 1, country: 1, phone: 1, city: 1, title: 1 },
      companies_changed: 1,
      company_fields: { name: 1, country: 1 },
    })
    expect(planned.examples).toContainEqual({
      table: 'leads',
      id: before[0]?.id,
      column: 'phone',
      old: '0171 5550150',
      new: '+491715550150',
    })
    expect([await leads(), await world.db.kysely.selectFrom('companies').selectAll().execute()]).toEqual([
      before,
      companies,
    ])

    expect(await normalize()).toEqual({ ...planned, is_finished: true })
    expect(await leads()).toMatchObject([{ ...normal, version: 2, updated_by: before[0]?.updated_by }])
    expect(await world.db.kysely.selectFrom('companies').selectAll().execute()).toMatchObject([
      { name: 'Brom Bau GmbH', country: 'Germany', updated_by: companies[0]?.updated_by },
    ])
    expect((await events()).at(-1)).toMatchObject({
      event_type: 'updated',
      actor: 'normalize',
      event_source: 'system',
      changed_fields: { city: { old: 'Ko\u0308ln', new: 'Köln' } },
    })
    expect(await normalize()).toMatchObject({ leads_read: 1, leads_changed: 0, companies_changed: 0 })
  })

  test('get every kind of value in its normal spelling: hosts, lists, places, numbers of the country', async () => {
    await importEarly(1)
    const raw = {
      email: 'ILKA@XN--BRNER-JUA.example',
      additional_emails: ['Ilka.Brom@GMAIL.com', 'ilka.brom@gmail.com'],
      additional_phones: ['0221 5550150', '+49 221 5550150', 'ext 5'],
      company_domain: 'https://www.Brom-Bau.de/start',
      company_name: 'Brom\u00ad Bau  GmbH',
      street: 'Rheinu\u0308fer\u00a0 5',
      state: ' NRW\u200b',
      postal_code: '50667\ufeff',
      country: 'Deutschland',
      tags: ['Messe\u200b', 'Messe'],
    }
    const row = Object.fromEntries(
      Object.entries(raw).map(([column, value]) => [column, Array.isArray(value) ? JSON.stringify(value) : value]),
    )
    await world.db.kysely.updateTable('sales_leads').set(row).execute()
    const planned = await normalize({ is_dry_run: true })
    expect(await normalize()).toEqual({ ...planned, is_finished: true })
    expect(await leads()).toMatchObject([
      {
        email: 'ilka@börner.example',
        additional_emails: ['ilka.brom@gmail.com'],
        additional_phones: ['+492215550150', 'ext 5'],
        company_domain: 'brom-bau.de',
        company_name: 'Brom Bau GmbH',
        street: 'Rheinüfer 5',
        state: 'NRW',
        postal_code: '50667',
        country: 'Germany',
        tags: ['Messe'],
        full_name: 'Ilka0 Brom',
      },
    ])
    expect(await normalize()).toMatchObject({ leads_changed: 0 })
  })

  test('count as unedited: a later import changes them, and an undo of the first one deletes them', async () => {
    const { batch } = await importEarly(1)
    await normalize()
    const later = await world.import(file(1, '+49 171 5550199'), { name: 'later.csv' })
    expect(await leads()).toMatchObject([{ ...normal, phone: '+491715550199' }])
    await world.undo(later.batch.import_batch_id)
    expect(await leads()).toMatchObject([normal])
    await world.undo(batch.import_batch_id)
    expect(await leads()).toEqual([])
  })

  test('keep edited values in their normal spelling, also over later imports', async () => {
    await importEarly(1)
    const id = (await leads())[0]?.id ?? 0
    await updateLead(world.db, id, { title: 'Owner' }, by)
    await world.db.kysely.updateTable('sales_leads').set({ title: 'Owner\u200b', full_name: '' }).execute()
    await world.db.kysely.updateTable('sales_leads').set({ full_name: null }).execute()
    await normalize()
    await world.import(file(1), { name: 'later.csv' })
    expect(await leads()).toMatchObject([{ ...normal, title: 'Owner' }])
  })

  test('are as if the sources had always said them so: one that repeats itself says nothing new', async () => {
    await importEarly(1)
    await world.import('Email,Title\nilka0@brom-bau.de,Managing Director\n', { name: 'newer.csv' })
    await normalize()
    await world.import(file(1), { name: 'again.csv' })
    expect(await leads()).toMatchObject([{ ...normal, title: 'Managing Director' }])
    const states = await world.db.kysely.selectFrom('lead_source_states').select('observations').execute()
    expect(JSON.stringify(states)).not.toContain('\u200b')
  })

  test('leave a full name empty that a person removed', async () => {
    await world.import(file(1))
    const id = (await leads())[0]?.id ?? 0
    await updateLead(world.db, id, { full_name: null }, by)
    expect(await normalize()).toMatchObject({ leads_changed: 0 })
    expect(await leads()).toMatchObject([{ full_name: null, first_name: 'Ilka0' }])
  })

  test('stay as they are while the lead is deleted, and are normalized once it is restored', async () => {
    await importEarly(1)
    const id = (await leads())[0]?.id ?? 0
    await removeLead(world.db, id, by)
    expect(await normalize()).toMatchObject({ leads_read: 0, leads_changed: 0 })
    expect(await leads()).toMatchObject([{ phone: '0171 5550150', country: 'DE' }])
    await restoreLead(world.db, id, by)
    expect(await normalize()).toMatchObject({ leads_read: 1, leads_changed: 1 })
    expect(await leads()).toMatchObject([normal])
  })

  test('continue after an interruption, each page once', async () => {
    await importEarly(450)
    let pages = 0
    const stopped = await normalize({ shouldStop: () => pages++ === 1 })
    expect(stopped).toMatchObject({ leads_read: 200, leads_changed: 200, is_finished: false, is_continued: false })
    const aborted = normalize({
      onProgress: ({ leads_read }) => {
        if (leads_read === 200) throw new Error('interrupted')
      },
    })
    await expect(aborted).rejects.toThrow('interrupted')
    expect(await normalize()).toMatchObject({
      leads_read: 50,
      leads_changed: 50,
      is_finished: true,
      is_continued: true,
    })
    expect(new Set((await leads()).map(({ phone, version }) => `${phone} ${version}`))).toEqual(
      new Set(['+491715550150 2']),
    )
    expect((await events()).filter(({ actor }) => actor === 'normalize')).toHaveLength(450)
    expect(await normalize({ is_dry_run: true })).toMatchObject({ leads_read: 450, leads_changed: 0 })
  })

  test('do not lose an edit that is made between the reading of a page and its writing', async () => {
    await importEarly(1)
    const id = (await leads())[0]?.id ?? 0
    let isEdited = false
    const db = beforeTransaction(world.db, async () => {
      isEdited = true
      await updateLead(world.db, id, { phone: '+49 30 5550123', title: 'Owner' }, by)
    })
    await normalize({ db })
    expect(isEdited).toBe(true)
    expect(await leads()).toMatchObject([{ ...normal, phone: '+49305550123', title: 'Owner', version: 3 }])
  })
})
