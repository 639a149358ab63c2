import { ITEMS_PER_SLICE, yieldToEventLoop } from '../yield-to-event-loop.ts'
import { ApifyTransientError, toStatusError } from './apify-errors.ts'

/**
 * Reading a dataset page by page, raw. apify-client reads a page as one JSON array and gives no stream, so 1,000 items
 * of 9 MB would be 9 GB in memory. Here a page is a stream of NDJSON that is cut after `page_bytes_max`: memory is
 * bounded however big the items are, the stored raw text is the platform's own (never serialised again), and a page may
 * be short, because the next one begins at the number of items received. For the same reason an answer that breaks off
 * is a short page: the whole items before the fault are kept, and nothing is waited for or read twice.
 */

export interface RawItem {
  /** The item's own JSON text. */
  raw: string
  /** The same, parsed. */
  value: unknown
}

/** `Item` is what the caller makes of each item. */
export interface DatasetPage<Item = RawItem> {
  items: Item[]
  bytes: number
  /** The server's clock when it answered, to the second; null when it does not say. */
  served_at: Date | null
  /** Items of the dataset as the server reports them. The figure lags. Null when it does not say. */
  total: number | null
  /** Why the answer broke off after these items, if it did. */
  broken_off: string | null
}

export interface DatasetPageRequest {
  dataset_id: string
  offset: number
  rows_max: number
  /** The page is cut after the item that passes this many bytes. */
  bytes_max: number
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
const CARRIAGE_RETURN = 0x0d

/**
 * Reads items of a dataset from `offset`, in the order of writing and without server-side filters: `clean` and
 * `skipEmpty` filter after offset and limit, which makes offsets wrong. A page without items means: no more items now.
 * @throws ApifyTransientError on 429, 5xx, network faults and invalid JSON before the first whole item
 * @throws ApifyPermanentError if token or dataset is refused
 */
export async function readDatasetPage<Item = RawItem>(
  request: DatasetPageRequest,
  options: DatasetPageOptions,
  take: ItemConverter<Item> = keepRawItem,
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
  return parsePage(answer, what, take)
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

/** `application/json`, and not `application/jsonl`. */
const isJsonArray = (response: Response): boolean =>
  /^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')

interface Body {
  bytes: Buffer
  isCut: boolean
  brokenOff: string | null
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

/**
 * Converts an item as soon as it is parsed. A page of parsed items that wait to be mapped costs a tenth of the sync's
 * processor time in garbage collection.
 */
export type ItemConverter<Item> = (value: unknown, raw: string) => Item

const keepRawItem = (value: unknown, raw: string) => ({ raw, value }) as never

async function parsePage<Item>(
  { response, body }: { response: Response; body: Body },
  what: string,
  take: ItemConverter<Item>,
): Promise<DatasetPage<Item>> {
  const { bytes, isCut } = body
  let { brokenOff } = body
  const items: Item[] = []
  const texts = isJsonArray(response) ? parseJsonArray(bytes) : parseJsonLines(bytes)
  for (;;) {
    let next: IteratorResult<[value: unknown, raw: string]>
    try {
      next = texts.next()
    } catch (error) {
      brokenOff = `not valid JSON, as if cut: ${(error as Error).message}`
      if (items.length > 0) break
      throw new ApifyTransientError(`The answer with ${what} is ${brokenOff}.`, { cause: error })
    }
    if (next.done) break
    items.push(take(next.value[0], next.value[1]))
    if (items.length % ITEMS_PER_SLICE === 0) await yieldToEventLoop()
  }
  const stated = response.headers.get('x-apify-pagination-count')
  if (!isCut && stated !== null && Number(stated) !== items.length) {
    brokenOff ??= `${items.length} items, but its header states ${stated}`
    // No items would mean the end of the dataset, and more than were requested are not those of the offset.
    if (items.length === 0 || items.length > Number(stated))
      throw new ApifyTransientError(`The answer with ${what} contains ${brokenOff}, as if cut.`)
  }
  const date = Date.parse(response.headers.get('date') ?? '')
  const total = Number(response.headers.get('x-apify-pagination-total') ?? Number.NaN)
  return {
    items,
    bytes: bytes.length,
    served_at: Number.isNaN(date) ? null : new Date(date),
    total: Number.isInteger(total) ? total : null,
    broken_off: brokenOff,
  }
}

/** Decodes line by line: a slice of the page's text would keep the whole text in memory. */
function* parseJsonLines(bytes: Buffer): Generator<[value: unknown, raw: string]> {
  let start = 0
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    const raw = bytes.toString('utf8', start, bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end)
    start = end + 1
    if (raw !== '') yield [JSON.parse(raw), raw]
  }
}

/** For servers that answer with an array: each item is serialized again. */
function* parseJsonArray(bytes: Buffer): Generator<[value: unknown, raw: string]> {
  for (const value of JSON.parse(bytes.toString('utf8')) as unknown[]) yield [value, JSON.stringify(value)]
}
