import { createTextStream } from './reading/decode-text.ts'
import { parseRecords } from './reading/parse-records.ts'
import { type Container, readBytes } from './reading/read-bytes.ts'
import type { FileFormat, FileRecord } from './reading/types.ts'
import { parseXlsx } from './reading/xlsx-records.ts'

export interface ReadOptions {
  path: string
  container: Container
  encoding: string
  format: FileFormat
  signal?: AbortSignal | undefined
  /** Called with the number of bytes read, for progress. */
  onBytes?: ((bytes: number) => void) | undefined
}

/**
 * Yields the records of a file that are not empty, a header included. Memory does not grow with the file.
 * @throws Problem invalid_request for an archive or a workbook that cannot be read
 */
export function readRecords(options: ReadOptions): AsyncGenerator<FileRecord> {
  const { path, format } = options
  return format.kind === 'xlsx' ? parseXlsx(path, options) : parseRecords(decodedText(options), format)
}

async function* decodedText({ path, container, encoding, signal, onBytes }: ReadOptions): AsyncGenerator<string> {
  const stream = await createTextStream(encoding)
  let isFirst = true
  const withoutMark = (text: string): string => {
    if (!isFirst || text === '') return text
    isFirst = false
    return text.startsWith('\ufeff') ? text.slice(1) : text
  }
  for await (const chunk of readBytes(path, container, { signal, onBytes })) yield withoutMark(stream.write(chunk))
  yield withoutMark(stream.end())
}
