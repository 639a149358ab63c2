import { companyListDefinition } from '@leads/core/companies/list-companies'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import type { ListDefinition } from '@leads/core/lists/definition'
import { parseFilters } from '@leads/core/lists/filter'
import { type PageQuery, parseSort } from '@leads/core/lists/page-statement'
import { listStatement } from '@leads/core/lists/search-statement'
import { parseSearchWords } from '@leads/core/lists/search-words'
import { syncListDefinition } from '@leads/core/syncs/list-syncs'
import { syncRejectionListDefinition } from '@leads/core/syncs/sync-rejections'
import { importListDefinition, importRejectionListDefinition } from '@leads/functions/operations/import-lists'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'

/** Lists other than that of leads (see plans.test.ts), in tables far larger than a page. */

const ROWS_COUNT = 30_000

interface ListCase {
  definition: ListDefinition
  filters: readonly string[]
  /** The path of the list selects rows by itself. */
  conditions?: string
}

const lists: Readonly<Record<string, ListCase>> = {
  companies: {
    definition: companyListDefinition,
    filters: [
      '',
      'id=4711',
      'name=Company 4711',
      'name=prefix:Company 47',
      'name=not:Company 4711',
      'domain=d4711.example',
      'domain=prefix:d471',
      'domain=is:null',
      'country=India',
      'country=Nowhere',
      'city=City 17',
      'city=Nowhere',
      'country=India&city=City 17',
      'industry=Industry 7',
      'industry=Nowhere',
      'company_key=domain:d4711.example',
      'tags=has:tag 3',
      'tags=has:unknown',
      'created_at=gte:2026-01-20T00:00:00Z',
      'is_deleted=true',
      'include_deleted=true',
      'q=company 4711',
      'q=nobody',
    ],
  },
  syncs: {
    definition: syncListDefinition,
    filters: [
      '',
      'actor_id=actor7',
      'actor_id=nobody',
      'sync_status=failed',
      'sync_status=completed',
      'sync_status=in:failed,pending',
      'run_status=FAILED',
      'run_status=ABORTED',
      'actor_id=actor7&sync_status=failed',
      'created_at=gte:2026-01-20T00:00:00Z',
      'include_deleted=true',
    ],
  },
  rejections: {
    definition: syncRejectionListDefinition,
    filters: [
      '',
      'run_id=run7',
      'run_id=nobody',
      'actor_id=actor7',
      'actor_id=nobody',
      'dataset_id=dataset7',
      'dataset_id=nobody',
      'reason=empty',
      'reason=unknown',
      'resolved_at=is:null',
      'resolved_at=is:not_null',
      'actor_id=actor7&reason=empty&resolved_at=is:null',
      'created_at=gte:2026-01-20T00:00:00Z',
    ],
  },
  'rejections of a run': {
    definition: syncRejectionListDefinition,
    filters: ['', 'reason=empty'],
    conditions: 'run_id',
  },
  imports: {
    definition: importListDefinition,
    filters: [
      '',
      'batch_status=completed',
      'batch_status=undone',
      'file_name=file 7.csv',
      'file_name=nothing.csv',
      'created_by=crm',
      'created_by=nobody',
      'created_at=gte:2026-01-20T00:00:00Z',
    ],
  },
  'rejections of an import': {
    definition: importRejectionListDefinition,
    filters: ['', 'reason=empty', 'reason=unknown'],
    conditions: 'import_batch_id',
  },
}

interface PlanNode {
  'Node Type': string
  Plans?: PlanNode[]
}
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

describe('PostgreSQL uses an index for the filters and orders of a list', () => {
  let database: FreshDatabase
  let db: Database

  beforeAll(async () => {
    database = await freshDatabase('postgres')
    db = await openDatabase(database.database_url)
    const series = sql`generate_series(1, ${sql.lit(ROWS_COUNT)}) as i`
    const at = sql`timestamptz '2026-01-01' + i * interval '1 minute'`
    await sql`insert into companies (company_key, name, domain, country, city, industry, tags, is_deleted, deleted_at,
        created_at)
      select 'domain:d' || i || '.example', 'Company ' || i, case when i % 9 > 0 then 'd' || i || '.example' end,
        case when i < 6000 then 'India' else 'Germany' end, 'City ' || i % 300, 'Industry ' || i % 200,
        case when i % 40 = 0 then jsonb_build_array('tag ' || i % 7) end, i % 200 = 0, case when i % 200 = 0 then now() end,
        ${at} from ${series}`.execute(db.kysely)
    await sql`insert into apify_sync_states (run_id, actor_id, sync_status, run_status, finished_at, created_at)
      select 'run' || i, 'actor' || i % 50, case when i % 500 = 0 then 'failed' else 'completed' end,
        case when i % 300 = 0 then 'FAILED' else 'SUCCEEDED' end, case when i % 90 > 0 then ${at} end, ${at}
      from ${series}`.execute(db.kysely)
    await sql`insert into sync_rejections (run_id, dataset_id, item_offset, actor_id, reason, resolved_at, created_at)
      select 'run' || i % 100, 'dataset' || i % 100, i, 'actor' || i % 50,
        case when i % 3 = 0 then 'empty' else 'no contact' end, case when i % 4 > 0 then now() end, ${at}
      from ${series}`.execute(db.kysely)
    await sql`insert into import_batches (import_batch_id, batch_status, file_name, file_hash, import_options, options_hash,
        created_by, created_at)
      select 'import' || i, case when i % 700 = 0 then 'undone' else 'completed' end, 'file ' || i % 100 || '.csv', 'h' || i,
        '{}', 'o', case when i % 400 = 0 then 'crm' else 'fair' end, ${at} from ${series}`.execute(db.kysely)
    await sql`insert into import_rejections (import_batch_id, record_number, reason)
      select 'import' || 1 + i % 10, i, case when i % 3 = 0 then 'empty' else 'no contact' end
      from ${series}`.execute(db.kysely)
    await sql`analyze`.execute(db.kysely)
  })
  afterAll(async () => {
    await db?.close()
    await database?.drop()
  })

  const explain = async ({ definition, conditions }: ListCase, filter: string, sort: string): Promise<PlanNode> => {
    const parameters = new URLSearchParams(filter)
    const texts = [...parameters.keys()].filter((key) => Object.hasOwn(definition.filters, key))
    const q = parameters.get('q')
    const value = conditions === 'run_id' ? 'run7' : 'import7'
    const query: PageQuery = {
      definition,
      columns: [...new Set(['id', ...Object.keys(definition.sorts)])],
      filters: await parseFilters(definition, Object.fromEntries(texts.map((key) => [key, parameters.getAll(key)]))),
      conditions: conditions ? [sql`${sql.ref(conditions)} = ${value}`] : [],
      words: q === null ? [] : parseSearchWords(q),
      sort: parseSort(definition, sort),
      limit: 50,
      after: null,
      include_deleted: parameters.has('include_deleted') || parameters.has('is_deleted'),
    }
    const { rows } = await sql<{
      'QUERY PLAN': { Plan: PlanNode }[]
    }>`explain (format json) ${listStatement(db, query, query.limit + 1)}`.execute(db.kysely)
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
    if (!plan) throw new Error('no plan')
    return plan
  }

  test.each(Object.entries(lists))('%s: every filter is tried', (_name, { definition, filters, conditions }) => {
    const tried = new Set(filters.flatMap((filter) => [...new URLSearchParams(filter).keys()]))
    if (!conditions) expect([...tried]).toEqual(expect.arrayContaining(Object.keys(definition.filters)))
  })

  const cases = Object.entries(lists).flatMap(([name, { filters }]) => filters.map((filter) => ({ name, filter })))

  test.each(cases)('$name: "$filter" in every order', async ({ name, filter }) => {
    const list = lists[name]
    if (!list) throw new Error('no list')
    for (const column of Object.keys(list.definition.sorts))
      for (const sort of [column, `-${column}`]) {
        const scans = nodesOf(await explain(list, filter, sort)).map(({ 'Node Type': type }) => type)
        expect(scans, `sort=${sort}`).not.toContainEqual(expect.stringContaining('Seq Scan'))
      }
  })
})
