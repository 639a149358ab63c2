import type { FileFormat } from '../detect-format.ts'
import { parseCsv } from './csv-records.ts'
import { parseJsonArray, parseNdjson } from './json-records.ts'

/** One record of a file: the cells of a row, or a JSON object. */
export interface FileRecord {
  /** The record's first line, the first line of the file being 1. */
  line_number: number
  cells: string[] | Record<string, unknown>
  /** Why the record cannot be read; `cells` is the beginning of its text then. */
  problem?: string
}

/** Yields the records of a text that comes in pieces. */
export function parseRecords(text: AsyncIterable<string>, format: FileFormat): AsyncGenerator<FileRecord> {
  if (format.kind === 'ndjson') return parseNdjson(text)
  return format.kind === 'json' ? parseJsonArray(text) : parseCsv(text, format)
}
