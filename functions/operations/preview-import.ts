import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@leads/core/config/read-config'
import type { Db } from '@leads/core/database/engine'
import type { BatchOptions } from '@leads/core/file-imports/batch-state'
import { Problem } from '@leads/core/problem'

/** Leaves time for the answer before the gateway's limit. */
const PREVIEW_MS_MAX = 15_000

const toLateProblem = (): Problem =>
  new Problem(
    'too_large',
    'The file has too many rows for a preview. Send its first 10,000 rows, or import it without one.',
  )

/**
 * Reads a file as an import would, without writing a row. The reader of files takes a path, so it gets a temporary one.
 * @throws Problem too_large if the file cannot be read in time
 */
export async function previewImport(
  db: Db,
  content: string | Uint8Array,
  options: BatchOptions,
  limit_ms: number = PREVIEW_MS_MAX,
) {
  const [{ previewFile }, { describeColumns }, { dryRun }, { decodeContent }, { loadMapper }] = await Promise.all([
    import('@leads/core/file-imports/import-file'),
    import('@leads/core/file-imports/describe-columns'),
    import('@leads/core/file-imports/dry-run'),
    import('@leads/core/file-imports/reading/decode-content'),
    import('@leads/core/mapping/load-mapper'),
  ])
  const signal = AbortSignal.timeout(limit_ms)
  const directory = await mkdtemp(join(tmpdir(), 'leads-preview-'))
  try {
    const path = join(directory, 'content')
    const { encoding, ...rest } = options
    // Unpacked first, which bounds what an archive can hold.
    const { workbook, text } = await decodeContent(content, encoding)
    await writeFile(path, workbook ?? text, { mode: 0o600 })
    const preview = await previewFile(path, { ...rest, ...(workbook === null && { encoding: 'utf-8' }) })
    const { MAPPINGS_FILE } = readConfig(['sync'])
    const map = loadMapper(MAPPINGS_FILE)
    const { misread, ...report } = await dryRun({ db, map, signal, source: options.source }, preview)
    const columns = describeColumns(preview, map).map(({ header, column, is_override, example, becomes }, index) => {
      const unread = misread.find((one) => one.header === header)
      return {
        header,
        column,
        is_override,
        samples: preview.samples[index] ?? [],
        example,
        becomes,
        ...(unread && { misread: toMisread(unread) }),
      }
    })
    return { columns, header_line: preview.header_line, is_export: preview.is_export, ...report }
  } catch (error) {
    // A stream that is cut off by the signal throws an error of its own.
    if (signal.aborted) throw toLateProblem()
    throw error
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const toMisread = ({
  count,
  example,
  examples = [],
}: {
  count: number
  example: string
  examples?: string[] | undefined
}) => ({
  count,
  example,
  examples,
})
