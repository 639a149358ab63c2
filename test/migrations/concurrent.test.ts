import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { loadMigrations } from '@leads/core/database/migrations/load-migrations'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { migrationStatus } from '@leads/core/database/migrations/schema-status'
import { openDatabase } from '@leads/core/database/open-database'
import { expect, test } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Migrates, starts and writes a row in its own process. Returns what was applied, or how it failed. */
async function startInProcess(database_url: string): Promise<string[]> {
  const script = `
    import { migrateUp } from '@leads/core/database/migrations/migrate'
    import { openDatabase } from '@leads/core/database/open-database'
    import { assertSchema } from '@leads/core/database/migrations/schema-status'
    const applied = await migrateUp(process.argv[1])
    const db = await openDatabase(process.argv[1])
    await assertSchema(db)
    await db.kysely.insertInto('companies').values({ company_key: String(process.pid), name: 'One' }).execute()
    await db.close()
    console.log(JSON.stringify(applied))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, database_url], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  if (output === '') throw new Error(errors)
  return JSON.parse(output) as string[]
}

describeEachEngine('concurrent migrators', (engine) => {
  const names = loadMigrations(engine).map(({ name }) => name)

  test('in four processes: each migration is applied once, and all can start and write', async () => {
    const { database_url, drop } = await freshDatabase(engine, { migrated: false })
    const results = await Promise.all([1, 2, 3, 4].map(() => startInProcess(database_url)))
    expect(results.flat().sort()).toEqual(names)
    expect((await migrationStatus(database_url)).every(({ state }) => state === 'applied')).toBe(true)
    const db = await openDatabase(database_url)
    expect(await db.kysely.selectFrom('companies').selectAll().execute()).toHaveLength(results.length)
    await db.close()
    await drop()
  })

  test('in one process, up and down mixed: they take turns, and none fails', async () => {
    const { database_url, drop } = await freshDatabase(engine, { migrated: false })
    await Promise.all([
      migrateUp(database_url),
      migrateUp(database_url),
      migrateDown(database_url),
      migrateUp(database_url),
      migrateDown(database_url, { to: 'base' }),
    ])
    await migrateUp(database_url)
    expect((await migrationStatus(database_url)).map(({ name }) => name)).toEqual(names)
    await drop()
  })
})
