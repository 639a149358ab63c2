import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { Dataset } from '../datasets/dataset.ts'
import { cutPage, type PageRequest } from '../datasets/page.ts'
import { PageCache } from '../datasets/page-cache.ts'
import { USER_ID } from '../runs/record.ts'
import type { SimulatorState } from '../state.ts'
import { needToken, needTokenUnlessOpen } from './access.ts'
import { type Answer, ApiError, dataAnswer, notFound } from './answer.ts'
import { flag, limitOf, listOf, listPage, wholeNumber } from './query.ts'
import type { ApiRequest } from './request.ts'
import type { Routes } from './router.ts'
import { runOf } from './runs.ts'

const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip)

// A page up to this size is generated at once (and kept); bigger answers are streamed.
const WHOLE_BYTES_MAX = 8 * 1024 * 1024
const CACHE_BYTES_MAX = 128 * 1024 * 1024
// The API's answer if no limit is given.
const NO_LIMIT = 999_999_999_999
const UNSUPPORTED = ['unwind', 'flatten', 'view', 'outputFields', 'simplified', 'skipFailedPages'] as const

function datasetOf(request: ApiRequest, state: SimulatorState): Dataset {
  const dataset = state.datasets.get(request.params[0] ?? '')
  needTokenUnlessOpen(request, state.runs.get(dataset?.run_id ?? ''))
  if (!dataset || dataset.expired) throw notFound('Dataset')
  return dataset
}

function defaultDatasetOf(request: ApiRequest, state: SimulatorState): Dataset {
  const dataset = state.datasets.get(runOf(request, state).datasets.default ?? '')
  if (!dataset || dataset.expired) throw notFound('Dataset')
  return dataset
}

function pageRequest(query: URLSearchParams): PageRequest {
  const format = query.get('format') ?? 'json'
  if (format !== 'json' && format !== 'jsonl') {
    throw new ApiError(400, 'invalid-value', `This simulator knows the formats json and jsonl, not ${format}`)
  }
  // Refused rather than ignored: an answer that looks right and is not would make a test pass that must fail.
  for (const name of UNSUPPORTED) {
    if (query.has(name)) throw new ApiError(400, 'invalid-value', `This simulator does not know "${name}"`)
  }
  const clean = flag(query, 'clean')
  return {
    offset: wholeNumber(query, 'offset') ?? 0,
    limit: limitOf(query),
    desc: flag(query, 'desc'),
    format,
    fields: listOf(query, 'fields'),
    omit: listOf(query, 'omit'),
    skip_empty: clean || flag(query, 'skipEmpty'),
    skip_hidden: clean || flag(query, 'skipHidden'),
  }
}

/** What has been made already, then the rest; the rest is ended, too, when the reader goes away early. */
function* withFirst(first: readonly Buffer[], rest: Generator<Buffer>): Generator<Buffer> {
  try {
    yield* first
    yield* rest
  } finally {
    rest.return(undefined)
  }
}

/** Answers `GET …/items`. One of these per simulator, as it keeps the pages it has made. */
export function itemsHandler() {
  const cache = new PageCache(CACHE_BYTES_MAX)

  return async function getItems(request: ApiRequest, dataset: Dataset, time_now: number): Promise<Answer> {
    const wanted = pageRequest(request.query)
    const page = cutPage(dataset, wanted)
    dataset.read_count++
    dataset.accessed_at = time_now
    const headers: Record<string, string> = {
      'Content-Type': wanted.format === 'json' ? 'application/json; charset=utf-8' : 'application/jsonl; charset=utf-8',
      'X-Apify-Pagination-Offset': String(wanted.offset),
      'X-Apify-Pagination-Limit': String(wanted.limit ?? NO_LIMIT),
      'X-Apify-Pagination-Count': String(page.count),
      'X-Apify-Pagination-Total': String(dataset.counted),
      'X-Apify-Pagination-Desc': String(wanted.desc),
    }
    if (request.accepts_gzip) headers['Content-Encoding'] = 'gzip'
    const key = `${request.accepts_gzip ? 'gzip' : 'plain'} ${page.key}`
    const kept = cache.get(key)
    if (kept) return { status: 200, headers, body: kept }

    const first: Buffer[] = []
    let bytes = 0
    const chunks = page.chunks()
    for (let next = chunks.next(); !next.done; next = chunks.next()) {
      first.push(next.value)
      bytes += next.value.length
      if (bytes > WHOLE_BYTES_MAX) {
        delete headers['Content-Encoding']
        return { status: 200, headers, body: withFirst(first, chunks) }
      }
    }
    const plain = Buffer.concat(first)
    // Level 1: the far side of a benchmark should cost as little as it can; it packs 1 KB items to about a fifth.
    const body = request.accepts_gzip ? await gzip(plain, { level: 1 }) : plain
    cache.set(key, body)
    return { status: 200, headers, body }
  }
}

function viewDataset(dataset: Dataset, state: SimulatorState): Record<string, unknown> {
  const iso = (stamp: number) => new Date(stamp).toISOString()
  return {
    id: dataset.id,
    name: dataset.name,
    userId: USER_ID,
    createdAt: iso(dataset.created_at),
    modifiedAt: iso(dataset.modified_at),
    accessedAt: iso(dataset.accessed_at),
    itemCount: dataset.counted,
    cleanItemCount: dataset.counted,
    actId: state.runs.get(dataset.run_id)?.actor_id ?? null,
    actRunId: dataset.run_id,
    fields: null,
    schema: null,
    consoleUrl: `https://console.apify.com/storage/datasets/${dataset.id}`,
    generalAccess: 'FOLLOW_USER_SETTING',
    stats: { readCount: dataset.read_count, writeCount: dataset.write_count },
  }
}

async function pushItems(request: ApiRequest, state: SimulatorState): Promise<Answer> {
  needToken(request)
  const dataset = datasetOf(request, state)
  const pushed = await request.json()
  const items: unknown[] = Array.isArray(pushed) ? pushed : [pushed]
  if (items.some((item) => typeof item !== 'object' || item === null || Array.isArray(item))) {
    throw new ApiError(400, 'invalid-request', 'Items must be JSON objects')
  }
  dataset.appendTexts(items.map((item) => JSON.stringify(item)))
  return { status: 201, headers: { 'Content-Type': 'application/json' }, body: Buffer.from('{}') }
}

/** The account's own datasets. Without `unnamed` these are the ones with a name. */
function listDatasets(request: ApiRequest, state: SimulatorState): Answer {
  needToken(request)
  const unnamed = flag(request.query, 'unnamed')
  const datasets = [...state.datasets.values()]
    .filter(({ run_id, expired }) => !expired && state.runs.get(run_id)?.user_id === USER_ID)
    .filter(({ name }) => unnamed || name !== null)
    .sort((a, b) => a.created_at - b.created_at)
  return dataAnswer({ ...listPage(request.query, datasets, (dataset) => viewDataset(dataset, state)), unnamed })
}

export function datasetRoutes(): Routes {
  const getItems = itemsHandler()
  return {
    'GET /v2/datasets': listDatasets,
    'GET /v2/datasets/:dataset': (request, state) => dataAnswer(viewDataset(datasetOf(request, state), state)),
    'DELETE /v2/datasets/:dataset': (request, state) => {
      needToken(request)
      state.expireDataset(datasetOf(request, state).id)
      return { status: 204, headers: {}, body: null }
    },
    'GET /v2/datasets/:dataset/items': (request, state) =>
      getItems(request, datasetOf(request, state), state.time.now()),
    'POST /v2/datasets/:dataset/items': pushItems,
    'GET /v2/actor-runs/:run/dataset': (request, state) =>
      dataAnswer(viewDataset(defaultDatasetOf(request, state), state)),
    'GET /v2/actor-runs/:run/dataset/items': (request, state) =>
      getItems(request, defaultDatasetOf(request, state), state.time.now()),
  }
}
