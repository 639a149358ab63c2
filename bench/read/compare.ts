import postgres from 'postgres'
import { captureQueries, withLiterals } from '../capture.ts'
import { median, round } from '../measure.ts'
import { type Api, startApi } from './api.ts'
import { ALL, LIST } from './targets.ts'
import { timeCalls, timePgbench } from './timing.ts'

/** Turns whose medians count. */
const TURNS = 7

export interface ListFigures {
  list_ratio_to_pgbench: number | null
  /** Against postgres.js, prepared, for the same SQL. */
  list_over_raw: number
  /** The same and JSON of its rows, which any handler that answers with rows must build. */
  list_over_raw_json: number
}

/** The handler's list against the driver, the driver and JSON, and pgbench, all with its SQL, in turn. */
export async function compareList(
  api: Api,
  { url, directory, seconds }: { url: string; directory: string; seconds: number },
): Promise<ListFigures> {
  const queries = await captureQueries(() => api.invoke(LIST))
  const list = queries.find(({ sql }) => sql.includes('sales_leads'))
  if (!list) throw new Error('The list sent no query for leads.')
  const raw = postgres(url, { max: 1, onnotice: () => {} })
  const driver = () => raw.unsafe(list.sql, list.parameters as never[], { prepare: true })
  const ms: Record<'handler' | 'driver' | 'json', number[]> = { handler: [], driver: [], json: [] }
  const rates: { ours: number; limit: number | null }[] = []
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const handler = await timeCalls(seconds / 2, () => api.invoke(LIST))
      ms.handler.push(handler.p50)
      ms.driver.push((await timeCalls(seconds / 2, driver)).p50)
      ms.json.push((await timeCalls(seconds / 2, async () => JSON.stringify(await driver()))).p50)
      const pgbench = { url, directory, seconds: Math.max(1, Math.round(seconds / 2)) }
      rates.push({ ours: handler.per_s, limit: await timePgbench(pgbench, withLiterals(list)) })
    }
  } finally {
    await raw.end()
  }
  const over = (base: readonly number[]): number =>
    round(median(ms.handler.map((p50, turn) => p50 / (base[turn] ?? Number.NaN))))
  const ofLimit = rates.flatMap(({ ours, limit }) => (limit === null ? [] : [ours / limit]))
  const figures = {
    list_ratio_to_pgbench: ofLimit.length === 0 ? null : round(median(ofLimit)),
    list_over_raw: over(ms.driver),
    list_over_raw_json: over(ms.json),
  }
  const p50 = (way: keyof typeof ms): string => `${round(median(ms[way]))} ms`
  console.log(
    `The list: handler ${p50('handler')}, postgres.js prepared ${p50('driver')}, with JSON of its rows ${p50('json')}`,
  )
  console.log(`Handler over postgres.js: ${figures.list_over_raw}, with JSON: ${figures.list_over_raw_json}`)
  const limit = median(rates.map((rate) => rate.limit ?? Number.NaN))
  console.log(
    figures.list_ratio_to_pgbench === null
      ? 'pgbench is not installed'
      : `pgbench ${Math.round(limit)}/s: handler ${figures.list_ratio_to_pgbench} of it`,
  )
  return figures
}

/**
 * The handler's read of one lead, or of one history, against postgres.js, prepared, with the same SQL, in turn. The handler
 * also checks the key, by a statement that it sends together with the read.
 */
export async function compareRead(
  api: Api,
  { url, seconds }: { url: string; seconds: number },
  { path, table }: { path: string; table: string },
): Promise<number> {
  const queries = await captureQueries(() => api.invoke(path))
  const read = queries.find(({ sql }) => sql.includes(table))
  if (!read) throw new Error(`${path} sent no query for ${table}.`)
  const raw = postgres(url, { max: 1, onnotice: () => {} })
  const ratios: number[] = []
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      const handler = await timeCalls(seconds / 4, () => api.invoke(path))
      const driver = () => raw.unsafe(read.sql, read.parameters as never[], { prepare: true })
      ratios.push(handler.p50 / (await timeCalls(seconds / 4, driver)).p50)
    }
  } finally {
    await raw.end()
  }
  return round(median(ratios))
}

/** How much longer a page far down the list of all leads takes than the first. */
export async function compareDeep(api: Api, { depth, seconds }: { depth: number; seconds: number }): Promise<number> {
  let target = ALL
  for (let page = 1; page < depth; page += 1) {
    const { next_cursor } = JSON.parse(await api.invoke(target)) as { next_cursor: string | null }
    if (next_cursor === null) break
    target = `${ALL}&cursor=${encodeURIComponent(next_cursor)}`
  }
  const ratios: number[] = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    const first = await timeCalls(seconds / 4, () => api.invoke(ALL))
    const deep = await timeCalls(seconds / 4, () => api.invoke(target))
    ratios.push(deep.p50 / first.p50)
  }
  const deep_over_first = round(median(ratios))
  console.log(`Page ${depth.toLocaleString('en')} over the first: ${deep_over_first}`)
  return deep_over_first
}

/** How much longer the list takes on the large table than on the small one, measured in turn. */
export async function compareSizes(urls: { small: string; large: string }, seconds: number): Promise<number> {
  const p50 = async (url: string): Promise<number> => {
    const api = await startApi(url)
    try {
      return (await timeCalls(seconds / 2, () => api.invoke(LIST))).p50
    } finally {
      await api.close()
    }
  }
  const ratios: number[] = []
  for (let turn = 0; turn < TURNS; turn += 1) {
    const small = await p50(urls.small)
    ratios.push((await p50(urls.large)) / small)
  }
  return round(median(ratios))
}
