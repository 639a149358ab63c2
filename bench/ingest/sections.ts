import type { PageItem } from '@leads/core/sync/write-page'
import postgres from 'postgres'
import { fillLeads } from '../fill.ts'
import { median, printTable, round } from '../measure.ts'
import { type Bench, inTurn, ratioOf } from './bench.ts'
import { itemTexts } from './dataset.ts'
import { bulkInsert, rowByRow, rowByRowInPages } from './other-ways.ts'
import { mapPages } from './pages.ts'
import { startWorker } from './worker.ts'

export type Figures = Record<string, number>

const rate = (rows: number, ms: readonly number[]): number => Math.round((rows / median(ms)) * 1000)

/**
 * Left alone, Node lets garbage grow to 350 MB before it looks for any, of which 40 MB are in use. 115 MB are Node and
 * the sources that it compiles; a deployed bundle starts with less.
 */
const SMALL_HEAP = ['--max-semi-space-size=4', '--max-old-space-size=128']

/** Rows that the slow ways write: enough for a steady rate, few enough to be done in seconds. */
const SLOW_ROWS = 500

/** The whole sync, and its database stage alone, against the limit and against what a user would write instead. */
export async function measureWays(bench: Bench): Promise<Figures> {
  const { engine, options, items } = bench
  const isPostgres = engine.name === 'postgres'
  const pages = mapPages(itemTexts(items), options.page_rows)
  const leads = pages.flat().flatMap((item: PageItem) => ('lead' in item ? item.lead : []))
  const few = leads.slice(0, SLOW_ROWS)
  const others: Record<string, () => Promise<number>> = {
    bulk: () => bench.onFresh((url) => bulkInsert(url, leads, options.page_rows)),
    row_by_row: () => bench.onFresh((url) => rowByRow(url, few)),
    row_by_row_in_pages: () => bench.onFresh((url) => rowByRowInPages(url, few, options.page_rows)),
  }
  const ms: Record<string, number[]> = await inTurn<string>(options.rounds, {
    limit: bench.limit,
    sync: async () => (await bench.onFresh((url) => bench.sync(url))).ms,
    stage: async () => (await bench.onFresh((url) => bench.stage(url))).ms,
    ...(isPostgres ? others : {}),
  })
  const names: Record<string, string> = {
    limit: `limit: ${engine.limit_name} of prepared rows`,
    sync: 'sync, end to end',
    stage: 'sync, database stage only',
    bulk: 'bulk insert by query builder',
    row_by_row: 'row by row, autocommit',
    row_by_row_in_pages: 'row by row, transaction a page',
  }
  const itemsOf = (way: string): number => (way.startsWith('row_by_row') ? few.length : options.rows)
  const rates = Object.fromEntries(Object.entries(ms).map(([way, took]) => [way, rate(itemsOf(way), took)]))
  const ofLimit = (way: string): number => (ratioOf(ms.limit ?? [], ms[way] ?? []) * itemsOf(way)) / options.rows
  printTable([
    ['way', 'items/s', 'of the limit'],
    ...Object.keys(ms).map((way) => [names[way] ?? way, rates[way] ?? 0, round(ofLimit(way), 3)]),
  ])
  const figures: Figures = {
    limit_per_s: rates.limit ?? 0,
    items_per_s: rates.sync ?? 0,
    [isPostgres ? 'ratio_to_copy' : 'ratio_to_limit']: round(ofLimit('sync')),
    [isPostgres ? 'ratio_to_copy_db_stage' : 'ratio_to_limit_db_stage']: round(ofLimit('stage')),
  }
  if (isPostgres) {
    figures.ratio_to_bulk_insert = round(ofLimit('sync') / ofLimit('bulk'))
    figures.ratio_to_row_by_row = round(ofLimit('sync') / ofLimit('row_by_row'), 1)
    figures.ratio_to_row_by_row_in_pages = round(ofLimit('sync') / ofLimit('row_by_row_in_pages'), 1)
  }
  // In a process of its own, which has done nothing else.
  const fresh = startWorker(SMALL_HEAP)
  const { peak_rss_mb } = await bench.onFresh((url) => bench.sync(url, bench.run_id, fresh))
  await fresh.close()
  figures.peak_rss_mb = Math.round(peak_rss_mb)
  console.log(`Peak memory of the consumer with ${SMALL_HEAP.join(' ')}: ${figures.peak_rss_mb} MB\n`)
  return figures
}

/** Several consumers at once, each with a run of its own; what they bring overlaps by nothing but companies. */
export async function measureConsumers(bench: Bench): Promise<Figures> {
  const { options, items } = bench
  const counts = [1, 2, 4]
  const workers = Array.from({ length: Math.max(...counts) }, () => startWorker())
  const runs = await Promise.all(workers.map((_, index) => bench.addRun({ ...items, seed: 100 + index })))
  const together = (count: number) => () =>
    bench.onFresh(async (url) => {
      const started = performance.now()
      await Promise.all(workers.slice(0, count).map((worker, index) => bench.sync(url, runs[index], worker)))
      return performance.now() - started
    })
  const ms = await inTurn(options.rounds, {
    limit: bench.limit,
    1: together(1),
    2: together(2),
    4: together(4),
  } as Record<string, () => Promise<number>>)
  await Promise.all(workers.map((worker) => worker.close()))
  const ofLimit = (count: number): number => ratioOf(ms.limit ?? [], ms[count] ?? []) * count
  printTable([
    ['consumers', 'items/s', 'of the limit on one connection'],
    ...counts.map((count) => [String(count), rate(options.rows * count, ms[count] ?? []), round(ofLimit(count))]),
  ])
  console.log()
  return { ratio_to_copy_two_consumers: round(ofLimit(2)), ratio_to_copy_four_consumers: round(ofLimit(4)) }
}

/** Items that are known: the database stage of a second run, with nothing, a tenth and all of them changed. */
export async function measureReimport(bench: Bench): Promise<Figures> {
  const { options, items, reference } = bench
  const again = (changed_share: number, run_id: string) => async () =>
    (await bench.onFresh((url) => bench.stage(url, { ...items, changed_share }, run_id), reference)).ms
  const ms = await inTurn(options.rounds, {
    insert: async () => (await bench.onFresh((url) => bench.stage(url))).ms,
    // Another message for leads that this very run has created: nothing to note.
    same_run: again(0, bench.run_id),
    unchanged: again(0, 'again'),
    tenth: again(0.1, 'again'),
    all: again(1, 'again'),
  })
  const names = {
    insert: 'new',
    same_run: 'known, met again by the run that created them',
    unchanged: 'known, met by another run',
    tenth: 'known, 10% changed',
    all: 'known, all changed',
  }
  printTable([
    ['items', 'items/s', 'of inserting'],
    ...(Object.keys(names) as (keyof typeof names)[]).map((way) => [
      names[way],
      rate(options.rows, ms[way]),
      round(ratioOf(ms.insert, ms[way])),
    ]),
  ])
  console.log()
  return {
    reimport_unchanged_over_insert: round(ratioOf(ms.insert, ms.same_run)),
    reimport_unchanged_by_another_run_over_insert: round(ratioOf(ms.insert, ms.unchanged)),
    reimport_tenth_changed_over_insert: round(ratioOf(ms.insert, ms.tenth)),
    reimport_all_changed_over_insert: round(ratioOf(ms.insert, ms.all)),
  }
}

/** The database stage on tables that are large already, without fresh statistics, against empty ones. */
export async function measureFlatness(bench: Bench): Promise<Figures> {
  const { engine, options } = bench
  const large = await engine.create()
  const sql = postgres(large, { max: 1, onnotice: () => {} })
  await fillLeads(sql, options.flatness_rows)
  await sql.end()
  const ms: Record<'empty' | 'large', number[]> = { empty: [], large: [] }
  for (let turn = 0; turn <= options.rounds; turn += 1) {
    const empty = await bench.onFresh((url) => bench.stage(url))
    // Other people each time: the table keeps growing.
    const grown = await bench.stage(large, { ...bench.items, seed: 1000 + turn }, `large-${turn}`)
    if (turn === 0) continue
    ms.empty.push(empty.ms)
    ms.large.push(grown.ms)
  }
  await engine.drop(large)
  const flatness = round(ratioOf(ms.empty, ms.large))
  const leads = options.flatness_rows.toLocaleString('en')
  console.log(`Rate at ${leads} leads: ${rate(options.rows, ms.large)} items/s, ${flatness} of that on empty tables\n`)
  return { flatness_1m: flatness }
}

/** What tables and indexes take, for 100,000 leads. */
export async function measureSizes(bench: Bench): Promise<Figures> {
  const sql = postgres(bench.reference, { max: 1, onnotice: () => {} })
  const [{ leads } = { leads: 1 }] = await sql.unsafe('select count(*)::integer as leads from sales_leads')
  const scale = 100_000 / (leads as number) / 1024 ** 2
  const tables = await sql.unsafe(`
    select relname, pg_table_size(oid)::float as rows, pg_indexes_size(oid)::float as indexes
    from pg_class where relname in ('companies', 'sales_leads', 'lead_sources', 'lead_events') order by 1`)
  const columns = await sql.unsafe(`
    select key as name, avg(pg_column_size(value::text))::float as bytes
    from (select * from sales_leads limit 2000) as leads, jsonb_each_text(to_jsonb(leads)) group by 1
    order by 2 desc nulls last limit 6`)
  const indexes = await sql.unsafe(`
    select relname, pg_relation_size(oid)::float as bytes from pg_class
    where relkind = 'i' and relnamespace = 'public'::regnamespace order by 2 desc limit 12`)
  await sql.end()
  const mb = (bytes: number): number => round(bytes * scale, 1)
  printTable([
    ['MB for 100,000 leads', 'rows', 'indexes'],
    ...tables.map((table) => [table.relname, mb(table.rows), mb(table.indexes)]),
  ])
  console.log(`Bytes a lead: ${columns.map(({ name, bytes }) => `${name} ${Math.round(bytes)}`).join(', ')}`)
  printTable(indexes.map((index) => [`  ${index.relname}`, mb(index.bytes)]))
  console.log()
  return {
    mb_for_100k_leads: Math.round(tables.reduce((sum, { rows, indexes: more }) => sum + rows + more, 0) * scale),
  }
}

/** The database stage by page size. */
export async function measurePages(bench: Bench): Promise<Figures> {
  const sizes = [100, 250, 1000, 2500]
  const ms = await inTurn(
    bench.options.rounds,
    Object.fromEntries(
      sizes.map((page_rows) => [
        String(page_rows),
        async () =>
          (
            await bench.onFresh((database_url) =>
              bench.worker.run({ kind: 'stage', database_url, run_id: 'bench', page_rows, items: bench.items }),
            )
          ).ms,
      ]),
    ) as Record<string, () => Promise<number>>,
  )
  printTable([
    ['items a page', 'items/s'],
    ...sizes.map((size) => [String(size), rate(bench.options.rows, ms[size] ?? [])]),
  ])
  console.log()
  return {}
}
