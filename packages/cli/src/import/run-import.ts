import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { readConfig } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import type { BatchOptions } from '@leads/core/file-imports/batch-state'
import { describeColumns } from '@leads/core/file-imports/describe-columns'
import { type DryRunReport, dryRun } from '@leads/core/file-imports/dry-run'
import { type FilePreview, type ImportContext, importFile, previewFile } from '@leads/core/file-imports/import-file'
import { streamImportRejections } from '@leads/core/file-imports/import-rejections'
import { noopLog } from '@leads/core/log'
import { createMapper, type Mapper } from '@leads/core/mapping/map-item'
import { readMappings } from '@leads/core/mapping/mappings-file'
import { foldLeadCounts } from '@leads/core/stats/lead-counts'
import { type ApiTarget, findApiTarget } from '../backend/api-target.ts'
import type { ShownImport } from '../backend/backend.ts'
import { CommandError } from '../output/errors.ts'
import { formatSeconds } from '../output/format.ts'
import { limitHeapGrowth } from '../output/limit-heap-growth.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { type Progress, startProgress } from '../output/progress.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { currentAuthor, withDatabase } from '../with-database.ts'
import { renderColumnMatches, renderDryRun, renderImportBatch } from './render.ts'
import { writeRejects } from './write-rejects.ts'

export interface ImportFlags {
  map: Record<string, string | null>
  dryRun?: boolean
  onDuplicate?: 'merge' | 'skip'
  delimiter?: string
  encoding?: string
  quote?: string
  headerLine?: number
  source?: string
  rejects?: string
  batch?: string
  again?: boolean
  json?: boolean
}

/** Imports a file into the database, or through the API that LEADS_URL names. */
export async function runImport(file: string, flags: ImportFlags): Promise<void> {
  limitHeapGrowth()
  const target = findApiTarget()
  const options = optionsOf(flags)
  await withFile(file, async (path) => {
    const preview = await readPreview(path, options)
    const map = createMapper({ mappings: readMappings(process.env.MAPPINGS_FILE) })
    if (!flags.json) print(renderColumnMatches(preview, describeColumns(preview, map), file), '')
    const request = { preview, options, flags, file }
    if (target) return flags.dryRun ? previewThroughApi(target, map, request) : importThroughApi(target, request)
    await withDatabase((db) =>
      flags.dryRun
        ? printDryRun(request, map, (signal, progress) => {
            const onProgress = ({ bytes, rows }: { bytes: number; rows: number }) => progress.update(bytes, rows)
            return dryRun({ db, map, signal, onProgress, source: options.source }, preview)
          })
        : importIntoDatabase(db, map, request),
    )
  })
}

interface ImportRequest {
  preview: FilePreview
  options: BatchOptions
  flags: ImportFlags
  file: string
}

function optionsOf(flags: ImportFlags): BatchOptions {
  const { delimiter, encoding, quote, headerLine, map, source } = flags
  const on_duplicate = flags.onDuplicate ?? readConfig(['sync']).ON_DUPLICATE
  return {
    on_duplicate,
    delimiter,
    encoding,
    quote,
    header_line: headerLine,
    map: Object.keys(map).length === 0 ? undefined : map,
    source,
  }
}

async function readPreview(path: string, options: BatchOptions): Promise<FilePreview> {
  try {
    return await previewFile(path, options)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new CommandError('usage', `Unknown encoding ${options.encoding}. Try utf-8, windows-1252 or utf-16le.`)
  }
}

function importIntoDatabase(db: Database, map: Mapper, request: ImportRequest): Promise<void> {
  const { preview, options, flags } = request
  const { SOURCE_PRECEDENCE: source_precedence } = readConfig(['sync'])
  const context = { db, map, actor: currentAuthor(), now: () => new Date(), log: noopLog, source_precedence }
  return importWithProgress(
    request,
    async (signal, progress) => {
      const onProgress: ImportContext['onProgress'] = ({ bytes, batch }) => progress.update(bytes, batch.total_records)
      const result = await importFile({ ...context, signal, onProgress }, preview, {
        options,
        import_batch_id: flags.batch,
        is_reimport: flags.again,
      })
      await foldLeadCounts(db, () => signal.aborted)
      return result
    },
    (import_batch_id) => streamImportRejections(db, import_batch_id),
  )
}

async function importThroughApi(target: ApiTarget, request: ImportRequest): Promise<void> {
  const [{ createApiClient }, { importOverApi }, { streamRejections }] = await Promise.all([
    import('../backend/api-client.ts'),
    import('./import-over-api.ts'),
    import('../backend/api-backend.ts'),
  ])
  const { preview, options, flags } = request
  const client = createApiClient(target)
  await importWithProgress(
    request,
    (signal, progress) =>
      importOverApi(client, {
        preview,
        options,
        import_batch_id: flags.batch,
        is_reimport: flags.again ?? false,
        signal,
        onProgress: ({ bytes, batch }) => progress.update(bytes, batch.total_records),
      }),
    (import_batch_id) => streamRejections(client, import_batch_id),
  )
}

async function previewThroughApi(target: ApiTarget, map: Mapper, request: ImportRequest): Promise<void> {
  const [{ createApiClient }, { previewOverApi }] = await Promise.all([
    import('../backend/api-client.ts'),
    import('./import-over-api.ts'),
  ])
  const { preview, options } = request
  const client = createApiClient(target)
  await printDryRun(request, map, (signal, progress) =>
    previewOverApi(client, { preview, options, signal, onProgress: (bytes, rows) => progress.update(bytes, rows) }),
  )
}

type RejectionPages = Parameters<typeof writeRejects>[0]

async function importWithProgress(
  { preview, flags, file }: ImportRequest,
  work: (
    signal: AbortSignal,
    progress: Progress,
  ) => Promise<{ batch: ShownImport; outcome: 'completed' | 'resumed' | 'known' }>,
  streamRejects: (import_batch_id: string) => RejectionPages,
): Promise<void> {
  const started = performance.now()
  const { batch, outcome } = await withInterrupt(
    'Rows already imported are saved. Run the same command again to continue.',
    async (signal) => {
      const progress = await startProgress('importing', preview.facts.bytes, 'rows')
      try {
        return await work(signal, progress)
      } finally {
        progress.stop()
      }
    },
  )
  const rejects_file = batch.failed_records > 0 ? (flags.rejects ?? nameRejectsFile(file)) : null
  if (rejects_file !== null) await writeRejects(streamRejects(batch.import_batch_id), batch, rejects_file)
  const duration_ms = Math.round(performance.now() - started)
  if (flags.json) {
    printJson({ ...batch, outcome, rejects_file, duration_ms })
    return
  }
  print(renderImportBatch(batch, rejects_file))
  if (outcome === 'known')
    printNote('', 'This file was imported before. Nothing changed. Use --again to import it again.')
  else
    printNote(
      '',
      `${outcome === 'resumed' ? 'Finished' : 'Done'} in ${formatSeconds(duration_ms)}. Undo with: leads import undo ${batch.import_batch_id}`,
    )
}

const FILE_ENDING = /\.(csv|tsv|txt|ndjson|jsonl|json|xlsx)(\.gz)?$/i

const nameRejectsFile = (file: string): string =>
  file === '-' ? 'rejected.csv' : `${basename(file).replace(FILE_ENDING, '')}.rejected.csv`

async function printDryRun(
  { preview, flags }: ImportRequest,
  map: Mapper,
  work: (signal: AbortSignal, progress: Progress) => Promise<DryRunReport>,
): Promise<void> {
  const result = await withInterrupt('Nothing was changed.', async (signal) => {
    const progress = await startProgress('reading', preview.facts.bytes, 'rows')
    try {
      return await work(signal, progress)
    } finally {
      progress.stop()
    }
  })
  if (flags.json) {
    const described = describeColumns(preview, map)
    const columns = preview.columns.map(({ header, column }, index) => ({
      header,
      column,
      samples: preview.samples[index],
      becomes: described[index]?.becomes,
      unread: described[index]?.unread,
    }))
    const { format, header_line, is_export } = preview
    const { encoding, foreign_bytes } = preview.facts
    printJson({
      dry_run: true,
      encoding,
      foreign_bytes,
      ...format,
      header_line,
      is_own_export: is_export,
      columns,
      ...result,
    })
  } else {
    print(renderDryRun(result))
    printNote('', 'Nothing was changed. Run the command without --dry-run to import.')
  }
}

/** Copies standard input to a temporary file, because an import reads its file more than once. */
async function withFile(file: string, work: (path: string) => Promise<void>): Promise<void> {
  if (file !== '-') return work(file)
  const directory = await mkdtemp(join(tmpdir(), 'leads-import-'))
  try {
    const path = join(directory, 'standard-input')
    await pipeline(process.stdin, createWriteStream(path))
    await work(path)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
