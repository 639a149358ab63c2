import { api, unwrap } from '../api/client.ts'
import type { components } from '../api/paths.ts'
import { describeError } from '../api/problem.ts'
import { type ApiQuery, fetchPage, type ListedLead, queryClient } from '../api/queries.ts'
import { formatCount, formatNumber } from '../parts/format.ts'
import { showToast, updateToast } from '../parts/toast.ts'
import { offerUndo } from '../shell/undo.ts'
import { BULK_LEADS_MAX, type BulkFailure, bulkFailures } from './bulk-state.ts'
import { leadKind, type Patch, patchCaches, refreshCounts } from './row-kinds.ts'

type Operation = components['schemas']['BatchOperation']

const OPERATIONS_PER_REQUEST = 1000
const REQUESTS_IN_FLIGHT = 2
const IDS_PER_PAGE = 500

/** What is done with each lead of a selection: a change, which may depend on the lead, or its deletion. */
export type BulkChange = { verb: string; patchOf: (lead: ListedLead) => Patch } | { verb: 'deleted' }

interface Done {
  lead: ListedLead
  version: number
  /** What the fields held before. */
  before: Patch
}

/** Every lead of a list, as the filters stand now: what is added afterwards is not touched. */
export async function collectLeads(
  query: ApiQuery,
  fields: readonly string[],
  onProgress: (count: number) => void,
  signal: AbortSignal,
): Promise<ListedLead[]> {
  const { sort: _, ...filters } = query
  const asked = {
    ...filters,
    limit: String(IDS_PER_PAGE),
    fields: [...new Set(['id', 'version', ...fields])].join(','),
  }
  const found: ListedLead[] = []
  const newest = new Date().toISOString()
  const created_at = [...[filters.created_at ?? []].flat(), `lte:${newest}`]
  let cursor: string | null = null
  do {
    const page: { data: ListedLead[]; next_cursor: string | null } = await fetchPage<ListedLead>(
      '/leads',
      { ...asked, created_at, ...(cursor && { cursor }) },
      signal,
    )
    found.push(...page.data)
    onProgress(found.length)
    cursor = page.next_cursor
  } while (cursor && found.length < BULK_LEADS_MAX)
  return found
}

/** Changes many leads, 1,000 per request. Each lead that could not be changed is reported. */
export async function runBulk(leads: readonly ListedLead[], change: BulkChange): Promise<void> {
  const stop = new AbortController()
  const toast = showToast(`0 of ${formatNumber(leads.length)}`, {
    progress: 0,
    action: { label: 'Stop', run: () => stop.abort() },
  })
  const done: Done[] = []
  const failures: BulkFailure[] = []
  const work = leads.map((lead) => ({ lead, ...operationOf(lead, change) }))
  const chunks = chunk(work, OPERATIONS_PER_REQUEST)
  const runChunk = async (items: typeof work): Promise<void> => {
    if (stop.signal.aborted) return
    const answer = await sendChunk(items.map(({ operation }) => operation))
    items.forEach(({ lead, before }, index) => {
      const result = answer.results[index]
      if (result && result.status < 400) done.push({ lead, before, version: result.version ?? 0 })
      else failures.push({ lead, detail: String(result?.problem?.detail ?? 'No answer.') })
    })
    showDone(change, done, items)
    const count = done.length + failures.length
    updateToast(toast, {
      text: `${formatNumber(count)} of ${formatNumber(leads.length)}`,
      progress: count / leads.length,
    })
  }
  try {
    await inFlight(chunks, REQUESTS_IN_FLIGHT, runChunk)
    updateToast(toast, { text: '', progress: undefined })
  } catch (error) {
    updateToast(toast, { text: describeError(error), tone: 'bad', progress: undefined, action: undefined })
  }
  finishBulk({ change, done, failures, toast, left: leads.length - done.length - failures.length })
}

function operationOf(lead: ListedLead, change: BulkChange): { operation: Operation; before: Patch } {
  const id = lead.id as number
  const version = lead.version as number
  if (!('patchOf' in change)) return { operation: { operation: 'delete', id, version }, before: {} }
  const patch = change.patchOf(lead)
  const before = Object.fromEntries(Object.keys(patch).map((field) => [field, lead[field as keyof ListedLead] ?? null]))
  return { operation: { operation: 'update', id, version, patch: patch as never }, before }
}

const sendChunk = (operations: Operation[]) => unwrap(api.POST('/leads/batch', { body: { operations } }))

function showDone(change: BulkChange, done: readonly Done[], items: readonly { lead: ListedLead }[]): void {
  const ids = new Set(items.map(({ lead }) => lead.id))
  const changes = new Map<number, Patch>()
  for (const { lead, version } of done)
    if (ids.has(lead.id))
      changes.set(lead.id as number, 'patchOf' in change ? { ...change.patchOf(lead), version } : { is_deleted: true })
  patchCaches(leadKind, changes)
}

interface Outcome {
  change: BulkChange
  done: readonly Done[]
  failures: readonly BulkFailure[]
  toast: number
  left: number
}

function finishBulk({ change, done, failures, toast, left }: Outcome): void {
  refreshCounts(leadKind)
  if (failures.length > 0)
    bulkFailures.set({
      failures,
      repeat: () =>
        void repeatFailed(
          failures.map(({ lead }) => lead),
          change,
        ),
    })
  if (done.length === 0) {
    if (failures.length > 0) updateToast(toast, { text: `None ${change.verb}`, tone: 'bad', action: undefined })
    return
  }
  updateToast(toast, { text: 'Done', action: undefined })
  const text = `${formatCount(done.length, 'lead')} ${change.verb}`
  const notes = [
    failures.length > 0 ? `${formatNumber(failures.length)} not: changed since, or refused` : '',
    left > 0 ? `${formatNumber(left)} not tried` : '',
  ].filter(Boolean)
  offerUndo({ text, revert: () => revertBulk(change, done) }, notes.length > 0 ? { detail: notes.join(' · ') } : {})
}

/** Reads the leads again, so that the change applies to their current values. */
async function repeatFailed(leads: readonly ListedLead[], change: BulkChange): Promise<void> {
  const fresh: ListedLead[] = []
  for (const ids of chunk(
    leads.map(({ id }) => String(id)),
    50,
  )) {
    const page = await fetchPage<ListedLead>('/leads', { id: `in:${ids.join(',')}`, limit: '50' })
    fresh.push(...page.data)
  }
  await runBulk(fresh, change)
}

/** Puts back what a bulk change did: old values, or the deleted leads. */
async function revertBulk(change: BulkChange, done: readonly Done[]): Promise<string> {
  let failed = 0
  const is_update = 'patchOf' in change
  const operations = done.map(({ lead, version, before }) => ({
    lead,
    before: is_update ? before : { is_deleted: false },
    operation: revertOperation(lead, version, is_update ? before : null),
  }))
  await inFlight(chunk(operations, OPERATIONS_PER_REQUEST), REQUESTS_IN_FLIGHT, async (items) => {
    const { results } = await sendChunk(items.map(({ operation }) => operation))
    const changes = new Map<number, Patch>()
    items.forEach(({ lead, before }, index) => {
      const result = results[index]
      if (result && result.status < 400) changes.set(lead.id as number, { ...before, version: result.version })
      else failed += 1
    })
    patchCaches(leadKind, changes)
  })
  refreshCounts(leadKind)
  void queryClient.invalidateQueries({ queryKey: ['lead'] })
  const text = `${formatCount(done.length - failed, 'lead')} put back`
  return failed === 0 ? text : `${text}, ${formatNumber(failed)} not: changed since`
}

const revertOperation = (lead: ListedLead, version: number, before: Patch | null): Operation =>
  before
    ? { operation: 'update', id: lead.id as number, version, patch: before as never }
    : { operation: 'restore', id: lead.id as number }

export function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = []
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size))
  return chunks
}

/** Runs over all items, so many at the same time. */
export async function inFlight<Item>(
  items: readonly Item[],
  count: number,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item)
  }
  await Promise.all(Array.from({ length: count }, worker))
}
