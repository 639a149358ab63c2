import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { type Parser, parse } from 'csv-parse'
import { Problem } from '../problem.ts'
import type { FileFormat } from './detect-format.ts'

/** One record of a file: cells in their order, or the object of an NDJSON line. */
export interface FileRecord {
  /** Of the record's first line, the first line of the file being 1; null where the format does not tell. */
  line_number: number
  cells: string[] | Record<string, unknown>
}

export interface ReadOptions {
  path: string
  encoding: string
  format: FileFormat
  signal?: AbortSignal | undefined
  /** Told how many bytes have been read so far, for progress. */
  onBytes?: ((bytes: number) => void) | undefined
}

/** Characters of one record at most: what is longer is an unclosed quote that swallows the rest of the file. */
const RECORD_CHARACTERS_MAX = 1024 * 1024

/**
 * The records of a file, the header being the first of a CSV file. Memory does not grow with the file.
 * @throws Problem invalid_request that names the line where the file stops being readable
 */
export function readRecords(options: ReadOptions): AsyncGenerator<FileRecord> {
  return parseRecords(decodedText(options), options.format)
}

/** The records of a text that comes piece by piece. @throws Problem invalid_request, as {@link readRecords} */
export async function* parseRecords(text: AsyncIterable<string>, format: FileFormat): AsyncGenerator<FileRecord> {
  if (format.kind === 'ndjson') yield* readLines(text)
  else yield* readCsv(text, format)
}

async function* decodedText({ path, encoding, signal, onBytes }: ReadOptions): AsyncGenerator<string> {
  // Drops a byte order mark by itself; bytes that are none of the encoding become U+FFFD instead of an error.
  const decoder = new TextDecoder(encoding)
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024, ...(signal ? { signal } : {}) })) {
    bytes += (chunk as Buffer).length
    onBytes?.(bytes)
    yield decoder.decode(chunk as Buffer, { stream: true })
  }
  yield decoder.decode()
}

async function* readCsv(
  text: AsyncIterable<string>,
  { delimiter, quote, skip_lines }: FileFormat,
): AsyncGenerator<FileRecord> {
  const parser: Parser = parse({
    delimiter,
    quote: quote === '' ? false : quote,
    escape: quote === '' ? null : quote,
    from_line: skip_lines + 1,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: RECORD_CHARACTERS_MAX,
  })
  const source = Readable.from(text, { objectMode: true, highWaterMark: 2 })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let next_line = skip_lines + 1
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      // The parser counts the lines that it has ended: a record's first line is the one after the last record's.
      yield { line_number: Math.min(next_line, info.lines), cells: record }
      next_line = info.lines + 1
    }
  } catch (error) {
    throw toReadProblem(error, next_line)
  } finally {
    source.destroy()
    parser.destroy()
  }
}

function toReadProblem(error: unknown, line: number): unknown {
  const { code } = error as { code?: unknown }
  if (code === 'CSV_QUOTE_NOT_CLOSED' || code === 'CSV_MAX_RECORD_SIZE')
    return new Problem(
      'invalid_request',
      `The record that begins in line ${line} has no end: a quote in it is never closed. Mend the line, or read quotes as plain text with --quote none.`,
      { cause: error },
    )
  if (typeof code === 'string' && code.startsWith('CSV_'))
    return new Problem('invalid_request', `The file cannot be read from line ${line} on: ${(error as Error).message}`, {
      cause: error,
    })
  return error
}

async function* readLines(text: AsyncIterable<string>): AsyncGenerator<FileRecord> {
  let rest = ''
  let line_number = 0
  for await (const part of text) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > 16 * RECORD_CHARACTERS_MAX) throw toLineProblem(line_number + 1, 'it is longer than 16 MB')
    for (const line of lines) {
      line_number += 1
      if (line.trim() !== '') yield { line_number, cells: readObject(line, line_number) }
    }
  }
  if (rest.trim() !== '') yield { line_number: line_number + 1, cells: readObject(rest, line_number + 1) }
}

function readObject(line: string, line_number: number): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw toLineProblem(line_number, 'it is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw toLineProblem(line_number, 'it is no JSON object')
  return value as Record<string, unknown>
}

const toLineProblem = (line: number, what: string): Problem =>
  new Problem('invalid_request', `Line ${line} cannot be read: ${what}. Give one JSON object a line, or a CSV file.`)
