import { printTable } from '../../measure.ts'
import { type Bench, inTurn } from '../bench.ts'
import { type Figures, rate } from './figures.ts'

const PAGE_ROWS = [100, 250, 1000, 2500]

/** The database stage by page size. */
export async function measurePages(bench: Bench): Promise<Figures> {
  const stage = (page_rows: number) => async () => (await bench.onFresh((url) => bench.stage(url, { page_rows }))).ms
  const ms: Record<string, number[]> = await inTurn(
    bench.options.rounds,
    Object.fromEntries(PAGE_ROWS.map((page_rows) => [String(page_rows), stage(page_rows)])),
  )
  const rates = PAGE_ROWS.map((page_rows) => ({
    page_rows,
    items_per_s: rate(bench.options.rows, ms[page_rows] ?? []),
  }))
  printTable([['items a page', 'items/s'], ...rates.map(({ page_rows, items_per_s }) => [page_rows, items_per_s])])
  console.log()
  return { items_per_s_by_page: Object.fromEntries(rates.map((each) => [each.page_rows, each.items_per_s])) }
}
