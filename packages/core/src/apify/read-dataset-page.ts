import { ApifyTransientError, toStatusError } from './apify-errors.ts'
import type { Body, DatasetPage, ItemConverter, RawItem } from './dataset-page.ts'
import { isJsonArray, parsePage } from './parse-dataset-page.ts'

export type { DatasetPage, ItemConverter, RawItem } from './dataset-page.ts'

/**
 * Reading a dataset page by page, raw. apify-client reads a page as one JSON array and gives no stream, so 1,000 items
 * of 9 MB would be 9 GB in memory. Here a page is a stream of NDJSON that is cut after `page_bytes_max`: memory is
 * bounded however big the items are, the stored raw text is the platform's own (never serialised again), and a page may
 * be short, because the next one begins at the number of items received. For the same reason an answer that breaks off
 * is a short page: the whole items before the fault are kept, and nothing is waited for or read twice.
 */

export interface DatasetPageRequest {
  dataset_id: string
  offset: number
  rows_max: number
  /** The page is cut after the item that passes this many bytes. */
  bytes_max: number
  /**
   * Resolves with so many items of a whole answer that has at least twice as many, so that they can be written while
   * `readRest` converts the others.
   */
  first_items?: number
}

export interface DatasetPageOptions {
  base_url: string
  token: string
  /** No byte for so long: the connection is half open, give it up. */
  stall_timeout_ms?: number
  /** A page that takes longer ends at its last whole item. A slow line then makes small pages, not none. */
  slow_after_ms?: number
  signal?: AbortSignal
}

const STALL_TIMEOUT_MS = 30_000
/** With a whole item received, a silent connection costs no more than this: the page ends there. */
const STALL_AFTER_ITEM_MS = 1_000
const SLOW_AFTER_MS = 20_000
/** A read without a whole item is aborted after this many times `slow_after_ms`, before the invocation ends. */
const READ_TIMEOUT_FACTOR = 2
const NEWLINE = 0x0a

/**
 * Reads items of a dataset from `offset`, in the order of writing and without server-side filters: `clean` and
 * `skipEmpty` filter after offset and limit, which makes offsets wrong. A page without items means: no more items now.
 * @throws ApifyTransientError on 429, 5xx, network faults and invalid JSON before the first whole item
 * @throws ApifyPermanentError if token or dataset is refused
 */
export async function readDatasetPage<Item = RawItem>(
  request: DatasetPageRequest,
  options: DatasetPageOptions,
  take: ItemConverter<Item> | Promise<ItemConverter<Item>> = keepRawItem,
): Promise<DatasetPage<Item>> {
  const { dataset_id, offset, rows_max, bytes_max } = request
  const url = new URL(`${options.base_url.replace(/\/+$/, '')}/v2/datasets/${encodeURIComponent(dataset_id)}/items`)
  url.searchParams.set('format', 'jsonl')
  url.searchParams.set('offset', String(offset))
  url.searchParams.set('limit', String(rows_max))
  const what = `items ${offset}… of dataset ${dataset_id}`

  const stall = createStallTimer(options.stall_timeout_ms ?? STALL_TIMEOUT_MS)
  const signal = options.signal ? AbortSignal.any([stall.signal, options.signal]) : stall.signal
  let answer: { response: Response; body: Body }
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${options.token}` }, signal })
    if (response.status !== 200) throw await toResponseError(response, what)
    const slow_after_ms = options.slow_after_ms ?? SLOW_AFTER_MS
    const body = await readBody(response, { bytes_max, slow_after_ms, signal: options.signal }, stall.restart)
    answer = { response, body }
  } catch (error) {
    if (error instanceof ApifyTransientError || (error as Error).name === 'ApifyPermanentError') throw error
    options.signal?.throwIfAborted()
    throw new ApifyTransientError(`Reading ${what} failed: ${describeError(error)}.`, { cause: error })
  } finally {
    // The rest of a page that was cut is not read: closing the connection is cheaper than draining it.
    stall.end()
  }
  return parsePage(answer, what, await take, request.first_items)
}

interface StallTimer {
  signal: AbortSignal
  /** A chunk arrived; from the first whole item on, the next one is waited for less long. */
  restart(hasItem: boolean): void
  end(): void
}

function createStallTimer(stall_timeout_ms: number): StallTimer {
  const controller = new AbortController()
  let timer: NodeJS.Timeout
  let timeout_ms = stall_timeout_ms
  const start = () => {
    timer = setTimeout(() => controller.abort(new Error(`no byte for ${timeout_ms} ms`)), timeout_ms)
  }
  start()
  return {
    signal: controller.signal,
    restart(hasItem) {
      if (!hasItem || timeout_ms <= STALL_AFTER_ITEM_MS) return void timer.refresh()
      clearTimeout(timer)
      timeout_ms = STALL_AFTER_ITEM_MS
      start()
    },
    end() {
      clearTimeout(timer)
      controller.abort()
    },
  }
}

function describeError(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}

async function toResponseError(response: Response, what: string): Promise<Error> {
  const text = await response.text().catch(() => '')
  let detail: { type?: string; message?: string } = {}
  try {
    detail = (JSON.parse(text) as { error?: { type?: string; message?: string } }).error ?? {}
  } catch {
    // An error body that is not JSON (a page of a proxy) adds nothing to the status.
  }
  return toStatusError(response.status, what, {
    ...detail,
    retry_after_s: parseRetryAfter(response.headers.get('retry-after')),
  })
}

/** Returns the seconds of a `Retry-After` header, which contains seconds or a time. */
export function parseRetryAfter(header: string | null, now_ms = Date.now()): number | null {
  if (header === null || header.trim() === '') return null
  const seconds = Number(header)
  const asked_s = Number.isNaN(seconds) ? Math.ceil((Date.parse(header) - now_ms) / 1000) : seconds
  return Number.isFinite(asked_s) ? Math.max(0, asked_s) : null
}

interface BodyLimits {
  bytes_max: number
  slow_after_ms: number
  signal: AbortSignal | undefined
}

async function readBody(
  response: Response,
  { bytes_max, slow_after_ms, signal }: BodyLimits,
  onChunk: (hasItem: boolean) => void,
): Promise<Body> {
  if (!response.body) return { bytes: Buffer.alloc(0), isCut: false, brokenOff: null }
  const isLines = !isJsonArray(response)
  const chunks: Uint8Array[] = []
  let received = 0
  let lineEnd = -1
  const started = performance.now()
  const cut = (brokenOff: string | null) => ({
    bytes: Buffer.concat(chunks, received).subarray(0, lineEnd),
    isCut: true,
    brokenOff,
  })
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      chunks.push(chunk)
      const at = chunk.lastIndexOf(NEWLINE)
      if (at >= 0) lineEnd = received + at
      received += chunk.length
      const hasItem = isLines && lineEnd >= 0
      onChunk(hasItem)
      const elapsed_ms = performance.now() - started
      if (hasItem && (received >= bytes_max || elapsed_ms > slow_after_ms)) return cut(null)
      if (elapsed_ms > READ_TIMEOUT_FACTOR * slow_after_ms)
        throw new Error(`${received} bytes in ${Math.round(elapsed_ms / 1000)} s and no whole item`)
    }
  } catch (error) {
    if (!isLines || lineEnd < 0 || signal?.aborted) throw error
    return cut(describeError(error))
  }
  return { bytes: Buffer.concat(chunks, received), isCut: false, brokenOff: null }
}

const keepRawItem = (value: unknown, raw: string) => ({ raw, value }) as never
