import { type Database, withTransaction } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findAllDuplicates } from '@leads/core/duplicates/find-all-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { applyItems, findExistingRows } from '@leads/core/ingest/apply-items'
import { backfillIdentities } from '@leads/core/ingest/backfill-identities'
import type { Provenance } from '@leads/core/ingest/provenance'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { mergeCompanies } from '@leads/core/merges/merge-companies'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeCompany } from '@leads/core/merges/unmerge-company'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { startProxy, type TcpProxy } from './proxy.ts'
import { countMysqlStatements, countPostgresStatements } from './statements.ts'

/**
 * The connection is lost at every statement of what merges leads and finds duplicates: the server rolls back what was
 * not committed, as for a process that was killed. Each work then has done nothing or all, and done again it ends as if
 * nothing had happened.
 */
const map = createMapper()
const at = new Date('2026-05-01T09:00:00.000Z')
const by = { actor: 'tester', event_source: 'api', at } as const
const origin: Provenance = {
  source: 'import',
  source_name: null,
  provider_name: 'import',
  actor_id: null,
  actor_name: null,
  run_id: null,
  dataset_id: null,
  import_batch_id: 'batch1',
  scrape_params: null,
  actor: 'sync',
  at,
}
const STATEMENTS_MAX = 60

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('lost connections (%s)', (engine) => {
  let database: FreshDatabase
  let db: Database
  let proxy: TcpProxy
  let count = 0

  beforeAll(async () => {
    database = await freshDatabase(engine)
    db = await openDatabase(database.database_url)
    const port = Number(new URL(database.database_url).port)
    proxy = await startProxy(port, engine === 'postgres' ? countPostgresStatements : countMysqlStatements)
  })
  afterAll(async () => {
    await proxy?.close()
    await db?.close()
    await database?.drop()
  })

  /** Runs `work` over a connection that is lost when a statement arrives. */
  async function runUntilLost(
    statement: number,
    work: (db: Database) => Promise<unknown>,
  ): Promise<{ isLost: boolean; isDone: boolean }> {
    const url = new URL(database.database_url)
    url.port = String(proxy.port)
    const shaky = await openDatabase(url.href, { connections_max: 1 })
    let isLost = false
    try {
      // Connected before it is counted.
      await shaky.kysely.selectFrom('task_states').select('name').limit(1).execute()
      proxy.statements = 0
      proxy.onStatement = (nth) => {
        if (isLost || nth < statement) return true
        isLost = true
        setImmediate(() => proxy.cut())
        return false
      }
      const settled = await work(shaky).then(
        () => 'done',
        (error: unknown) => error,
      )
      // A read may have been repeated over another connection.
      return { isLost, isDone: settled === 'done' }
    } finally {
      proxy.onStatement = undefined
      await shaky.close().catch(() => {})
    }
  }

  async function ingest(items: readonly Record<string, unknown>[]): Promise<void> {
    const prepared = items.map((item) => {
      const mapped = map(item)
      if (mapped.outcome === 'rejected') throw new Error(mapped.reason)
      return { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: JSON.stringify(item) }
    })
    const rows = await findExistingRows(db, prepared, origin)
    await withTransaction(db, (trx) => applyItems(trx, prepared, rows, origin, 'merge'))
  }

  /** Two leads of one person, each with an address and a company. */
  async function seedPair(): Promise<{ leads: [number, number]; companies: [number, number] }> {
    count += 1
    const person = { firstName: 'Mirela', lastName: `Stoica${'abcdefghij'[count % 10]}${count}` }
    const site = `stoica-${count}`
    await ingest([
      { ...person, email: `mirela${count}@post.example`, companyName: 'Stoica', companyWebsite: `https://${site}.ro` },
      { ...person, email: `ms${count}@neu.example`, phone: '+40 21 555 0101', companyWebsite: `https://${site}.com` },
    ])
    const rows = await db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'company_id'])
      .where('email', 'in', [`mirela${count}@post.example`, `ms${count}@neu.example`])
      .orderBy('email')
      .execute()
    const [one, other] = rows
    if (!one?.company_id || !other?.company_id) throw new Error('Both leads need a company.')
    return { leads: [one.id, other.id], companies: [one.company_id, other.company_id] }
  }

  /** What a merge touches, with the leads and companies of a pair as `a` and `b`. */
  async function readState({ leads, companies }: Awaited<ReturnType<typeof seedPair>>): Promise<string> {
    const leadName = (id: number | null) => (id === null ? null : 'ab'[leads.indexOf(id)])
    const companyName = (id: number | null) => (id === null ? null : 'ab'[companies.indexOf(id)])
    const rows = await db.kysely.selectFrom('sales_leads').selectAll().where('id', 'in', leads).orderBy('id').execute()
    const identities = await db.kysely
      .selectFrom('lead_identities')
      .select(['identity', 'lead_id'])
      .where('lead_id', 'in', leads)
      .execute()
    const merges = await db.kysely
      .selectFrom('lead_merges')
      .select('undone_at')
      .where('keeper_id', 'in', leads)
      .execute()
    const events = await db.kysely
      .selectFrom('lead_events')
      .select(['lead_id', 'event_type'])
      .where('lead_id', 'in', leads)
      .orderBy('id')
      .execute()
    const states = await db.kysely
      .selectFrom('lead_source_states')
      .select(['lead_id', 'source_key'])
      .where('lead_id', 'in', leads)
      .execute()
    const pairs = await db.kysely
      .selectFrom('lead_duplicates')
      .select('duplicate_status')
      .where('lead_a', 'in', leads)
      .execute()
    const firms = await db.kysely
      .selectFrom('companies')
      .selectAll()
      .where('id', 'in', companies)
      .orderBy('id')
      .execute()
    return JSON.stringify({
      leads: rows.map((lead) => [
        lead.is_deleted,
        leadName(lead.merged_into_id),
        lead.phone,
        lead.additional_emails.length,
        companyName(lead.company_id),
        lead.version,
      ]),
      identities: identities.map(({ lead_id }) => leadName(lead_id)).sort(),
      merges: merges.map(({ undone_at }) => undone_at !== null),
      events: events.map(({ lead_id, event_type }) => [leadName(lead_id), event_type]).sort(),
      states: states.map(({ lead_id }) => leadName(lead_id)).sort(),
      pairs,
      companies: firms.map((firm) => [firm.is_deleted, companyName(firm.merged_into_id), firm.version]),
    })
  }

  type Pair = Awaited<ReturnType<typeof seedPair>>
  const works: Record<
    string,
    { prepare?: (pair: Pair) => Promise<unknown>; run: (db: Database, pair: Pair) => Promise<unknown> }
  > = {
    merge: { run: (to, { leads }) => mergeLeads(to, leads[0], leads[1], by) },
    'merge undone': {
      prepare: ({ leads }) => mergeLeads(db, leads[0], leads[1], by),
      run: (to, { leads }) => unmergeLead(to, leads[1], by),
    },
    'merge of companies': { run: (to, { companies }) => mergeCompanies(to, companies[0], companies[1], by) },
    'merge of companies undone': {
      prepare: ({ companies }) => mergeCompanies(db, companies[0], companies[1], by),
      run: (to, { companies }) => unmergeCompany(to, companies[1], by),
    },
  }

  test.each(Object.entries(works))(
    'a %s that loses its connection at any statement did nothing, and succeeds when it is repeated',
    async (_name, { prepare, run }) => {
      const whole = await seedPair()
      await prepare?.(whole)
      await run(db, whole)
      const after = await readState(whole)
      let statement = 1
      for (; statement <= STATEMENTS_MAX; statement += 1) {
        const pair = await seedPair()
        await prepare?.(pair)
        const before = await readState(pair)
        const { isLost, isDone } = await runUntilLost(statement, (to) => run(to, pair))
        expect(await readState(pair)).toBe(isDone ? after : before)
        if (!isLost) break
        if (!isDone) await run(db, pair)
        expect(await readState(pair)).toBe(after)
      }
      expect(statement).toBeGreaterThan(8)
      expect(statement).toBeLessThan(STATEMENTS_MAX)
    },
    120_000,
  )

  const readFound = async () => ({
    pairs: await db.kysely
      .selectFrom('lead_duplicates')
      .select(['lead_a', 'lead_b', 'certainty', 'duplicate_status'])
      .orderBy('lead_a')
      .orderBy('lead_b')
      .execute(),
    identities: await db.kysely
      .selectFrom('lead_identities')
      .select(['identity', 'lead_id'])
      .orderBy('identity')
      .execute(),
  })
  const now = () => new Date()
  const passes: Record<
    string,
    {
      reset: readonly ('lead_duplicates' | 'lead_match_keys' | 'lead_identities')[]
      run: (db: Database) => Promise<unknown>
    }
  > = {
    'pass over changed leads': {
      reset: ['lead_duplicates', 'lead_match_keys'],
      run: (to) => findDuplicates({ db: to, log: noopLog, now }),
    },
    'full pass': {
      reset: ['lead_duplicates', 'lead_match_keys'],
      run: (to) => findAllDuplicates({ db: to, log: noopLog, now }),
    },
    'backfill of identities': { reset: ['lead_identities'], run: (to) => backfillIdentities({ db: to, now }) },
  }

  test.each(Object.entries(passes))(
    'a %s that loses its connection at any statement finds the same when it is repeated',
    async (_name, { reset, run }) => {
      await seedPair()
      const clear = async () => {
        for (const table of [...reset, 'task_states'] as const) await db.kysely.deleteFrom(table).execute()
      }
      await clear()
      await run(db)
      const expected = await readFound()
      expect(expected.identities.length).toBeGreaterThan(0)
      let statement = 1
      for (; statement <= STATEMENTS_MAX; statement += 1) {
        await clear()
        const { isLost, isDone } = await runUntilLost(statement, run)
        expect(isDone || isLost).toBe(true)
        if (!isDone) await run(db)
        expect(await readFound()).toEqual(expected)
        if (!isLost) break
      }
      expect(statement).toBeGreaterThan(3)
      expect(statement).toBeLessThan(STATEMENTS_MAX)
    },
    120_000,
  )

  test('merges of overlapping pairs at once leave each lead and each identity at a lead that lives', async () => {
    const { leads: first } = await seedPair()
    const { leads: second } = await seedPair()
    const ids = [...first, ...second]
    const [a, b, c, d] = ids as [number, number, number, number]
    const wanted: [number, number][] = [
      [a, b],
      [b, c],
      [c, d],
      [d, a],
      [a, c],
      [b, d],
    ]
    const results = await Promise.allSettled(wanted.map(([keeper, merged]) => mergeLeads(db, keeper, merged, by)))
    const codes = results.flatMap((result) => (result.status === 'rejected' ? result.reason.code : []))
    expect(codes.length).toBeGreaterThan(0)
    expect(new Set(codes)).toEqual(new Set(['merged']))
    const rows = await db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'is_deleted', 'merged_into_id'])
      .where('id', 'in', ids)
      .execute()
    const living = rows.filter(({ is_deleted }) => !is_deleted).map(({ id }) => id)
    expect(living.length).toBe(4 - results.filter(({ status }) => status === 'fulfilled').length)
    for (const { is_deleted, merged_into_id } of rows) if (is_deleted) expect(living).toContain(merged_into_id)
    const identities = await db.kysely
      .selectFrom('lead_identities')
      .select('lead_id')
      .where('lead_id', 'in', ids)
      .execute()
    expect(identities).toHaveLength(4)
    for (const { lead_id } of identities) expect(living).toContain(lead_id)
  })
})
