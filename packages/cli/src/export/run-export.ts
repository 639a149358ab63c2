import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { type ExportFormat, type ExportRequest, resolveExportColumns } from '@leads/core/exports/stream-leads'
import { leadDetailColumns } from '@leads/core/leads/lead-views'
import { leadListDefinition } from '@leads/core/leads/list-leads'
import type { Backend } from '../backend/backend.ts'
import { withBackend } from '../backend/with-backend.ts'
import { CommandError } from '../output/errors.ts'
import { formatSeconds, pluralize } from '../output/format.ts'
import type { LeadFilters } from '../output/lead-filters.ts'
import { limitHeapGrowth } from '../output/limit-heap-growth.ts'
import { printNote, writeWithBackpressure } from '../output/print.ts'
import { replaceFile } from '../output/replace-file.ts'
import { withInterrupt } from '../output/with-interrupt.ts'

export interface ExportFlags extends LeadFilters {
  output?: string
  format?: ExportFormat
  columns?: string
  includeDeleted?: boolean
  bom?: boolean
  delimiter?: 'comma' | 'semicolon' | 'tab'
  excel?: boolean
}

export async function runExport(flags: ExportFlags): Promise<void> {
  limitHeapGrowth()
  const request = requestOf(flags)
  const started = performance.now()
  const rows = await withBackend((backend) =>
    withInterrupt('No file was written or replaced. Run the command again.', async (signal) => {
      if (flags.output === undefined) return writeAll(backend, request, process.stdout, signal)
      let written = 0
      await replaceFile(flags.output, async (temporary) => {
        const out = createWriteStream(temporary)
        await once(out, 'open')
        written = await writeAll(backend, request, out, signal)
        out.end()
        await once(out, 'close')
      })
      return written
    }),
  )
  const where = flags.output === undefined ? '' : ` to ${flags.output}`
  if (flags.output !== undefined || process.stderr.isTTY)
    printNote(`Wrote ${pluralize(rows, 'lead')}${where} in ${formatSeconds(performance.now() - started)}.`)
}

const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const

function requestOf(flags: ExportFlags): ExportRequest {
  const { filter, search, format, output, columns, includeDeleted, bom, delimiter, excel } = flags
  const unknown = Object.keys(filter).filter((column) => !Object.hasOwn(leadListDefinition.filters, column))
  if (unknown.length > 0) throw toUnknownFilterError(unknown)
  return {
    format: format ?? (/\.(ndjson|jsonl)$/i.test(output ?? '') ? 'ndjson' : 'csv'),
    columns: columnsOf(columns),
    filters: filter,
    q: search,
    include_deleted: includeDeleted,
    delimiter: delimiters[delimiter ?? (excel ? 'semicolon' : 'comma')],
    has_bom: bom ?? excel,
  }
}

export function toUnknownFilterError(columns: readonly string[]): CommandError {
  const known = Object.keys(leadListDefinition.filters).join(', ')
  return new CommandError('usage', `Leads cannot be filtered by ${columns.join(', ')}. Filter by: ${known}.`)
}

function columnsOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  return text === 'all' ? leadDetailColumns : resolveExportColumns(text.split(',').map((column) => column.trim()))
}

/** Writes all leads and returns their number. */
async function writeAll(
  backend: Backend,
  request: ExportRequest,
  out: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<number> {
  let rows = 0
  for await (const chunk of backend.streamLeads(request)) {
    signal.throwIfAborted()
    await writeWithBackpressure(out, chunk.text)
    rows += chunk.rows
  }
  return rows
}
