import { migrateDown, migrateUp } from '@leads/core/database/migrate'
import { migrationStatus } from '@leads/core/database/schema-state'
import { expect, it } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'

describeEachEngine('migrations', (engine) => {
  it('a second up changes nothing', async () => {
    const { database_url, drop } = await freshDatabase(engine, { migrated: false })
    expect(await migrateUp(database_url)).toContain('001_initial')
    const before = await migrationStatus(database_url)
    expect(await migrateUp(database_url)).toEqual([])
    expect(await migrationStatus(database_url)).toEqual(before)
    await migrateDown(database_url, { to: 'base' })
    await drop()
  })
})
