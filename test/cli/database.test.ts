import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { runLeads } from './run-leads.ts'

vi.setConfig({ testTimeout: 120_000 })

describeEachEngine('leads db', (engine) => {
  let database: FreshDatabase
  let env: Record<string, string>
  beforeEach(async () => {
    database = await freshDatabase(engine)
    env = { DATABASE_URL: database.database_url }
  })
  afterEach(() => database.drop())

  test('db stats shows tables and the largest indexes, and reports no dead rows for an empty table', async () => {
    const { code, stdout, stderr } = await runLeads(['db', 'stats'], { env })
    expect([code, stdout]).toEqual([0, expect.stringMatching(/sales_leads.*largest indexes.*(?:idx_|ix_|PRIMARY)/s)])
    expect(stderr).not.toMatch(/reindex/)
  })

  test('db reindex rebuilds every table', async () => {
    const { code, stdout } = await runLeads(['db', 'reindex', '--json'], { env })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).tables).toContain('sales_leads')
    expect((await runLeads(['migrate', 'status'], { env })).code).toBe(0)
  })

  test('db recount says whether the counts of leads are right', async () => {
    const { code, stdout } = await runLeads(['db', 'recount', '--json'], { env })
    expect([code, JSON.parse(stdout)]).toEqual([0, { corrected: engine === 'postgres' ? 0 : null }])
  })

  test('db dump-schema prints the schema, also as JSON, and reports an empty database', async () => {
    const { code, stdout, stderr } = await runLeads(['db', 'dump-schema', '--json'], { env })
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({ engine, schema: expect.stringMatching(/create table .*sales_leads/is) })
    expect((await runLeads(['migrate', 'down', '--to', 'base'], { env })).code).toBe(0)
    const empty = await runLeads(['db', 'dump-schema'], { env })
    expect(empty.stderr + empty.stdout).toMatch(/no tables yet|schema_migrations/)
  })

  test('db stats without a schema names the database', async () => {
    await runLeads(['migrate', 'down', '--to', 'base'], { env })
    const { code, stderr } = await runLeads(['db', 'stats'], { env })
    expect([code, stderr]).toEqual([
      78,
      expect.stringMatching(/migrate up.*\(The database is (sqlite|postgres|mysql):.*\)/),
    ])
    expect(stderr).not.toContain(':postgres@')
  })
})
