import { type Database, RowsRefusedError, withTransaction } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const columns = [
  'company_key',
  'name',
  'tags',
  'description',
  'employee_count',
  'is_deleted',
  'created_at',
  'updated_at',
]
const at = new Date('2026-03-02T08:00:00.123Z')
const company = (
  company_key: string,
  values: { name?: unknown; tags?: unknown; description?: unknown; employees?: unknown } = {},
) => [
  company_key,
  values.name ?? 'Acme',
  values.tags ?? null,
  values.description ?? null,
  values.employees ?? null,
  false,
  at,
  at,
]

describe.runIf(ENGINES.includes('mysql'))('a bulk load (mysql)', () => {
  let fresh: FreshDatabase
  let db: Database
  beforeAll(async () => {
    fresh = await freshDatabase('mysql')
    db = await openDatabase(fresh.database_url, { connections_max: 1 })
  })
  afterAll(async () => {
    await db.close()
    await fresh.drop()
  })
  beforeEach(() => db.kysely.deleteFrom('companies').execute())

  const load = (rows: unknown[][]) =>
    withTransaction(db, async (trx) => db.engine.bulkLoad?.insertRows(trx, 'companies', columns, rows))
  const stored = () => db.kysely.selectFrom('companies').selectAll().orderBy('company_key').execute()

  test('is allowed by a MariaDB with its own settings', async () => {
    expect(await db.engine.bulkLoad?.isAllowed(db)).toBe(true)
  })

  test('stores every text as it is', async () => {
    const names = [
      'a\tb',
      'a\nb',
      'a\r\nb',
      '\\',
      '\\N',
      '\\\\t',
      'NULL',
      '',
      ' ',
      '"',
      "'",
      '😀 é ß 中',
      '\\\t\\\n',
      ',;|',
    ]
    await load(names.map((name, index) => company(`domain:${index + 10}.example`, { name })))
    expect((await stored()).map(({ name }) => name)).toEqual(names)
  })

  test('stores values of other kinds as an insert does', async () => {
    await load([company('domain:a.example', { tags: ['x "y"', 'z\\'], employees: 12 }), company('domain:b.example')])
    const [a, b] = await stored()
    expect(a).toMatchObject({
      tags: ['x "y"', 'z\\'],
      employee_count: 12,
      is_deleted: false,
      created_at: at.toISOString(),
    })
    expect(b).toMatchObject({ tags: [], employee_count: null })
  })

  test('stores a text that is longer than a packet', async () => {
    const long = 'é'.repeat(400_000)
    await load([company('domain:a.example', { description: long }), company('domain:b.example')])
    expect((await stored()).map(({ description }) => description)).toEqual([long, null])
  })

  test.each([
    ['a key that exists', [company('domain:a.example'), company('domain:a.example')]],
    ['a text that is too long', [company('domain:a.example', { name: 'x'.repeat(100_000) })]],
    ['a number that is too large', [company('domain:a.example', { employees: 2 ** 40 })]],
    ['a text in place of a number', [company('domain:a.example', { employees: 'many' })]],
    ['what is not JSON', [company('domain:a.example', { tags: '[' })]],
  ])('refuses %s, and nothing is stored', async (_what, rows) => {
    await expect(load([company('domain:z.example'), ...rows])).rejects.toThrow(RowsRefusedError)
    expect(await stored()).toEqual([])
  })
})
