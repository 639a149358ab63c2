import { openDatabase } from '@leads/core/database/open-database'
import {
  changesLead,
  changesLeadSql,
  isBackfillable,
  isBackfillableSql,
  isNewSighting,
  isNewSightingSql,
} from '@leads/core/ingest/merge-rules'
import type { ExistingLead } from '@leads/core/ingest/statements/types'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ENGINES, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const texts = ['a', 'b', null]
const flags = [true, false]
const literal = (value: string | boolean | null): RawBuilder<unknown> => sql.lit(value)

describe.each(ENGINES.filter((engine) => engine === 'postgres'))('a merge rule (%s)', (engine) => {
  let fresh: FreshDatabase
  let evaluate: (columns: Record<string, string | boolean | null>, condition: string) => Promise<boolean | null>
  let close: () => Promise<void>
  beforeAll(async () => {
    fresh = await freshDatabase(engine)
    const db = await openDatabase(fresh.database_url, { connections_max: 1 })
    close = () => db.close()
    evaluate = async (columns, condition) => {
      const values = Object.entries(columns).map(
        ([name, value]) =>
          sql`${literal(value)}::${sql.raw(typeof value === 'boolean' ? 'boolean' : 'text')} as ${sql.ref(name)}`,
      )
      const row = sql`select ${sql.join(values)}`
      const { rows } = await sql<{ result: boolean | null }>`
        select ${sql.raw(condition)} as result from (${row}) as l`.execute(db.kysely)
      return rows[0]?.result ?? null
    }
  })
  afterAll(async () => {
    await close()
    await fresh.drop()
  })

  test('decides as SQL what it decides in code: does an item change its lead', async () => {
    const time = '2026-05-02T00:00:00.000Z'
    const item = { import_hashes: 'a', observed_at: Date.parse(time) }
    const itemSql = { import_hashes: "'a'", observed_at: `'${time}'::timestamptz` }
    const states: ExistingLead['source_states'][] = [undefined]
    for (const source_key of ['actor', 'other'])
      for (const import_hashes of ['a', 'b'])
        for (const day of ['01', '02', '03'])
          states.push([{ source_key, import_hashes, observed_at: `2026-05-${day}T00:00:00.000Z` }])
    states.push(
      states
        .slice(1)
        .flatMap((rows) => rows ?? [])
        .slice(3, 8)
        .filter((_, index) => index % 4 === 0),
    )
    for (const source_states of states)
      for (const import_hashes of texts)
        for (const is_deleted of flags)
          for (const isMergeEnabled of flags) {
            const lead = { import_hashes, is_deleted, run_id: null, ...(source_states && { source_states }) }
            const rows = (source_states ?? []).map(
              (state) => `(1, '${state.source_key}', '${state.import_hashes}', '${state.observed_at}'::timestamptz)`,
            )
            const condition = changesLeadSql('l', itemSql, "'actor'", String(isMergeEnabled)).replace(
              'lead_source_states',
              rows.length === 0
                ? '(select * from lead_source_states)'
                : `(values ${rows.join(', ')}) as given(lead_id, source_key, import_hashes, observed_at)`
                    .replace(/^/, '(select * from ')
                    .concat(')'),
            )
            expect(
              await evaluate({ id: '1', import_hashes, is_deleted }, condition.replaceAll('l.id', 'l.id::integer')),
            ).toBe(changesLead(lead, item, 'actor', isMergeEnabled))
          }
    const none = { id: null, import_hashes: null, is_deleted: null }
    const condition = changesLeadSql('l', itemSql, "'actor'", 'true')
    expect(
      await evaluate(
        none,
        condition.replaceAll('l.is_deleted', 'l.is_deleted::boolean').replaceAll('l.id', 'l.id::integer'),
      ),
    ).toBe(false)
  })

  test('decides as SQL what it decides in code: was a lead seen again', async () => {
    for (const run_id of texts)
      for (const is_deleted of flags)
        expect(await evaluate({ run_id, is_deleted }, isNewSightingSql('l', "'a'"))).toBe(
          isNewSighting({ run_id, is_deleted }, { run_id: 'a' }),
        )
  })

  test('decides as SQL what it decides in code: may a company be backfilled', async () => {
    for (const created_by of texts)
      for (const updated_by of texts)
        for (const is_deleted of flags) {
          const company = { created_by, updated_by, is_deleted }
          expect(await evaluate(company, isBackfillableSql('l'))).toBe(isBackfillable(company))
        }
  })
})
