import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@leads/core/config/read-config'
import type { Db } from '@leads/core/database/engine'
import type { BatchOptions } from '@leads/core/file-imports/batch-state'

/** Reads a file as an import would, without writing a row. The reader of files takes a path, so it gets a temporary one. */
export async function previewImport(db: Db, content: string, options: BatchOptions) {
  const [{ previewFile }, { dryRun }, { loadMapper }] = await Promise.all([
    import('@leads/core/file-imports/import-file'),
    import('@leads/core/file-imports/dry-run'),
    import('@leads/core/mapping/load-mapper'),
  ])
  const directory = await mkdtemp(join(tmpdir(), 'leads-preview-'))
  try {
    const path = join(directory, 'content')
    await writeFile(path, content, { mode: 0o600 })
    const preview = await previewFile(path, options)
    const { MAPPINGS_FILE } = readConfig(['sync'])
    const report = await dryRun({ db, map: loadMapper(MAPPINGS_FILE) }, preview)
    const columns = preview.columns.map(({ header, column, is_override }, index) => ({
      header,
      column,
      is_override,
      samples: preview.samples[index] ?? [],
    }))
    const { total_records, new_records, duplicate_records, failed_records, reasons } = report
    return { columns, total_records, new_records, duplicate_records, failed_records, reasons }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
