import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { formatCsvLine } from '@leads/core/csv-text'
import type { ImportRejection } from '@leads/core/model/import-batch'
import type { ShownImport } from '../backend/backend.ts'
import { writeWithBackpressure } from '../output/print.ts'
import { replaceFile } from '../output/replace-file.ts'

/**
 * Writes the rejected rows of an import as a CSV file, with the reason before the columns of the original file. Once
 * corrected, the file can be imported as is.
 */
export async function writeRejects(
  pages: AsyncIterable<Pick<ImportRejection, 'reason' | 'line_number' | 'raw_data'>[]>,
  batch: Pick<ShownImport, 'column_matches'>,
  path: string,
): Promise<void> {
  const headers = (batch.column_matches ?? []).map(({ header }) => header)
  await replaceFile(path, async (temporary) => {
    const out = createWriteStream(temporary)
    await writeWithBackpressure(out, formatCsvLine(['rejection_reason', 'rejection_line', ...headers]))
    for await (const page of pages) {
      const lines = page.map(({ reason, line_number, raw_data }) => {
        const record = (raw_data ?? {}) as Record<string, unknown>
        // Cells beyond the header stay behind the columns, where they were.
        const more = Object.keys(record).filter((key) => !headers.includes(key))
        return formatCsvLine([reason, line_number, ...[...headers, ...more].map((key) => record[key])])
      })
      await writeWithBackpressure(out, lines.join(''))
    }
    out.end()
    await once(out, 'close')
  })
}
