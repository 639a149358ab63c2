import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Database } from '@leads/core/database/engine'
import { checkColumns, type ExportFormat, type ExportRequest, exportLeads } from '@leads/core/exports/stream-leads'
import { leadDetailColumns } from '@leads/core/leads/lead-views'
import { leadList } from '@leads/core/leads/list-leads'
import { CommandError } from '../output/errors.ts'
import { plural, seconds } from '../output/format.ts'
import type { LeadFilters } from '../output/lead-filters.ts'
import { boundHeap } from '../output/limit-heap-growth.ts'
import { note, writeOut } from '../output/print.ts'
import { replaceFile } from '../output/replace-file.ts'
import { interruptible } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'

export interface ExportFlags extends LeadFilters {
  output?: string
  format?: ExportFormat
  columns?: string
  includeDeleted?: boolean
  bom?: boolean
}

export async function runExport(flags: ExportFlags): Promise<void> {
  boundHeap()
  const request = requestOf(flags)
  const started = performance.now()
  const rows = await withDatabase((db) =>
    interruptible('No file was written or replaced; run the command again.', async (signal) => {
      if (flags.output === undefined) return writeAll(db, request, flags, process.stdout, signal)
      let written = 0
      await replaceFile(flags.output, async (temporary) => {
        const out = createWriteStream(temporary)
        await once(out, 'open')
        written = await writeAll(db, request, flags, out, signal)
        out.end()
        await once(out, 'close')
      })
      return written
    }),
  )
  const where = flags.output === undefined ? '' : ` to ${flags.output}`
  if (flags.output !== undefined || process.stderr.isTTY)
    note(`Wrote ${plural(rows, 'lead')}${where} in ${seconds(performance.now() - started)}.`)
}

function requestOf({ filter, search, format, output, columns, includeDeleted }: ExportFlags): ExportRequest {
  const unknown = Object.keys(filter).filter((column) => !Object.hasOwn(leadList.filters, column))
  if (unknown.length > 0) throw unknownFilter(unknown)
  return {
    format: format ?? (/\.(ndjson|jsonl)$/i.test(output ?? '') ? 'ndjson' : 'csv'),
    columns: columnsOf(columns),
    filters: filter,
    q: search,
    include_deleted: includeDeleted,
  }
}

export function unknownFilter(columns: readonly string[]): CommandError {
  const known = Object.keys(leadList.filters).join(', ')
  return new CommandError('usage', `Leads cannot be filtered by ${columns.join(', ')}. Filter by: ${known}.`)
}

function columnsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  return text === 'all' ? leadDetailColumns : checkColumns(text.split(',').map((column) => column.trim()))
}

/** Returns how many leads were written. */
async function writeAll(
  db: Database,
  request: ExportRequest,
  { bom }: ExportFlags,
  out: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<number> {
  let rows = 0
  if (bom && request.format === 'csv') await writeOut(out, '\ufeff')
  for await (const chunk of exportLeads(db, request)) {
    signal.throwIfAborted()
    await writeOut(out, chunk.text)
    rows += chunk.rows
  }
  return rows
}
