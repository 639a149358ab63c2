import { openDatabase } from '@leads/core/database/open-database'
import { createCompanyCache } from '@leads/core/ingest/company-cache'
import { insertPageSql } from '@leads/core/ingest/statements/postgres/insert-page'
import { noopLog } from '@leads/core/log'
import { createPagePipeline } from '@leads/core/syncs/page-pipeline'
import { getOrCreateSync } from '@leads/core/syncs/sync-state'
import { CompiledQuery } from 'kysely'
import { type CapturedQuery, captureQueries } from '../../capture.ts'
import { median, round } from '../../measure.ts'
import type { Bench } from '../bench.ts'
import { itemTexts } from '../dataset.ts'
import { mapPages } from '../pages.ts'

const RUN_ID = 'explained'
/** Enough for a median; the first pages go into empty tables. */
const PAGES_MAX = 12
const WARM_PAGES = 2

/** The part of PostgreSQL's own answer to EXPLAIN (ANALYZE, FORMAT JSON) that is used. */
interface PlanNode {
  'Node Type': string
  'Parent Relationship'?: string
  'Subplan Name'?: string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Total Time': number
  'Actual Loops': number
  Plans?: PlanNode[]
}

interface Explained {
  Plan: PlanNode
  Triggers: { 'Constraint Name'?: string; 'Trigger Name': string; Time: number }[]
  'Planning Time': number
  'Execution Time': number
}

/** Microseconds a lead, by part of the statement that writes a page, as PostgreSQL measures itself: medians of pages. */
export async function explainPages(bench: Bench): Promise<Record<string, number>> {
  const { options } = bench
  const statements = await captureStatements(bench)
  const byPart = new Map<string, number[]>()
  await bench.onFresh(async (url) => {
    await bench.engine.copyCompanies(bench.reference, url)
    await openRun(url)
    const db = await openDatabase(url, { connections_max: 1 })
    try {
      for (const [index, { sql: statement, parameters }] of statements.entries()) {
        const query = CompiledQuery.raw(`explain (analyze, format json) ${statement}`, parameters)
        const { rows } = await db.kysely.executeQuery<{ 'QUERY PLAN': Explained[] }>(query)
        const [explained] = rows[0]?.['QUERY PLAN'] ?? []
        if (!explained || index < WARM_PAGES) continue
        for (const [part, ms] of partsOf(explained)) byPart.set(part, [...(byPart.get(part) ?? []), ms])
      }
      const sync = await getOrCreateSync(db, RUN_ID, new Date())
      // A page whose checkpoint does not fit writes nothing, and its times would mean nothing.
      if (sync.next_offset !== options.page_rows * statements.length)
        throw new Error(`Of ${statements.length} explained pages, ${sync.next_offset} items were written.`)
    } finally {
      await db.close()
    }
  })
  const us = [...byPart].map(([part, ms]) => [part, round((median(ms) * 1000) / options.page_rows, 1)] as const)
  return Object.fromEntries(us.sort(([, a], [, b]) => b - a))
}

async function openRun(url: string) {
  const db = await openDatabase(url, { connections_max: 1 })
  try {
    return await getOrCreateSync(db, RUN_ID, new Date())
  } finally {
    await db.close()
  }
}

/** The statements as the sync sends them, with their values. */
async function captureStatements({ items, options, actor_id, onFresh }: Bench): Promise<CapturedQuery[]> {
  const count = Math.min(Math.floor(items.count / options.page_rows), PAGES_MAX) * options.page_rows
  const pages = mapPages(itemTexts({ ...items, count }), options.page_rows, actor_id)
  const queries = await onFresh(async (url) => {
    const sync = await openRun(url)
    const db = await openDatabase(url, { connections_max: 1 })
    const origin = {
      source: 'apify' as const,
      source_name: 'bench/people',
      provider_name: 'apify',
      actor_id,
      actor_name: 'bench/people',
      run_id: RUN_ID,
      dataset_id: 'bench',
      import_batch_id: null,
      scrape_params: null,
      actor: 'apify-sync',
    }
    const writer = {
      db,
      on_duplicate: 'merge' as const,
      companies: createCompanyCache(),
      log: noopLog,
      origin: () => ({ ...origin, at: new Date() }),
    }
    try {
      return await captureQueries(async () => {
        const flight = createPagePipeline(writer, sync, 'bench', () => {})
        for (const page of pages) await flight.write(page)
        await flight.flush()
      })
    } finally {
      await db.close()
    }
  })
  return queries.filter(({ sql }) => sql === insertPageSql)
}

const timeOf = (node: PlanNode): number => node['Actual Total Time'] * node['Actual Loops']
const within = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(within)]
/** What a node waits for; common table expressions are among its plans, but are run by the first node that reads them. */
const inputs = (node: PlanNode): PlanNode[] =>
  (node.Plans ?? []).filter((plan) => !['InitPlan', 'SubPlan'].includes(plan['Parent Relationship'] ?? ''))
const own = (node: PlanNode): number => timeOf(node) - inputs(node).reduce((sum, plan) => sum + timeOf(plan), 0)

/** Milliseconds by part. The rest is what none of them counts. */
function partsOf(explained: Explained): [string, number][] {
  const nodes = within(explained.Plan)
  const sum = (of: PlanNode[], time: (node: PlanNode) => number): number =>
    of.reduce((total, node) => total + time(node), 0)
  const written = new Map<string, number>()
  for (const node of nodes)
    if (node['Node Type'] === 'ModifyTable')
      written.set(node['Relation Name'] ?? '', (written.get(node['Relation Name'] ?? '') ?? 0) + own(node))
  const lookUps = (table: string) =>
    sum(
      nodes.filter((node) => node['Relation Name'] === table && node['Node Type'].includes('Scan')),
      timeOf,
    )
  const parts: [string, number][] = [
    [
      'splitting the texts into columns',
      sum(
        nodes.filter((node) => ['Function Scan', 'ProjectSet'].includes(node['Node Type'])),
        own,
      ),
    ],
    ['looking up known leads', lookUps('sales_leads')],
    ['looking up companies', lookUps('companies')],
    ...[...written].map(([table, ms]): [string, number] => [`writing ${table} and its indexes`, ms]),
    ...explained.Triggers.map((trigger): [string, number] => [
      `checking ${trigger['Constraint Name'] ?? trigger['Trigger Name']}`,
      trigger.Time,
    ]),
  ]
  const told = parts.reduce((total, [, ms]) => total + ms, 0)
  return [
    ...parts,
    ['planning, each time for EXPLAIN', explained['Planning Time']],
    ['the rest', explained['Execution Time'] - told],
  ]
}
