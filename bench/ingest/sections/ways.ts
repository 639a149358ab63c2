import type { PageItem } from '@leads/core/syncs/write-page'
import { printBars, printTable, round } from '../../measure.ts'
import { type Bench, inTurn, ratioOf } from '../bench.ts'
import { itemTexts } from '../dataset.ts'
import { bulkInsert, rowByRow, rowByRowInPages } from '../other-ways.ts'
import { mapPages } from '../pages.ts'
import { deployedFlags, startWorker } from '../worker.ts'
import { type Figures, rate } from './figures.ts'

/** Rows that the slow ways write: enough for a steady rate, few enough to be done in seconds. */
const SLOW_ROWS = 500

/** The whole sync, and its database stage alone, against the limit and against what a user would write instead. */
export async function measureWays(bench: Bench): Promise<Figures> {
  const { engine, options, items } = bench
  const isPostgres = engine.name === 'postgres'
  const pages = mapPages(itemTexts(items), options.page_rows, bench.actor_id)
  const leads = pages.flat().flatMap((item: PageItem) => ('lead' in item ? item.lead : []))
  const few = leads.slice(0, SLOW_ROWS)
  const others: Record<string, () => Promise<number>> = {
    bulk: () => bench.onFresh((url) => bulkInsert(url, leads, options.page_rows)),
    row_by_row: () => bench.onFresh((url) => rowByRow(url, few)),
    row_by_row_in_pages: () => bench.onFresh((url) => rowByRowInPages(url, few, options.page_rows)),
  }
  const ms: Record<string, number[]> = await inTurn<string>(options.rounds, {
    limit: bench.limit,
    end_to_end: async () => (await bench.onFresh((url) => bench.endToEnd(url))).ms,
    sync: async () => (await bench.onFresh((url) => bench.sync(url))).ms,
    stage: async () => (await bench.onFresh((url) => bench.stage(url))).ms,
    ...(isPostgres ? others : {}),
  })
  const names: Record<string, string> = {
    limit: `limit: ${engine.limit_name} of prepared rows`,
    end_to_end: 'end to end, from the webhook on',
    sync: 'sync alone, from the message on',
    stage: 'database stage only',
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
  printBars(Object.keys(ms).map((way) => [names[way] ?? way, ofLimit(way)]))
  const figures: Figures = {
    limit_per_s: rates.limit ?? 0,
    items_per_s: rates.end_to_end ?? 0,
    [isPostgres ? 'ratio_to_copy' : 'ratio_to_limit']: round(ofLimit('end_to_end')),
    [isPostgres ? 'ratio_to_copy_sync_alone' : 'ratio_to_limit_sync_alone']: round(ofLimit('sync')),
    [isPostgres ? 'ratio_to_copy_db_stage' : 'ratio_to_limit_db_stage']: round(ofLimit('stage')),
  }
  if (isPostgres) {
    figures.ratio_to_bulk_insert = round(ofLimit('end_to_end') / ofLimit('bulk'))
    figures.ratio_to_row_by_row = round(ofLimit('end_to_end') / ofLimit('row_by_row'), 1)
    figures.ratio_to_row_by_row_in_pages = round(ofLimit('end_to_end') / ofLimit('row_by_row_in_pages'), 1)
  }
  // In a separate process, which has done nothing else.
  const fresh = startWorker(deployedFlags)
  const { peak_rss_mb } = await bench.onFresh((url) => bench.endToEnd(url, { workers: [fresh] }))
  await fresh.close()
  figures.peak_rss_mb = Math.round(peak_rss_mb)
  console.log(`Peak memory of the consumer with ${deployedFlags.join(' ')}: ${figures.peak_rss_mb} MB\n`)
  return figures
}
