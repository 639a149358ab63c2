import { join } from 'node:path'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { findAllDuplicates } from '@leads/core/duplicates/find-all-duplicates'
import { importFile, previewFile } from '@leads/core/file-imports/import-file'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { listDuplicates } from '@leads/core/merges/list-duplicates'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'

/**
 * Imports a file into an empty database, compares all leads, and prints what a score of the duplicates needs: one JSON
 * object per line, first the leads with their identities, then the pairs as `leads duplicates list --json` prints them.
 */
const OPTIONS = { on_duplicate: 'merge' } as const
const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('Name a CSV file.')
const { DATABASE_URL } = process.env
const directory = await makeBenchDirectory()
const databaseUrl = DATABASE_URL ?? `sqlite:${join(directory, 'duplicates.db')}`
await migrateUp(databaseUrl)
const db = await openDatabase(databaseUrl)
try {
  const context = { db, map: createMapper(), actor: 'bench', now: () => new Date(), log: noopLog }
  await importFile(context, await previewFile(path, OPTIONS), { options: OPTIONS })
  await findAllDuplicates({ db, log: noopLog, now: () => new Date() })
  const leads = await db.kysely.selectFrom('sales_leads').select(['id', 'notes', 'external_id']).orderBy('id').execute()
  const identities = new Map<number, string[]>()
  for (const { lead_id, identity } of await db.kysely.selectFrom('lead_identities').selectAll().execute()) {
    identities.set(lead_id, [...(identities.get(lead_id) ?? []), identity])
  }
  for (const { id, notes, external_id } of leads) {
    console.log(JSON.stringify({ lead_id: id, notes, identities: identities.get(id) ?? [external_id] }))
  }
  let cursor: string | undefined
  do {
    const page = await listDuplicates(db, { limit: 500, cursor, cursor_secret: 'bench' })
    for (const pair of page.data) console.log(JSON.stringify(pair))
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
} finally {
  await db.close()
  await removeBenchDirectory(directory)
}
