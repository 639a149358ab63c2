import { type ImportItem, planPageInsert } from '../ingest/apply-items.ts'
import type { Provenance } from '../ingest/provenance.ts'
import { isNewSighting } from '../ingest/record-sightings.ts'
import { CONFLICT_KINDS } from '../ingest/retry-on-conflict.ts'
import { getStatements } from '../ingest/statements/registry.ts'
import type { ExistingLead, PageOutcome } from '../ingest/statements/types.ts'
import type { MappedCompany } from '../model/mapped-item.ts'
import type { Sync } from '../model/sync.ts'
import {
  advanceSync,
  type PageItem,
  type PageWriteContext,
  retryPageOnConflict,
  type SplitPage,
  splitPage,
  writePage,
} from './write-page.ts'

/** Pages of a dataset on their way into the database, in the order of their offsets. */
export interface PagePipeline {
  /** Takes the next page, and answers when the one before it is written. */
  write(items: readonly PageItem[]): Promise<void>
  /** Answers when all of them are written. */
  flush(): Promise<void>
}

interface Page {
  items: readonly PageItem[]
  parts: SplitPage
  at: Date
  answer: Promise<PageOutcome>
  companies: readonly MappedCompany[]
  /** What is new of the companies, sent before the page. */
  companyWrite: Promise<unknown>
}

/**
 * Sends a page before the database has answered the one before it: the server goes from one to the next without
 * waiting for a round trip, nor for what is made here of a page before it can be sent (a third of the time). That is
 * safe because a page is one statement that compares the checkpoint first: if the page before it did not get in, or another
 * consumer's did, this one doesn't either. A page that has to merge, or meets a concurrent writer, is then written by {@link writePage};
 * so is every page where an engine has no such statement.
 * `onPage` is told of each page that is written, in order: the sync as it stands after and before it.
 */
export function createPagePipeline(
  writer: PageWriteContext,
  start: Sync,
  dataset_id: string,
  onPage: (after: Sync, before: Sync) => void,
): PagePipeline {
  const db = writer.db.pipelined?.() ?? writer.db
  const { insertPage } = getStatements(db)
  /** As it stands with the pages that are written; and, but for the counts, with the one in flight too. */
  let sync = start
  let expected = start
  let pendingPage: Page | null = null
  /** Whether the last page held mostly leads that are known, and had to be merged. */
  let isMostlyDuplicates = false
  let isPipelineSkipped = false

  /**
   * Of a run that brings mostly known leads, it is asked first which: what is known and unchanged then need not be sent.
   * The question waits behind the page in flight, so the answer tells of that one's leads too.
   */
  const lookUpKnown = async (leads: readonly ImportItem[], origin: Provenance): Promise<Map<string, ExistingLead>> => {
    if (!isMostlyDuplicates) return new Map()
    const ids = [...new Set(leads.map(({ lead }) => lead.external_id))]
    const found = await getStatements(db).findLeads(db, origin.provider_name, ids)
    return new Map(found.map((lead) => [lead.external_id, lead]))
  }

  const send = async (items: readonly PageItem[]): Promise<Page | null> => {
    if (!insertPage || isPipelineSkipped) return null
    const origin = { ...writer.origin(), dataset_id }
    const parts = splitPage(expected, dataset_id, items)
    const { run_id, next_offset, last_sync_at } = expected
    const dataset_offset = expected.dataset_offsets?.[dataset_id] ?? 0
    const known = await lookUpKnown(parts.leads, origin)
    const leads = planPageInsert(parts.leads, known, writer.on_duplicate)
    if (!leads) return null
    const companies = parts.leads.flatMap(({ company }) => (company ? [company] : []))
    const seen_lead_ids = [...known.values()].filter((lead) => isNewSighting(lead, origin)).map(({ id }) => id)
    const companyWrite = writer.companies
      ? writer.companies.upsertNew(db, companies, origin)
      : getStatements(db).ensureCompanies(db, companies, origin)
    const page = {
      run_id,
      next_offset,
      dataset_offset,
      last_sync_at,
      leads,
      seen_lead_ids,
      is_merge_enabled: writer.on_duplicate === 'merge',
      items: items.length,
      lead_items: parts.leads.length,
      next: parts.next,
      rejections: parts.rejections,
    }
    const answer = insertPage(db, page, origin)
    // Awaited with the next page; until then a failure must not count as unhandled.
    for (const promise of [answer, companyWrite]) promise.catch(() => {})
    return { items, parts, answer, at: origin.at, companies, companyWrite: companyWrite }
  }

  const onWritten = (after: Sync): void => {
    const before = sync
    sync = after
    isMostlyDuplicates =
      after.duplicate_records - before.duplicate_records > after.synced_records - before.synced_records
    onPage(after, before)
  }

  const writeInTransaction = async (items: readonly PageItem[]): Promise<void> => {
    onWritten(await writePage(writer, sync, dataset_id, items))
    // Sending a page that then has to be merged costs half of its time: not tried again before new leads come.
    isPipelineSkipped = isMostlyDuplicates
  }

  /** False when the page has to be written in another way; whatever was wrong with it shows there. */
  const confirmPage = async (page: Page): Promise<boolean> => {
    const { items, parts, at } = page
    const [answer, companyWrite] = await Promise.allSettled([page.answer, page.companyWrite])
    if (answer.status === 'rejected') {
      const kind = db.engine.classifyError(answer.reason)
      if (kind !== 'data' && !CONFLICT_KINDS.has(kind)) throw answer.reason
      writer.companies?.clear()
      return false
    }
    const { value: outcome } = answer
    if (outcome.outcome !== 'written') return false
    const duplicate_records = parts.leads.length - outcome.created
    const failed_records = parts.rejections.length
    const counts = { total_records: items.length, synced_records: outcome.created, duplicate_records, failed_records }
    onWritten(advanceSync(sync, parts, counts, at))
    if (companyWrite.status === 'rejected') await retryCompanies(page)
    return true
  }

  /**
   * The page is in, so its companies were there; what it says of their empty columns is still to be written. Who met it
   * in a deadlock may not have gone on yet, and meets it in another one.
   */
  const retryCompanies = async ({ companies, at, parts }: Page): Promise<void> => {
    try {
      const origin = { ...writer.origin(), dataset_id, at }
      await retryPageOnConflict(writer, sync, () => getStatements(db).ensureCompanies(db, companies, origin))
    } catch (error) {
      if (db.engine.classifyError(error) !== 'data') throw error
      const { message } = error as Error
      writer.log.warn('The database refused to fill columns of companies', {
        run_id: sync.run_id,
        dataset_id,
        leads: parts.leads.length,
        error: message,
      })
    }
  }

  /** False when it was not written as it was sent, and so nothing that was sent after it. */
  const flush = async (): Promise<boolean> => {
    const page = pendingPage
    pendingPage = null
    if (!page || (await confirmPage(page))) return true
    await writeInTransaction(page.items)
    expected = sync
    return false
  }

  return {
    async write(items) {
      // Of large items one page is all that memory is to hold, and its bytes keep the server busy longer than a round trip.
      if (isLarge(items)) await flush()
      const page = await send(items)
      const isInLine = await flush().catch(async (error) => {
        // Once the caller is told of a failure, nothing of this is written any more.
        await Promise.allSettled([page?.answer, page?.companyWrite])
        throw error
      })
      if (isInLine && page) {
        pendingPage = page
        expected = advanceSync(expected, page.parts, { ...NO_COUNTS, total_records: items.length }, page.at)
        return
      }
      // It was sent in vain: as its checkpoint never came, it answers that nothing is written.
      if (!page || !(await confirmPage(page))) await writeInTransaction(items)
      expected = sync
    },
    async flush() {
      await flush()
      expected = sync
    },
  }
}

/** Characters of raw items from which on a page is not sent before the one before it is in: 5 MB items take 30 MB less. */
const LARGE_PAGE_CHARACTERS = 2_000_000

const isLarge = (items: readonly PageItem[]): boolean =>
  items.reduce((sum, { raw }) => sum + raw.length, 0) > LARGE_PAGE_CHARACTERS

const NO_COUNTS = { synced_records: 0, duplicate_records: 0, failed_records: 0 }
