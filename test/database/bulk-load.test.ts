import { type Database, RowsRefusedError } from '@leads/core/database/engine'
import { RowsAsText } from '@leads/core/database/mysql/load-rows'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { sql } from 'kysely'
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
      'a\0b',
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

  test('sends the first rows before it has written the last', async () => {
    let written = 0
    const row = new Proxy(['x'.repeat(1000)], {
      get(target, property, receiver) {
        if (property === 'map') written += 1
        return Reflect.get(target, property, receiver)
      },
    })
    const rows = new RowsAsText(Array.from({ length: 1000 }, () => row))
    for await (const packet of rows.stream()) {
      expect(packet.length).toBeGreaterThan(10_000)
      break
    }
    expect(written).toBeGreaterThan(0)
    expect(written).toBeLessThan(200)
  })

  test('sends a long text in packets that every server accepts', async () => {
    const sizes: number[] = []
    for await (const packet of new RowsAsText([['é'.repeat(400_000)]]).stream()) sizes.push(packet.length)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(800_001)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(256 * 1024)
  })

  test('stores nothing if a value cannot be written as text, however late it comes', async () => {
    const names: unknown[] = Array.from({ length: 3000 }, (_, index) => `${index} ${'x'.repeat(50)}`)
    names.push(new Uint8Array([1]))
    const rows = names.map((name, index) => company(`domain:${index + 10_000}.example`, { name }))
    await expect(load(rows)).rejects.toThrow('Bytes are not loaded as text')
    expect(await stored()).toEqual([])
    await load([company('domain:a.example')])
    expect(await stored()).toHaveLength(1)
  })

  test('numbers its rows in their order, beside another one into the same table', async () => {
    const other = await openDatabase(fresh.database_url, { connections_max: 1 })
    try {
      const loadNumbered = (by: Database, prefix: string) =>
        withTransaction(by, async (trx) => {
          const rows = Array.from({ length: 2000 }, (_, index) => company(`domain:${prefix}${index}.example`))
          await by.engine.bulkLoad?.insertRows(trx, 'companies', columns, rows)
          const first_id = (await by.engine.bulkLoad?.findFirstId(trx)) as number
          return new Map(rows.map(([key], index) => [key as string, first_id + index]))
        })
      const expected = await Promise.all([loadNumbered(db, 'a'), loadNumbered(other, 'b')])
      const actual = (await stored()).map(({ company_key, id }) => [company_key, id] as const)
      expect(new Map(actual)).toEqual(new Map(expected.flatMap((ids) => [...ids])))
    } finally {
      await other.close()
    }
  })

  test('does not count on numbers of which some are left out', async () => {
    await sql`set session auto_increment_increment = 2`.execute(db.kysely)
    try {
      await withTransaction(db, async (trx) => expect(await db.engine.bulkLoad?.findFirstId(trx)).toBeNull())
    } finally {
      await sql`set session auto_increment_increment = default`.execute(db.kysely)
    }
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
