import type { Db } from '../database/engine.ts'
import { type IdentityHash, readIdentityHash } from '../duplicates/tombstones.ts'
import { type ImportItem, planPageInsert } from '../ingest/apply-items.ts'
import { toItemIdentities } from '../ingest/item-target.ts'
import { prepareItem } from '../ingest/lead-draft.ts'
import { isNewSighting } from '../ingest/merge-rules.ts'
import type { Provenance } from '../ingest/provenance.ts'
import { toBuriedKeys } from '../ingest/resolve-items.ts'
import { CONFLICT_ATTEMPTS_MAX, CONFLICT_KINDS } from '../ingest/retry-on-conflict.ts'
import { toObservedAt } from '../ingest/source-key.ts'
import { attachSourceStates } from '../ingest/source-states.ts'
import { getStatements } from '../ingest/statements/registry.ts'
import type { ExistingLead, PageOutcome, SeenLead } from '../ingest/statements/types.ts'
import type { MappedCompany } from '../model/mapped-item.ts'
import type { SyncProgress } from '../model/sync-range.ts'
import { ITEMS_PER_SLICE, yieldToEventLoop } from '../yield-to-event-loop.ts'
import { isMostlyKnown } from './mostly-known.ts'
import {
  advanceSync,
  type PageItem,
  type PageWriteContext,
  retryPageOnConflict,
  type SplitPage,
  splitPage,
  writePage,
} from './write-page.ts'

/** Writes the pages of a dataset in the order of their offsets. */
export interface PagePipeline {
  /** Sends a page. Resolves when the page before it is written. */
  write(items: readonly PageItem[]): Promise<void>
  /** Resolves when all pages are written. */
  flush(): Promise<void>
}

/** Called after each page, in order, with the sync after and before it. */
type OnPage = (after: SyncProgress, before: SyncProgress) => void

/**
 * How the next page is written.
 * `insert`: as one statement that is sent before the previous page is confirmed.
 * `look_up_first`: as well, without the leads that exist unchanged. They are looked up first, because the last page held
 * mostly these.
 * `merge`: in a transaction. The last page held mostly leads to merge, and sending it first took half of its time.
 */
type Mode = 'insert' | 'look_up_first' | 'merge'

/** `conflict`: another consumer wrote a lead of the page at the same time. The same statement finds it when sent again. */
type Outcome = PageOutcome['outcome'] | 'conflict' | 'refused'

/** A page that was sent and is not confirmed yet. */
interface SentPage {
  items: readonly PageItem[]
  parts: SplitPage
  at: Date
  answer: Promise<PageOutcome>
  companies: readonly MappedCompany[]
  /** New values of companies, sent before the page. */
  companyWrite: Promise<unknown>
}

/** From this size on a page is not sent before the previous one is confirmed: pages of 5 MB items take 30 MB less. */
const LARGE_PAGE_CHARACTERS = 2_000_000

/**
 * Items of a statement while several consumers write one run. Who brings a lead that is in a page of another waits for that
 * page and is then sent again, so both cost less the fewer items a page has: with 1,000 four consumers waited for 7-12% of
 * their time, with 500 for 3.4%, with 250 for 1.7-2.1%, at the same cost of an item for the server.
 */
const RANGE_PAGE_ITEMS = 250

const isLarge = (items: readonly PageItem[]): boolean =>
  items.reduce((sum, { raw }) => sum + raw.length, 0) > LARGE_PAGE_CHARACTERS

/** Hashes items and reads their identities, in slices, so that the statements of a running transaction are sent. */
async function prepareItems(items: readonly PageItem[]): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (!('lead' in item)) continue
    prepareItem(item.lead)
    toItemIdentities(item.lead)
    if (index % ITEMS_PER_SLICE === 0) await yieldToEventLoop()
  }
}

/** Existing leads that get a sighting, and when their items were seen. */
function findSeenLeads(
  leads: readonly ImportItem[],
  existing: ReadonlyMap<string, ExistingLead>,
  origin: Provenance,
): SeenLead[] {
  const times = new Map<string, number>()
  for (const item of leads) {
    const { external_id } = item.lead
    times.set(external_id, Math.max(times.get(external_id) ?? 0, toObservedAt(item, origin)))
  }
  return [...existing].flatMap(([external_id, lead]) => {
    if (!isNewSighting(lead, origin)) return []
    return [{ lead_id: lead.id, observed_at: new Date(times.get(external_id) ?? origin.at).toISOString() }]
  })
}

const NO_COUNTS = { synced_records: 0, duplicate_records: 0, failed_records: 0 }

export const createPagePipeline = (
  context: PageWriteContext,
  start: SyncProgress,
  dataset_id: string,
  onPage: OnPage,
): PagePipeline => new Pipeline(context, start, dataset_id, onPage)

/** What the first page needs to know, asked for while that is still read. Undefined where no page needs it. */
export function readIdentityHashAhead(db: Db): Promise<IdentityHash> | undefined {
  const reading = getStatements(db).insertPage && readIdentityHash(db)
  // Awaited by the first page. Until then a failure must not count as unhandled.
  reading?.catch(() => {})
  return reading
}

/**
 * Sends a page before the previous one is confirmed. The server then goes from page to page without waiting for a round
 * trip or for the preparation of a page (a third of the time). This is safe because a page is one statement that
 * compares the checkpoint first: if the page before it was not written, or another consumer wrote it, this one is not
 * written either. A page with leads to merge, or with a write conflict, is then written by {@link writePage}. So is
 * every page on an engine without such a statement.
 */
class Pipeline implements PagePipeline {
  readonly #context: PageWriteContext
  readonly #db: Db
  readonly #dataset_id: string
  readonly #onPage: OnPage
  /** Undefined before the first page. */
  #mode: Mode | undefined
  /** The sync after all confirmed pages. */
  #sync: SyncProgress
  /** The sync after the sent page as well, without its counts. */
  #expected: SyncProgress
  #sentPage: SentPage | null = null
  /** A page that is being written in a transaction. Awaited with the next page, which is prepared in the meantime. */
  #transaction: Promise<void> | null = null
  /** Leads that were looked up for a page that has something to merge. */
  #found: readonly ExistingLead[] | null = null
  /** Undefined: to be read. */
  #identityHash: Promise<IdentityHash> | undefined

  constructor(context: PageWriteContext, start: SyncProgress, dataset_id: string, onPage: OnPage) {
    this.#context = context
    this.#db = context.db.pipelined?.() ?? context.db
    this.#dataset_id = dataset_id
    this.#onPage = onPage
    this.#sync = start
    this.#expected = start
    this.#identityHash = context.identityHash
  }

  async write(items: readonly PageItem[]): Promise<void> {
    const isShared = this.#sync.range !== undefined && getStatements(this.#db).insertPage !== undefined
    const size = isShared ? RANGE_PAGE_ITEMS : Math.max(1, items.length)
    for (let start = 0; start < items.length; start += size) await this.#writePage(items.slice(start, start + size))
  }

  async #writePage(items: readonly PageItem[]): Promise<void> {
    // The bytes of large items keep the server busy for longer than a round trip.
    if (isLarge(items)) await this.flush()
    if (this.#transaction) await prepareItems(items)
    await this.#endTransaction()
    this.#mode ??= await this.#chooseFirstMode(items)
    this.#found = null
    let page = await this.#send(items)
    const isPreviousWritten = await this.#confirmSentPage().catch(async (error) => {
      // After a failure is reported, nothing of this page may be written any more.
      await Promise.allSettled([page?.answer, page?.companyWrite])
      throw error
    })
    // What was written after the look-up is not in its answer.
    if (!isPreviousWritten) this.#found = null
    if (page && !isPreviousWritten) {
      // The page waited for a checkpoint that never came, so its statement wrote nothing.
      const outcome = await this.#confirm(page)
      this.#expected = this.#sync
      if (outcome === 'written') return
      page = outcome === 'checkpoint_moved' ? await this.#send(items) : null
    }
    if (page) {
      this.#sentPage = page
      this.#expected = advanceSync(this.#expected, page.parts, { ...NO_COUNTS, total_records: items.length }, page.at)
      return
    }
    this.#transaction = this.#writeInTransaction(items, this.#found)
    this.#transaction.catch(() => {})
    if (isLarge(items)) await this.#endTransaction()
  }

  async #chooseFirstMode(items: readonly PageItem[]): Promise<Mode> {
    if (!getStatements(this.#db).insertPage) return 'insert'
    const { provider_name } = this.#context.origin()
    return (await isMostlyKnown(this.#db, provider_name, items)) ? 'look_up_first' : 'insert'
  }

  async flush(): Promise<void> {
    await this.#endTransaction()
    await this.#confirmSentPage()
    this.#expected = this.#sync
  }

  async #endTransaction(): Promise<void> {
    const transaction = this.#transaction
    this.#transaction = null
    if (!transaction) return
    await transaction
    this.#expected = this.#sync
  }

  /** Returns null when the page cannot be written as one statement. */
  async #send(items: readonly PageItem[]): Promise<SentPage | null> {
    const { insertPage, ensureCompanies } = getStatements(this.#db)
    if (!insertPage || this.#mode === 'merge') return null
    const { on_duplicate, companies: cache, lease = null } = this.#context
    const origin = { ...this.#context.origin(), dataset_id: this.#dataset_id }
    const parts = splitPage(this.#expected, this.#dataset_id, items)
    const { run_id, next_offset, last_sync_at, range } = this.#expected
    const dataset_offset = this.#expected.dataset_offsets?.[this.#dataset_id] ?? 0
    const identity_hashes = await this.#hashIdentities(parts.leads, origin)
    const existing = await this.#findExisting(parts.leads, origin)
    const leads = planPageInsert(parts.leads, existing, origin, on_duplicate)
    if (!leads || (await this.#hasFormerLeads(parts.leads, origin))) return null
    const companies = parts.leads.flatMap(({ company }) => (company ? [company] : []))
    const seen_leads = findSeenLeads(parts.leads, existing, origin)
    const companyWrite = cache
      ? cache.upsertNew(this.#db, companies, origin)
      : ensureCompanies(this.#db, companies, origin)
    const page = {
      run_id,
      range_id: range?.id ?? null,
      next_offset,
      dataset_offset,
      last_sync_at,
      leads,
      seen_leads,
      identity_hashes,
      is_merge_enabled: on_duplicate === 'merge',
      items: items.length,
      lead_items: parts.leads.length,
      next: parts.next,
      rejections: parts.rejections,
      lease,
    }
    const answer = insertPage(this.#db, page, origin)
    // Awaited with the next page. Until then a failure must not count as unhandled.
    for (const promise of [answer, companyWrite]) promise.catch(() => {})
    return { items, parts, answer, at: origin.at, companies, companyWrite }
  }

  /** Computed only if someone was deleted permanently. The statement notices the first one who is deleted after that. */
  async #hashIdentities(leads: readonly ImportItem[], origin: Provenance): Promise<readonly string[] | null> {
    this.#identityHash ??= readIdentityHash(this.#db)
    const hashIdentity = await this.#identityHash
    if (hashIdentity === null) return null
    const keys = new Set(leads.flatMap((lead) => toBuriedKeys(lead, origin.provider_name)))
    return [...keys].map(hashIdentity)
  }

  /** Whether leads exist under the external ids that earlier versions gave these items. */
  async #hasFormerLeads(leads: readonly ImportItem[], { provider_name }: Provenance): Promise<boolean> {
    const ids = [...new Set(leads.flatMap(({ former_external_id }) => former_external_id ?? []))]
    return ids.length > 0 && (await getStatements(this.#db).findLeads(this.#db, provider_name, ids)).length > 0
  }

  /** The query waits behind the sent page, so its answer includes the leads of that page. */
  async #findExisting(leads: readonly ImportItem[], origin: Provenance): Promise<Map<string, ExistingLead>> {
    if (this.#mode !== 'look_up_first') return new Map()
    const ids = [...new Set(leads.map(({ lead }) => lead.external_id))]
    const found = await getStatements(this.#db).findLeads(this.#db, origin.provider_name, ids)
    await attachSourceStates(this.#db, found)
    this.#found = found
    return new Map(found.map((lead) => [lead.external_id, lead]))
  }

  /** Returns false when the sent page had to be written again: then nothing sent after it is written. */
  async #confirmSentPage(): Promise<boolean> {
    const page = this.#sentPage
    this.#sentPage = null
    if (!page) return true
    let outcome = await this.#confirm(page)
    if (outcome === 'written') return true
    for (let attempt = 1; outcome === 'conflict' && attempt < CONFLICT_ATTEMPTS_MAX; attempt += 1) {
      this.#expected = this.#sync
      const again = await this.#send(page.items)
      outcome = again ? await this.#confirm(again) : 'needs_merge'
    }
    if (outcome !== 'written') await this.#writeInTransaction(page.items)
    this.#expected = this.#sync
    return false
  }

  /** Unless it is written, or sent again after a conflict, the page is written in a transaction, which shows the error. */
  async #confirm(page: SentPage): Promise<Outcome> {
    const { items, parts, at } = page
    const [answer, companyWrite] = await Promise.allSettled([page.answer, page.companyWrite])
    if (answer.status === 'rejected') {
      const kind = this.#db.engine.classifyError(answer.reason)
      if (kind !== 'data' && !CONFLICT_KINDS.has(kind)) throw answer.reason
      if (kind !== 'unique') this.#context.companies?.clear()
      return kind === 'data' ? 'refused' : 'conflict'
    }
    const { value: result } = answer
    if (result.outcome !== 'written') {
      this.#identityHash = undefined
      return result.outcome
    }
    const duplicate_records = parts.leads.length - result.created
    const failed_records = parts.rejections.length
    const counts = { total_records: items.length, synced_records: result.created, duplicate_records, failed_records }
    this.#onWritten(advanceSync(this.#sync, parts, counts, at), 'look_up_first')
    if (companyWrite.status === 'rejected') await this.#retryCompanies(page)
    return 'written'
  }

  async #writeInTransaction(items: readonly PageItem[], found: readonly ExistingLead[] | null = null): Promise<void> {
    this.#onWritten(await writePage(this.#context, this.#sync, this.#dataset_id, items, found), 'merge')
  }

  /** `modeForDuplicates` applies while pages hold mostly leads that exist. */
  #onWritten(after: SyncProgress, modeForDuplicates: Mode): void {
    const before = this.#sync
    this.#sync = after
    const created = after.synced_records - before.synced_records
    const duplicates = after.duplicate_records - before.duplicate_records
    this.#mode = duplicates > created ? modeForDuplicates : 'insert'
    this.#onPage(after, before)
  }

  /**
   * The page is written, so its companies exist; only values for their empty columns are missing. The other writer of a
   * deadlock may still be running, so another one can follow.
   */
  async #retryCompanies({ companies, at, parts }: SentPage): Promise<void> {
    const { log } = this.#context
    const { run_id } = this.#sync
    try {
      const origin = { ...this.#context.origin(), dataset_id: this.#dataset_id, at }
      const { ensureCompanies } = getStatements(this.#db)
      await retryPageOnConflict(this.#context, this.#sync, () => ensureCompanies(this.#db, companies, origin))
    } catch (error) {
      if (this.#db.engine.classifyError(error) !== 'data') throw error
      log.warn('The database refused to backfill columns of companies', {
        run_id,
        dataset_id: this.#dataset_id,
        leads: parts.leads.length,
        error,
      })
    }
  }
}
