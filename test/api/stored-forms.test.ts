import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'

/** What any route stores is found by the route's own filters: with the words of the request and with the stored ones. */

const text = (...texts: string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...texts), fc.constantFrom('NFC', 'NFD', 'spaced', 'soft')).map(([word, form]) => {
    if (form === 'spaced') return ` ${word.replaceAll(' ', '  ')}\u00a0`
    return form === 'soft' ? `${word.slice(0, 2)}\u00ad${word.slice(2)}` : word.normalize(form)
  })
const anyCase = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...texts), fc.boolean()).map(([word, isUpper]) => (isUpper ? word.toUpperCase() : word))

const countries = ['DE', 'Deutschland', 'Germany', 'germany', 'IT', 'Italia', 'United States', 'USA', 'CH', 'Atlantis']
const phones = ['0171 5550199', '(0171) 555-0199', '+49 171 5550199', '0049 171 5550199', '212 555 0123', '06 5550199']
const domains = [
  'Nakamura.example',
  'www.acme.co.uk',
  'shop.Acme.de',
  'Müller.de',
  'xn--mller-kva.de',
  'acme.github.io',
]
const hosts = ['Nakamura.example', 'müller.de', 'xn--mller-kva.de', 'GMAIL.com']

const lead = fc.record(
  {
    full_name: text('Zoë Nakamura', 'René  Müller', '李 雷'),
    email: fc
      .tuple(anyCase(['zoe+news', 'o’neil', 'j.doe', 'info']), fc.nat(9999), fc.constantFrom(...hosts))
      .map(([local, number, host]) => `${local.replace('’', "'")}${number}@${host}`),
    phone: fc.constantFrom(...phones),
    country: fc.constantFrom(...countries),
    company_domain: anyCase(domains),
    company_name: text('Café Ltd', 'AT&T', 'Ｆｕｌｌ width', 'A, B & Co'),
    city: text('Köln', 'São Paulo', "L'Aquila", 'Ho Chi Minh City'),
    state: text('Baden-Württemberg', 'CA'),
    industry: text('Café & Bar', 'IT: services'),
    tags: fc.array(text('Grün', 'trade fair', 'a,b'), { maxLength: 2 }),
    external_id: text('crm:é', 'Ünï').map((id) => id.trim()),
  },
  { requiredKeys: ['full_name', 'external_id'] },
)

const FILTERS = 'email phone country company_domain company_name city state industry external_id'.split(' ')

/** The filters of one lead; `eq:` because a value may begin like an operator. */
function queriesOf(values: Record<string, unknown>): string[] {
  const of = (name: string, value: unknown, operator: string): string =>
    new URLSearchParams({ [name]: `${operator}:${String(value)}` }).toString()
  const single = FILTERS.filter((name) => typeof values[name] === 'string').flatMap((name) => [
    of(name, values[name], 'eq'),
    of(name, String(values[name]).replaceAll(',', '\\,'), 'in'),
  ])
  const tags = ((values.tags as string[] | undefined) ?? []).map((tag) => of('tags', tag, 'has'))
  return [...single, ...tags]
}

describeEachEngine('stored forms', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  let leads_count = 0
  let companies_count = 0
  const find = async (list: string, query: string): Promise<number[]> => {
    const { status, text: answer, body } = await api.get(`/${list}?${query}&limit=500&fields=id`)
    expect(status, `${query}: ${answer}`).toBe(200)
    return body.data.map(({ id }: { id: number }) => id)
  }

  test('a lead that the API or a batch stores is found by each filter as it was typed and as it is stored', async () => {
    const property = fc.asyncProperty(lead, lead, fc.boolean(), async (generated, changed, isBatch) => {
      leads_count += 1
      const given = { ...generated, external_id: `${generated.external_id} ${leads_count}` }
      const created = isBatch
        ? (
            await api.post('/leads/batch', {
              operations: [{ operation: 'upsert', lead: given, allow_duplicate: true }],
            })
          ).body.results[0]
        : (await api.post('/leads?allow_duplicate=true', given)).body
      expect(created.id ?? 0, JSON.stringify(created)).toBeGreaterThan(0)
      const id: number = created.id
      const { body: stored } = await api.get(`/leads/${id}`)
      for (const query of [...queriesOf(given), ...queriesOf(stored)])
        expect(await find('leads', query), query).toContain(id)
      const { external_id: _external_id, ...patch } = changed
      const { status, body: patched } = await api.patch(`/leads/${id}?allow_duplicate=true`, patch)
      expect(status, JSON.stringify(patched)).toBe(200)
      for (const query of [...queriesOf({ country: stored.country, ...patch }), ...queriesOf(patched)])
        expect(await find('leads', query), query).toContain(id)
    })
    await fc.assert(property, { numRuns: 25, endOnFailure: true })
  })

  test('a lead of an import is found by each filter as it is stored', async () => {
    const cell = (value: unknown): string => `"${String(value ?? '').replaceAll('"', '""')}"`
    const columns = ['full_name', 'email', 'phone', 'country', 'company_domain', 'company_name', 'city', 'state']
    const property = fc.asyncProperty(fc.array(lead, { minLength: 1, maxLength: 5 }), async (given) => {
      const rows = given.map((row) => columns.map((name) => cell(row[name as keyof typeof row])).join(','))
      const content = ['Name,Email,Phone,Country,Domain,Company,City,State', ...rows].join('\n')
      const { body: imported } = await api.post('/imports', { content })
      const { body: list } = await api.get(`/leads?import_batch_id=${imported.id}&limit=500`)
      for (const stored of list.data)
        for (const query of queriesOf(stored)) expect(await find('leads', query), query).toContain(stored.id)
    })
    await fc.assert(property, { numRuns: 8 })
  })

  test('a company is found by each filter as it was typed and as it is stored', async () => {
    const companyFields = ['name', 'domain', 'country', 'city', 'industry'] as const
    const company = fc.record(
      {
        name: text('Café', 'AT&T', 'Müller & Söhne'),
        domain: fc.tuple(anyCase(['Müller', 'acme', 'www.acme']), fc.nat(1e6)).map(([name, id]) => `${name}${id}`),
        country: fc.constantFrom(...countries),
        city: text('Köln', 'São Paulo'),
        industry: text('Café & Bar'),
      },
      { requiredKeys: ['name'] },
    )
    const property = fc.asyncProperty(company, async (generated) => {
      companies_count += 1
      const { domain } = generated
      const given = {
        ...generated,
        name: `${generated.name} ${companies_count}`,
        ...(domain && { domain: `${domain}x${companies_count}.example` }),
      }
      const { body: stored } = await api.post('/companies', given)
      for (const values of [given, stored] as Record<string, string | null>[])
        for (const name of companyFields) {
          if (typeof values[name] !== 'string') continue
          const query = new URLSearchParams({ [name]: `eq:${values[name]}` }).toString()
          expect(await find('companies', query), query).toContain(stored.id)
        }
    })
    await fc.assert(property, { numRuns: 15 })
  })

  test('files, authors, keys, views and reasons are found by the words of the request and by the stored ones', async () => {
    const name = 'Messe Ko\u0308ln'
    const { secret } = (await api.post('/api-keys', { name, scopes: ['write'] })).body
    const headers = { authorization: `Bearer ${secret}` }
    const content = `Name,Email\n${name},ko\u0308ln\n,\n`
    const file = { content, file_name: `${name}.csv`, import_batch_id: 'forms' }
    expect((await api.post('/imports', file, { headers, as: null })).status).toBe(201)
    expect((await api.post('/leads', { full_name: 'Ada Forms' }, { headers, as: null })).status).toBe(201)
    await api.post('/views', { list: 'leads', name, query: 'country=India' })
    const at = new Date()
    await api.db.kysely
      .insertInto('sync_rejections')
      .values({ run_id: 'forms', dataset_id: 'd', item_offset: 1, reason: name, created_at: at, updated_at: at })
      .execute()
    const [stored] = (await api.get('/rejections?run_id=forms')).body.data
    for (const word of [name, name.normalize('NFC')])
      for (const [path, filter, value] of [
        ['/imports', 'file_name', `${word}.csv`],
        ['/imports', 'created_by', word],
        ['/api-keys', 'name', word],
        ['/views', 'name', word],
        ['/leads', 'created_by', word],
        ['/rejections', 'reason', word === name ? word : stored.reason],
        ['/imports/forms/rejections', 'reason', (await api.get('/imports/forms/rejections')).body.data[0].reason],
      ] as const) {
        const query = new URLSearchParams({ [filter]: `eq:${value}` })
        expect((await api.get(`${path}?${query}`)).body.data, `${path}?${query}`).not.toEqual([])
      }
  })

  test('values are stored as an import stores them', async () => {
    const { body } = await api.post('/leads', {
      first_name: 'Ilse',
      last_name: 'Mu\u0308ller',
      email: 'Ilse@Müller.example',
      additional_phones: ['030 5550100'],
      phone: '0171 5550199',
      country: 'DE',
      company_domain: 'www.Müller.de',
    })
    expect(body).toMatchObject({
      full_name: 'Ilse Müller',
      email: 'ilse@müller.example',
      phone: '+491715550199',
      additional_phones: ['+49305550100'],
      country: 'Germany',
      company_domain: 'müller.de',
    })
    const { body: moved } = await api.patch(`/leads/${body.id}`, { country: 'CH', phone: '044 555 01 00' })
    expect(moved).toMatchObject({ country: 'Switzerland', phone: '+41445550100' })
    expect((await api.patch(`/leads/${body.id}`, { phone: '044 555 01 01' })).body.phone).toBe('+41445550101')
    expect(await find('leads', 'email=ILSE@xn--mller-kva.example')).toEqual([body.id])
    expect(await find('leads', 'phone=not:044 555 01 01')).not.toContain(body.id)
    const twin = await api.post('/leads', { full_name: 'Ilse Müller', email: 'ilse@xn--mller-kva.example' })
    expect(twin).toMatchObject({ status: 409, body: { existing: { id: body.id } } })
  })

  test('the full name follows the first and the last name, unless it is given', async () => {
    const { body } = await api.post('/leads', { first_name: 'Ada', last_name: 'Byron' })
    expect(body.full_name).toBe('Ada Byron')
    const change = async (patch: object): Promise<unknown> =>
      (await api.patch(`/leads/${body.id}`, patch)).body.full_name
    expect(await change({ last_name: 'Lovelace' })).toBe('Ada Lovelace')
    expect(await change({ first_name: 'Augusta', full_name: 'Countess Lovelace' })).toBe('Countess Lovelace')
    expect(await change({ last_name: 'Lovelace' })).toBe('Countess Lovelace')
    expect(await change({ last_name: null })).toBe('Augusta')
  })

  test('a change to the email of another lead gets 409, as a second lead with it does', async () => {
    const { body: first } = await api.post('/leads', { full_name: 'First', email: 'taken@example.org' })
    const { body: second } = await api.post('/leads', { full_name: 'Second', email: 'free@example.org' })
    const refused = await api.patch(`/leads/${second.id}`, { email: 'Taken@Example.org' })
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'already_exists', existing: { id: first.id }, errors: [{ pointer: '/email' }] },
    })
    expect((await api.patch(`/leads/${first.id}`, { email: 'TAKEN@example.org' })).status).toBe(200)
    const operation = { operation: 'update', id: second.id, patch: { email: 'taken@example.org' } }
    expect((await api.post('/leads/batch', { operations: [operation] })).body.results[0].status).toBe(409)
    expect((await api.patch(`/leads/${second.id}?allow_duplicate=true`, { email: 'taken@example.org' })).status).toBe(
      200,
    )
  })

  test('a change to the website of another company, and an upsert with the email of another lead, get 409', async () => {
    const { body: first } = await api.post('/companies', { name: 'Taken Ltd', domain: 'taken.example' })
    const { body: second } = await api.post('/companies', { name: 'Free Ltd', domain: 'free.example' })
    const refused = await api.patch(`/companies/${second.id}`, { domain: 'TAKEN.example' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'already_exists', existing: { id: first.id } } })
    expect((await api.patch(`/companies/${first.id}`, { domain: 'Taken.example', city: 'Kyiv' })).status).toBe(200)
    expect((await api.patch(`/companies/${second.id}`, { city: 'Kyiv' })).status).toBe(200)
    await api.post('/leads', { full_name: 'Third', email: 'third@example.org' })
    const lead = { full_name: 'Fourth', external_id: 'fourth', email: 'third@example.org' }
    const upsert = async (operation: object) =>
      (await api.post('/leads/batch', { operations: [{ operation: 'upsert', lead, ...operation }] })).body.results[0]
        .status
    expect(await upsert({})).toBe(409)
    expect(await upsert({ allow_duplicate: true })).toBe(201)
  })

  test('words of any script are found, with the signs that a tokenizer splits at', async () => {
    const names = [
      '\u0926\u093f\u0932\u094d\u0932\u0940',
      '\u0ba4\u0bae\u0bbf\u0bb4\u0bcd',
      '\u09ac\u09be\u0982\u09b2\u09be',
      '\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f',
      '\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd',
      'a\u0345b',
      '\u0130zmir',
      'Stra\u00dfe',
      '\u1995',
    ]
    for (const name of names) {
      const { body: lead } = await api.post('/leads', { full_name: `Person ${name}`, tags: [name] })
      const { body: company } = await api.post('/companies', { name: `Company ${name}` })
      for (const [target, id] of [
        [`/leads?q=${encodeURIComponent(name)}`, lead.id],
        [`/leads?tags=has:${encodeURIComponent(name)}`, lead.id],
        [`/companies?q=${encodeURIComponent(name)}`, company.id],
      ] as const) {
        const { status, body } = await api.get(target)
        expect(status, target).toBe(200)
        expect(
          body.data.map((row: { id: number }) => row.id),
          target,
        ).toContain(id)
      }
    }
  })

  test('of concurrent requests to create leads with one email, one succeeds', async () => {
    for (let round = 0; round < 3; round += 1) {
      const email = `race${round}@example.org`
      const answers = await Promise.all([1, 2, 3, 4].map(() => api.post('/leads', { full_name: 'Racer', email })))
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
      expect(await find('leads', `email=${email}`)).toHaveLength(1)
    }
  })
})
