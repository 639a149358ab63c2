import { openSchemaConnection } from '@leads/core/database/migrations/open-schema'
import type { SchemaConnection } from '@leads/core/database/migrations/schema-connection'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { readSchema, type SchemaReader } from './read-schema.ts'
import { facts, indexedColumns, softDeletedTables } from './schema-facts.ts'

describeEachEngine('schema', (engine) => {
  let database: FreshDatabase
  let connection: SchemaConnection
  let schema: SchemaReader

  beforeAll(async () => {
    database = await freshDatabase(engine)
    connection = await openSchemaConnection(database.database_url)
    schema = readSchema(engine, connection)
  })
  afterAll(async () => {
    await connection.close()
    await database.drop()
  })

  describe.each(Object.entries(facts))('%s', (table, wanted) => {
    test('has every column of the model', async () => {
      const names = (await schema.columns(table)).map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(wanted.columns))
    })

    test('has every named index on its columns', async () => {
      const indexes = Object.fromEntries((await schema.indexes(table)).map(({ name, columns }) => [name, columns]))
      expect(indexes).toMatchObject(wanted.indexes)
    })

    test('has an index that begins with each indexed column, each foreign key and is_deleted', async () => {
      const first = new Set((await schema.indexes(table)).map(({ columns }) => columns[0]))
      const is_deleted = softDeletedTables.includes(table) ? ['is_deleted'] : []
      for (const column of [...(indexedColumns[table] ?? []), ...Object.keys(wanted.foreign_keys), ...is_deleted])
        expect(first, `${table}.${column}`).toContain(column)
    })

    test('keeps no two indexes on the same columns', async () => {
      const columns = (await schema.indexes(table)).map((index) => index.columns.join())
      expect(columns).toEqual([...new Set(columns)])
    })

    test('keeps unique what must be', async () => {
      const unique = (await schema.indexes(table)).filter((index) => index.unique).map(({ columns }) => columns)
      expect(unique).toEqual(expect.arrayContaining(wanted.unique))
    })

    test('refers where the model says', async () => {
      const keys = (await schema.foreignKeys(table)).map(({ column, parent }) => [column, parent])
      expect(Object.fromEntries(keys)).toEqual(wanted.foreign_keys)
    })

    test('keeps JSON as JSON, except where the engine would refuse what strangers write', async () => {
      const types = new Map((await schema.columns(table)).map(({ name, type }) => [name, type]))
      for (const column of wanted.json) {
        const as_text = engine === 'mysql' && ['raw_data', 'scrape_params', 'input_params'].includes(column)
        expect(types.get(column), column).toBe(as_text ? 'longtext' : 'json')
      }
    })

    test('demands the audit and soft-delete columns that are never empty', async () => {
      const required = (await schema.columns(table)).filter(({ nullable }) => !nullable).map(({ name }) => name)
      expect(required).toEqual(expect.arrayContaining(['created_at', 'updated_at']))
      expect(required.includes('is_deleted')).toBe(softDeletedTables.includes(table))
    })
  })

  test('has the tables that the import needs in addition to the model', async () => {
    expect((await schema.columns('sync_rejections')).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['run_id', 'dataset_id', 'item_offset', 'reason', 'raw_data', 'resolved_lead_id']),
    )
    expect((await schema.indexes('sync_rejections')).map(({ columns }) => columns)).toContainEqual(['resolved_lead_id'])
    expect((await schema.columns('api_keys')).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['name', 'key_hash', 'scopes', 'expires_at', 'revoked_at', 'last_used_at']),
    )
  })
})
