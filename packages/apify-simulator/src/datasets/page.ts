import type { Dataset } from './dataset.ts'

/** What `GET …/items` asks for. `limit` is null where the caller gave none: then everything from `offset` on comes. */
export interface PageRequest {
  offset: number
  limit: number | null
  desc: boolean
  format: 'json' | 'jsonl'
  fields: string[] | null
  omit: string[] | null
  skip_empty: boolean
  skip_hidden: boolean
}

/** A page: how many items it is cut from, and its bytes, generated as they are read. */
export interface Page {
  /** Items between offset and limit, before empty ones are taken out: what the pagination header says. */
  count: number
  /** Equal keys give equal bytes. */
  key: string
  chunks(): Generator<Buffer>
}

// 256 KB: smaller chunks cost a system call each, bigger ones hold up the other requests.
const CHUNK_CHARS = 256 * 1024

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/**
 * Applies the filters to one item, in Apify's order: fields, omit, hidden keys, and last the question whether anything
 * is left. Returns null for an item that is skipped. Without filters the text is handed on untouched.
 */
function filtered(text: string | Buffer, request: PageRequest): string | Buffer | null {
  const { fields, omit, skip_empty, skip_hidden } = request
  if (!fields && !omit && !skip_hidden) {
    if (!skip_empty) return text
    return isEmpty(JSON.parse(text.toString())) ? null : text
  }
  const item: unknown = JSON.parse(text.toString())
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return text
  let entries = Object.entries(item)
  if (fields) entries = fields.flatMap((field) => entries.filter(([key]) => key === field))
  if (omit) entries = entries.filter(([key]) => !omit.includes(key))
  if (skip_hidden) entries = entries.filter(([key]) => !key.startsWith('#'))
  if (skip_empty && entries.length === 0) return null
  return JSON.stringify(Object.fromEntries(entries))
}

/** Cuts a page. `clean`, `skipEmpty` and `skipHidden` work after offset and limit, so a page may be short or empty. */
export function cutPage(dataset: Dataset, request: PageRequest): Page {
  const readable = dataset.readable
  const count = Math.max(0, Math.min(request.limit ?? readable, readable - request.offset))
  const from = request.desc ? readable - request.offset - count : request.offset
  const { format, desc, fields, omit, skip_empty, skip_hidden } = request
  const json = format === 'json'
  return {
    count,
    key: JSON.stringify([dataset.cacheKey, from, count, desc, format, fields, omit, skip_empty, skip_hidden]),
    *chunks() {
      let text = json ? '[' : ''
      let first = true
      for (const raw of dataset.texts(from, from + count, desc)) {
        const item = filtered(raw, request)
        if (item === null) continue
        if (json && !first) text += ',\n'
        first = false
        if (typeof item === 'string') text += item
        else {
          yield Buffer.from(text, 'utf8')
          yield item
          text = ''
        }
        if (!json) text += '\n'
        if (text.length >= CHUNK_CHARS) {
          yield Buffer.from(text, 'utf8')
          text = ''
        }
      }
      if (json) text += ']'
      yield Buffer.from(text, 'utf8')
    },
  }
}
