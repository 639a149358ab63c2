import { maintainedTables, readDatabaseStats, reindexTable } from '@leads/core/database/maintenance'
import { openDatabase } from '@leads/core/database/open-database'
import { expect, test } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'

describeEachEngine('the maintenance of a database', (engine) => {
  test('tells rows, sizes and indexes of every table, and rebuilds each without losing a row', async () => {
    const { database_url, drop } = await freshDatabase(engine)
    const db = await openDatabase(database_url)
    try {
      const values = Array.from({ length: 200 }, (_, n) => ({ company_key: `name:${n}`, name: `Company ${n}` }))
      await db.kysely.insertInto('companies').values(values).execute()
      for (const table of maintainedTables) await reindexTable(db, table)
      const stats = await readDatabaseStats(db)
      const companies = stats.tables.find(({ table }) => table === 'companies')
      expect(stats.tables.map(({ table }) => table)).toEqual([...maintainedTables])
      expect(companies?.rows).toBe(200)
      expect(companies?.table_bytes).toBeGreaterThan(0)
      expect(companies?.index_bytes).toBeGreaterThan(0)
      expect(stats.total_bytes).toBeGreaterThan(companies?.table_bytes ?? 0)
      expect(stats.indexes.map(({ index }) => index)).toContain('idx_provider_external')
    } finally {
      await db.close()
      await drop()
    }
  })
})
