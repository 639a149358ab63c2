import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import type { BatchOptions } from '@leads/core/file-imports/batch-state'
import { type ImportContext, type ImportResult, importFile, previewFile } from '@leads/core/file-imports/import-file'
import { type UndoResult, undoImport } from '@leads/core/file-imports/undo/undo-import'
import { attachSightings, readSightings } from '@leads/core/leads/sightings'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { freshDatabase, type TestEngine } from '../setup/engines.ts'

export const map = createMapper()

export interface ImportRequest extends Partial<BatchOptions> {
  name?: string
  import_batch_id?: string
  again?: boolean
  context?: Partial<ImportContext>
}

/** A migrated database and a folder for files. */
export interface ImportWorld {
  db: Database
  database_url: string
  /** Each call returns a time one second later. */
  now: () => Date
  file(name: string, content: string | Buffer): string
  import(content: string | Buffer, request?: ImportRequest): Promise<ImportResult>
  undo(import_batch_id: string, signal?: AbortSignal): Promise<UndoResult>
  close(): Promise<void>
}

export async function createImportWorld(engine: TestEngine): Promise<ImportWorld> {
  const database = await freshDatabase(engine)
  const db = await openDatabase(database.database_url)
  const directory = mkdtempSync(join(tmpdir(), 'leads-test-imports-'))
  let ms = Date.parse('2026-05-01T08:00:00Z')
  const now = () => {
    ms += 1000
    return new Date(ms)
  }
  const file = (name: string, content: string | Buffer) => {
    const path = join(directory, name)
    writeFileSync(path, content)
    return path
  }
  return {
    db,
    database_url: database.database_url,
    now,
    file,
    async import(content, request = {}) {
      const { name = 'leads.csv', import_batch_id, again, context, ...given } = request
      const options: BatchOptions = { on_duplicate: 'merge', ...given }
      const preview = await previewFile(file(name, content), options)
      return importFile({ db, map, actor: 'cli:ann', now, log: noopLog, ...context }, preview, {
        options,
        import_batch_id,
        is_reimport: again,
      })
    },
    undo: (import_batch_id, signal) => undoImport({ db, actor: 'cli:ann', now, signal }, import_batch_id),
    async close() {
      await db.close()
      await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Returns everything that imports write. */
export async function contents(db: Database) {
  const { kysely } = db
  const [leads, bare, events, companies] = await Promise.all([
    kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute(),
    kysely.selectFrom('lead_sources').selectAll().orderBy('lead_id').execute(),
    kysely.selectFrom('lead_events').selectAll().orderBy('id').execute(),
    kysely.selectFrom('companies').selectAll().orderBy('id').execute(),
  ])
  const sightings = await readSightings(
    db,
    bare.map(({ lead_id }) => lead_id),
  )
  return { leads, sources: attachSightings(bare, sightings), events, companies }
}

/** Returns what an undo must restore: everything without versions and times of change. */
export async function lasting(db: Database) {
  const { leads, sources, companies } = await contents(db)
  const without = (row: object) => {
    const { version: _1, updated_at: _2, updated_by: _3, ...rest } = row as Record<string, unknown>
    return rest
  }
  return { leads: leads.map(without), sources: sources.map(without), companies: companies.map(without) }
}
