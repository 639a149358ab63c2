/** One record of a file: the cells of a row, or a JSON object. */
export interface FileRecord {
  /** The record's first line, the first line of the file being 1. */
  line_number: number
  cells: string[] | Record<string, unknown>
  /** Why the record cannot be read; `cells` is the beginning of its text then. */
  problem?: string
}

export interface CsvFormat {
  delimiter: string
  /** `''`: quotes are plain text. */
  quote: string
  /** `\"` is a quote within quotes. */
  has_backslash_quotes?: boolean | undefined
  /** Lines to skip before the first record. */
  skip_lines: number
}

export interface FileFormat extends CsvFormat {
  kind: 'csv' | 'ndjson' | 'json' | 'xlsx'
}

/** Returns the length of a record's text. */
export function countCharacters({ cells }: FileRecord): number {
  if (!Array.isArray(cells)) return JSON.stringify(cells).length
  let characters = 0
  for (const cell of cells) characters += cell.length
  return characters
}
