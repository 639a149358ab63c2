import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { dumpSchema } from '@leads/core/database/dump-schema'
import { openDatabase } from '@leads/core/database/open-database'
import { expect, test } from 'vitest'
import { describeEachEngine, freshDatabase } from '../setup/engines.ts'

const update = process.env.UPDATE_SCHEMA_DUMPS === '1'

describeEachEngine('committed schema dump', (engine) => {
  test('is what the migrations make', async () => {
    const { database_url, drop } = await freshDatabase(engine)
    const db = await openDatabase(database_url)
    const dump = await dumpSchema(db)
    await db.close()
    await drop()
    const file = fileURLToPath(new URL(`../../migrations/${engine}/schema.sql`, import.meta.url))
    if (update) await writeFile(file, dump)
    expect(dump, 'refresh with: npm run generate').toBe(await readFile(file, 'utf8'))
  })
})
