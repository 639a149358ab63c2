/**
 * Cuts a file into parts that the API takes: between records, with the header repeated. Runs in a worker, so that a file
 * of a hundred megabytes does not stop the page.
 */

interface TextPart {
  content: string
  is_last: boolean
}

/** Text, or the bytes of a workbook in Base64. */
export type FilePart = TextPart | { content_base64: string; is_last: boolean }

export interface FileInfo {
  /** The service reads a workbook: its columns come with the preview. */
  kind: 'csv' | 'ndjson' | 'workbook'
  delimiter: string | undefined
  headers: readonly string[]
  /** The first records, as texts by header; of NDJSON as they are. */
  samples: readonly (readonly string[])[]
}

/** Below the API's limit, with room for what JSON escapes: quotes and line breaks take two bytes each. */
const PART_CHARACTERS = 2_000_000
/** Of one CSV record: a request with more is refused. */
const RECORD_CHARACTERS_MAX = 4_000_000
const SAMPLES = 20
/** What the API takes in one request, which a workbook has to be. */
const WORKBOOK_BYTES_MAX = 3_000_000
const BASE64_CHUNK_BYTES = 30_000
const DELIMITERS = [',', ';', '\t', '|']
const QUOTE = 34
const LINE_FEED = 10

/** UTF-8, or what older programs write: UTF-16 with its mark, else Windows-1252. */
export function decodeFile(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes)
  if (view[0] === 0xff && view[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (view[0] === 0xfe && view[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

const startsWith = (bytes: Uint8Array, ...start: number[]): boolean => start.every((byte, at) => bytes[at] === byte)

/** @throws Error for a file that is not text, with what to do */
export async function readFileText(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    throw new Error('This is an Excel file of the old .xls format. Save it as .xlsx or CSV and import that.')
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46))
    throw new Error('This is a PDF file. Import a CSV, TSV, Excel or NDJSON file.')
  const unpacked = startsWith(bytes, 0x1f, 0x8b) ? await unpack(file) : bytes.buffer
  const text = jsonLines(decodeFile(unpacked))
  if (text.trim() === '') throw new Error('The file is empty.')
  return text
}

/** Returns an Excel workbook as the one part that it is; null for any other file. @throws Error for one that is too large */
export async function readWorkbook(file: Blob): Promise<FilePart | null> {
  const start = new Uint8Array(await file.slice(0, 4).arrayBuffer())
  if (!startsWith(start, 0x50, 0x4b, 0x03, 0x04)) return null
  if (file.size > WORKBOOK_BYTES_MAX)
    throw new Error('The workbook is larger than 3 MB. Save it as CSV, which may have any size, and import that.')
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (let at = 0; at < bytes.length; at += BASE64_CHUNK_BYTES)
    binary += String.fromCharCode(...bytes.subarray(at, at + BASE64_CHUNK_BYTES))
  return { content_base64: btoa(binary), is_last: true }
}

async function unpack(file: Blob): Promise<ArrayBuffer> {
  try {
    return await new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
  } catch {
    throw new Error('The gzip file is damaged or cut off.')
  }
}

/** A JSON array becomes one line per element, which can be cut into parts. Any other text stays as it is. */
export function jsonLines(text: string): string {
  if (!/^\s*\[\s*[{\]]/.test(text)) return text
  try {
    const rows = JSON.parse(text) as unknown[]
    return rows.map((row) => JSON.stringify(row)).join('\n')
  } catch (error) {
    throw new Error(`The JSON array cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Where the record that begins here ends: after its line break, which a quoted value may also contain. A quote that is
 * not closed before the end, or within what one request can hold, ends with its line: the service then rejects that line
 * alone.
 */
function recordEnd(text: string, from: number, has_quotes: boolean): number {
  let is_quoted = false
  let first_break = 0
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE && has_quotes) is_quoted = !is_quoted
    else if (code === LINE_FEED) {
      if (!is_quoted) return at + 1
      first_break ||= at + 1
      if (at - from > RECORD_CHARACTERS_MAX) return first_break
    }
  }
  return is_quoted && first_break > 0 ? first_break : text.length
}

export function parseRecord(record: string, delimiter: string): string[] {
  const values: string[] = []
  let value = ''
  let is_quoted = false
  const text = record.replace(/\r?\n$/, '')
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      if (is_quoted && text[at + 1] === '"') {
        value += '"'
        at += 1
      } else is_quoted = !is_quoted
    } else if (character === delimiter && !is_quoted) {
      values.push(value)
      value = ''
    } else value += character
  }
  return [...values, value]
}

/** The most frequent delimiter of the header. */
export function guessDelimiter(header: string): string {
  const counts = DELIMITERS.map((delimiter) => parseRecord(header, delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

export function inspectText(text: string): FileInfo {
  const start = text.trimStart()
  if (start.startsWith('{')) {
    const lines = start.split('\n', SAMPLES).filter((line) => line.trim() !== '')
    return {
      kind: 'ndjson',
      delimiter: undefined,
      headers: ['Record'],
      samples: lines.map((line) => [line.slice(0, 300)]),
    }
  }
  const header_end = recordEnd(text, 0, true)
  const delimiter = guessDelimiter(text.slice(0, header_end))
  const samples: string[][] = []
  for (let at = header_end; at < text.length && samples.length < SAMPLES; ) {
    const end = recordEnd(text, at, true)
    const record = text.slice(at, end)
    if (record.trim() !== '') samples.push(parseRecord(record, delimiter))
    at = end
  }
  return { kind: 'csv', delimiter, headers: parseRecord(text.slice(0, header_end), delimiter), samples }
}

/** The parts of a file, each whole records. A record longer than a part becomes its own part. */
export function* splitText(
  text: string,
  { kind }: Pick<FileInfo, 'kind'>,
  size = PART_CHARACTERS,
): Generator<TextPart> {
  const is_csv = kind === 'csv'
  const header_end = is_csv ? recordEnd(text, 0, true) : 0
  const header = text.slice(0, header_end)
  let from = header_end
  let at = header_end
  while (at < text.length) {
    const end = recordEnd(text, at, is_csv)
    if (end - from > size && at > from) {
      yield { content: header + text.slice(from, at), is_last: false }
      from = at
    }
    at = end
  }
  yield { content: header + text.slice(from), is_last: true }
}
