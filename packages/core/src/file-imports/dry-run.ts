import type { Db } from '../database/engine.ts'
import { toLeadKey } from '../ingest/apply-items.ts'
import { toItemIdentities } from '../ingest/item-target.ts'
import type { IngestItem } from '../ingest/lead-draft.ts'
import { resolveItems } from '../ingest/resolve-items.ts'
import type { ColumnMatch } from '../model/import-batch.ts'
import { type FilePreview, type ImportContext, readPages } from './import-file.ts'
import type { RejectionReason } from './import-rejections.ts'
import { type LeadRow, resolveRows } from './resolve-rows.ts'
import { SeenLeads } from './seen-leads.ts'
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
 * Reads and maps a whole file and finds the leads that its rows would join, as the import does, without writing. What
 * grows with the file is what is remembered of its new leads to count repeated ones: see {@link SeenLeads}.
 */
export async function dryRun(
  context: {
    db: Db
    map: ImportContext['map']
    /** Name of the system that the file is from. */
    source?: string | undefined
    signal?: AbortSignal
    onProgress?: (progress: { bytes: number; rows: number }) => void
  },
  preview: FilePreview,
): Promise<DryRunReport> {
  const result = { total_records: 0, new_records: 0, duplicate_records: 0, failed_records: 0 }
  const reasons = new Map<string, RejectionReason>()
  const misread = new Map<string, MisreadColumn>()
  const seen = new SeenLeads()
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
      const fresh = await countNew(context.db, provider_name, items, seen)
      result.new_records += fresh
      result.duplicate_records += items.length - fresh
    }
    context.onProgress?.({ bytes: progress.bytes, rows: result.total_records })
  }
  const frequent = [...reasons.values()].sort((a, b) => b.count - a.count).slice(0, REASONS_MAX)
  return { ...result, reasons: frequent, misread: [...misread.values()] }
}

/** How many leads these items would create. */
async function countNew(db: Db, provider_name: string, items: readonly IngestItem[], seen: SeenLeads): Promise<number> {
  const resolved = await resolveItems(db, items, { source: 'import', provider_name })
  const created = new Set<string>()
  for (const item of items) {
    const key = toLeadKey(item, resolved)
    const isKnown = resolved.known.has(key)
    // What an item adds to a lead of the database identifies it to later pages, too.
    const addsIdentity = toItemIdentities(item).some((identity) => resolved.new_identities.has(identity))
    if ((addsIdentity || !isKnown) && !seen.meet(provider_name, item) && !isKnown) created.add(key)
  }
  return created.size
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
