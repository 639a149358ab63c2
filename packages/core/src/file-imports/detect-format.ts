import { parse } from 'csv-parse/sync'

export interface FileFormat {
  kind: 'csv' | 'ndjson'
  delimiter: string
  /** `''`: quotes mean nothing in this file. */
  quote: string
  /** Lines before the header: Excel's `sep=;`. */
  skip_lines: number
}

const delimiters = [',', ';', '\t', '|'] as const

/**
 * Tells from the beginning of a file how it is written: the delimiter is the one that cuts its first records into the
 * same number of cells, more than one, most often.
 */
export function detectFormat(sample: string, given: { delimiter?: string; quote?: string } = {}): FileFormat {
  if (/^\s*\{/.test(sample) && given.delimiter === undefined)
    return { kind: 'ndjson', delimiter: '', quote: '', skip_lines: 0 }
  const declared = /^sep=(.)\r?\n/i.exec(sample)
  const quote = given.quote ?? '"'
  const skip_lines = declared === null ? 0 : 1
  const body = declared === null ? sample : sample.slice(declared[0].length)
  const delimiter = given.delimiter ?? declared?.[1] ?? bestDelimiter(body, quote)
  return { kind: 'csv', delimiter, quote, skip_lines }
}

function bestDelimiter(sample: string, quote: string): string {
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of delimiters) {
    const score = scoreDelimiter(sample, delimiter, quote)
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** Share of the first records that have as many cells as the header, weighed by how many that are. */
function scoreDelimiter(sample: string, delimiter: string, quote: string): number {
  const records = firstRecords(sample, delimiter, quote)
  const width = records[0]?.length ?? 0
  if (width < 2) return 0
  const same = records.filter((record) => record.length === width).length / records.length
  return same * same * Math.log2(width)
}

function firstRecords(sample: string, delimiter: string, quote: string): string[][] {
  try {
    return parse(sample.slice(0, 64 * 1024), {
      delimiter,
      quote: quote === '' ? false : quote,
      to: 50,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as string[][]
  } catch {
    return []
  }
}
