import { createHash } from 'node:crypto'
import type { Db } from '../database/engine.ts'
import { getStatements } from '../ingest/statements/registry.ts'
import type { ColumnMatch } from '../model/import-batch.ts'
import { type FilePreview, type ImportContext, readPages } from './import-file.ts'
import type { RejectionReason } from './import-rejections.ts'
import { type LeadRow, resolveRows } from './resolve-rows.ts'
import { addMisread } from './write-rows.ts'

export interface DryRunReport {
  total_records: number
  new_records: number
  duplicate_records: number
  failed_records: number
  /** The most frequent reasons. */
  reasons: RejectionReason[]
  /** Cells that cannot be read, by column. */
  misread: MisreadColumn[]
}

export type MisreadColumn = NonNullable<ColumnMatch['misread']> & { header: string }

const REASONS_MAX = 10

/**
 * Reads and maps a whole file and finds existing leads, without writing. Remembers 8 bytes per lead to count repeated
 * ones, about 40 MB per million rows: nothing else here grows with the file.
 */
export async function dryRun(
  context: {
    db: Db
    map: ImportContext['map']
    signal?: AbortSignal
    onProgress?: (progress: { bytes: number; rows: number }) => void
  },
  preview: FilePreview,
): Promise<DryRunReport> {
  const result = { total_records: 0, new_records: 0, duplicate_records: 0, failed_records: 0 }
  const reasons = new Map<string, RejectionReason>()
  const misread = new Map<string, MisreadColumn>()
  const seen = new Set<number>()
  const progress = { bytes: 0 }
  for await (const rows of readPages(context, preview, 0, progress)) {
    context.signal?.throwIfAborted()
    result.total_records += rows.length
    for (const row of rows) {
      if (!('reason' in row)) continue
      result.failed_records += 1
      countReason(reasons, row)
    }
    const leads = rows.filter((row): row is LeadRow => 'item' in row)
    const { by_provider, unchanged, rewritten } = await resolveRows(context.db, leads)
    for (const { header, value } of [...leads.flatMap((row) => row.misread), ...rewritten]) {
      misread.set(header, { header, ...addMisread(misread.get(header), [{ value }]) })
    }
    result.duplicate_records += unchanged
    for (const [provider_name, items] of by_provider) {
      const ids = [...new Set(items.map(({ lead }) => lead.external_id))]
      const known = await getStatements(context.db).findLeads(context.db, provider_name, ids)
      const knownIds = new Set(known.map(({ external_id }) => external_id))
      const fresh = items.filter(({ lead: { external_id } }) => {
        const key = shortHash(`${provider_name}\u0000${external_id}`)
        const isNew = !knownIds.has(external_id) && !seen.has(key)
        seen.add(key)
        return isNew
      })
      result.new_records += fresh.length
      result.duplicate_records += items.length - fresh.length
    }
    context.onProgress?.({ bytes: progress.bytes, rows: result.total_records })
  }
  const frequent = [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, REASONS_MAX)
  return { ...result, reasons: frequent, misread: [...misread.values()] }
}

/** Remembers up to a thousand reasons, each with the first line that it met. */
function countReason(
  reasons: Map<string, RejectionReason>,
  { reason, line_number }: Omit<RejectionReason, 'count'>,
): void {
  const known = reasons.get(reason)
  if (known) known.count += 1
  else if (reasons.size < 1000) reasons.set(reason, { reason, count: 1, line_number })
}

/** 48 bits: in 1 of 500 files of a million rows two leads share a hash, and the count is off by one. */
const shortHash = (text: string): number => createHash('sha1').update(text).digest().readUIntBE(0, 6)
