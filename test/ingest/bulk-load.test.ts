import type { Database } from '@leads/core/database/engine'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { applyItems, findExistingRows, type ImportItem } from '@leads/core/ingest/apply-items'
import { createMapper } from '@leads/core/mapping/map-item'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ENGINES, freshDatabase } from '../setup/engines.ts'
import { startMariadb } from '../setup/mariadb-server.ts'
import type { TestServer } from '../setup/postgres-server.ts'
import { makeScratchDirectory, removeDirectory } from '../setup/scratch.ts'

const LEADS = 120
const at = new Date('2026-03-02T08:00:00.000Z')
const origin = {
  source: 'apify',
  source_name: 'bulk',
  provider_name: 'apify',
  actor_id: 'actor',
  actor_name: 'bulk',
  run_id: null,
  dataset_id: null,
  import_batch_id: null,
  scrape_params: null,
  actor: 'tester',
  at,
} as const

const map = createMapper()
const items: ImportItem[] = Array.from({ length: LEADS }, (_, index) => {
  const raw = { name: `Ann Lee${index}`, email: `ann${index}@example.com`, title: 'Tab\tand \\N' }
  const mapped = map(raw)
  if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
  return { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: JSON.stringify(raw) }
})

/** A server of its own, because these settings are the server's. */
describe.runIf(ENGINES.includes('mysql'))('new leads (mysql)', () => {
  let directory: string
  let server: TestServer
  let admin: Database
  let db: Database
  let count = 0

  beforeAll(async () => {
    directory = await makeScratchDirectory()
    server = await startMariadb(directory, { settings: ['--innodb-autoinc-lock-mode=2'] })
    admin = await openDatabase(server.url('mysql'), { connections_max: 1 })
  })
  afterAll(async () => {
    await admin.close()
    await server.stop()
    await removeDirectory(directory)
  })
  beforeEach(async () => {
    const name = `bulk_${++count}`
    await sql`create database ${sql.id(name)}`.execute(admin.kysely)
    await migrateUp(server.url(name))
    db = await openDatabase(server.url(name), { connections_max: 1 })
  })
  afterEach(() => db.close())

  const setLocalInfile = (value: 0 | 1) => sql`set global local_infile = ${sql.lit(value)}`.execute(admin.kysely)
  /** Of the one connection. */
  async function countLoads(): Promise<number> {
    const { rows } = await sql<{ Value: string }>`show session status like 'Com_load'`.execute(db.kysely)
    return Number(rows[0]?.Value)
  }
  async function importAll(): Promise<void> {
    const rows = await findExistingRows(db, items, origin)
    await withTransaction(db, (trx) => applyItems(trx, items, rows, origin, 'merge'))
  }
  /** Each lead with what belongs to it, found by its id. */
  async function expectStored(): Promise<void> {
    const leads = await db.kysely
      .selectFrom('sales_leads as lead')
      .innerJoin('lead_sources as source', 'source.lead_id', 'lead.id')
      .innerJoin('lead_events as event', 'event.lead_id', 'lead.id')
      .innerJoin('lead_identities as identity', 'identity.lead_id', 'lead.id')
      .select(['lead.email', 'lead.title', 'identity.identity'])
      .select(['lead.external_id', 'source.external_id as source_external_id'])
      .execute()
    expect(leads).toHaveLength(LEADS)
    for (const { email, identity, external_id, source_external_id } of leads) {
      expect(source_external_id).toBe(external_id)
      expect(identity).toBe(`email:${email}`)
    }
    expect(new Set(leads.map(({ email }) => email)).size).toBe(LEADS)
  }

  test('have the numbers that follow the first on a server with its own settings', async () => {
    await db.close()
    const fresh = await freshDatabase('mysql')
    db = await openDatabase(fresh.database_url, { connections_max: 1 })
    await withTransaction(db, async (trx) => expect(await db.engine.bulkLoad?.findFirstId(trx)).not.toBeNull())
    await importAll()
    await expectStored()
    // Leads, sources, events, identities: with wrong numbers the foreign keys refuse a load, and all goes as values.
    expect(await countLoads()).toBe(4)
  })

  test('are looked up where the server gives numbers to several statements at once', async () => {
    await withTransaction(db, async (trx) => expect(await db.engine.bulkLoad?.findFirstId(trx)).toBeNull())
    await importAll()
    await expectStored()
    expect(await countLoads()).toBe(4)
  })

  test('are inserted as values where the server does not allow LOCAL', async () => {
    await setLocalInfile(0)
    try {
      expect(await db.engine.bulkLoad?.isAllowed(db)).toBe(false)
      await importAll()
      await expectStored()
      expect(await countLoads()).toBe(0)
    } finally {
      await setLocalInfile(1)
    }
  })

  test('are inserted as values where LOCAL is switched off while it is in use', async () => {
    expect(await db.engine.bulkLoad?.isAllowed(db)).toBe(true)
    await setLocalInfile(0)
    try {
      await importAll()
      await expectStored()
    } finally {
      await setLocalInfile(1)
    }
  })
})
