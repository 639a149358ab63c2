import { ITEMS_PER_SLICE, yieldToEventLoop } from '../yield-to-event-loop.ts'
import { ApifyTransientError } from './apify-errors.ts'
import type { Body, DatasetPage, ItemConverter } from './dataset-page.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/** `application/json`, and not `application/jsonl`. */
export const isJsonArray = (response: Response): boolean =>
  /^application\/json\s*(;|$)/i.test(response.headers.get('content-type') ?? '')

type Texts = Iterator<[value: unknown, raw: string]>

/**
 * Makes a page of an answer.
 * @throws ApifyTransientError if no whole item can be read, or if there are more items than the answer states
 */
export async function parsePage<Item>(
  { response, body }: { response: Response; body: Body },
  what: string,
  take: ItemConverter<Item>,
  first_items = Number.POSITIVE_INFINITY,
): Promise<DatasetPage<Item>> {
  const { bytes } = body
  const isArray = isJsonArray(response)
  const texts = isArray ? parseJsonArray(bytes) : parseJsonLines(bytes)
  const count = response.headers.get('x-apify-pagination-count')
  const stated = body.isCut || count === null ? null : Number(count)
  const date = Date.parse(response.headers.get('date') ?? '')
  const total = Number(response.headers.get('x-apify-pagination-total') ?? Number.NaN)
  const head = {
    served_at: Number.isNaN(date) ? null : new Date(date),
    total: Number.isInteger(total) ? total : null,
  }
  // An answer with a wrong number of items may have to be refused as a whole.
  const isInParts = !isArray && stated !== null && stated >= 2 * first_items && countLines(bytes) === stated
  if (!isInParts) {
    const { items, broken_off } = await parseItems(texts, what, take, stated)
    return { ...head, items, bytes: bytes.length, broken_off: broken_off ?? body.brokenOff }
  }
  const { items, broken_off } = await parseItems(texts, what, take, first_items, first_items)
  const share = Math.round((bytes.length * items.length) / stated)
  const first = { ...head, items, bytes: share, broken_off }
  if (broken_off !== null) return first
  const readRest = async () => {
    const rest = await parseItems(texts, what, take, stated - first_items)
    return { ...head, ...rest, bytes: bytes.length - share }
  }
  return { ...first, readRest }
}

/** @param stated how many items there are according to the answer's header; null where it does not tell */
async function parseItems<Item>(
  texts: Texts,
  what: string,
  take: ItemConverter<Item>,
  stated: number | null,
  items_max = Number.POSITIVE_INFINITY,
): Promise<Pick<DatasetPage<Item>, 'items' | 'broken_off'>> {
  const items: Item[] = []
  let broken_off: string | null = null
  while (items.length < items_max) {
    let next: IteratorResult<[value: unknown, raw: string]>
    try {
      next = texts.next()
    } catch (error) {
      broken_off = `not valid JSON, as if cut: ${(error as Error).message}`
      if (items.length > 0) break
      throw new ApifyTransientError(`The answer with ${what} is ${broken_off}.`, { cause: error })
    }
    if (next.done) break
    items.push(take(next.value[0], next.value[1]))
    if (items.length % ITEMS_PER_SLICE === 0) await yieldToEventLoop()
  }
  if (stated !== null && stated !== items.length) {
    broken_off ??= `${items.length} items, but its header states ${stated}`
    // No items would mean the end of the dataset, and more than were requested are not those of the offset.
    if (items.length === 0 || items.length > stated)
      throw new ApifyTransientError(`The answer with ${what} contains ${broken_off}, as if cut.`)
  }
  return { items, broken_off }
}

/** Lines that are not empty, as {@link parseJsonLines} yields them. */
function countLines(bytes: Buffer): number {
  let count = 0
  let start = 0
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline < 0 ? bytes.length : newline
    if (end > start + (bytes[end - 1] === CARRIAGE_RETURN ? 1 : 0)) count += 1
    start = end + 1
  }
  return count
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
