import { parseCsv } from './csv-records.ts'
import { parseJsonArray, parseNdjson } from './json-records.ts'
import type { FileFormat, FileRecord } from './types.ts'

/** Yields the records of a text that comes in pieces. */
export function parseRecords(text: AsyncIterable<string>, format: FileFormat): AsyncGenerator<FileRecord> {
  if (format.kind === 'ndjson') return parseNdjson(text)
  return format.kind === 'json' ? parseJsonArray(text) : parseCsv(text, format)
}
