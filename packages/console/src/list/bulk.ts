import { describeError } from '../api/problem.ts'
import { type ApiQuery, fetchPage, queryClient } from '../api/queries.ts'
import { formatCount, formatNumber } from '../parts/format.ts'
import { showToast, updateToast } from '../parts/toast.ts'
import { offerUndo } from '../shell/undo.ts'
import { BULK_ROWS_MAX, type BulkFailure, type BulkRow, bulkFailures } from './bulk-state.ts'
import { type Patch, patchCaches, type RowKind, type RowOperation, refreshCounts } from './row-kinds.ts'

const OPERATIONS_PER_REQUEST = 1000
const REQUESTS_IN_FLIGHT = 2
const IDS_PER_PAGE = 500

/** What is done with each row of a selection: a change, which may depend on the row, its deletion, or its return. */
export type BulkChange = { kind: RowKind } & (
  | { verb: string; patchOf: (row: BulkRow) => Patch }
  | { verb: 'deleted' | 'restored' }
)

interface Done {
  row: BulkRow
  version: number
  /** What the fields held before. */
  before: Patch
}

/** Every row of a list, as the filters stand now: what is added afterwards is not touched. */
export async function collectRows(
  { list }: RowKind,
  query: ApiQuery,
  fields: readonly string[],
  onProgress: (count: number) => void,
  signal: AbortSignal,
): Promise<BulkRow[]> {
  const { sort: _, ...filters } = query
  const asked = {
    ...filters,
    limit: String(IDS_PER_PAGE),
    fields: [...new Set(['id', 'version', 'is_deleted', ...fields])].join(','),
  }
  const found: BulkRow[] = []
  const newest = new Date().toISOString()
  const created_at = [...[filters.created_at ?? []].flat(), `lte:${newest}`]
  let cursor: string | null = null
  do {
    const page: { data: BulkRow[]; next_cursor: string | null } = await fetchPage<BulkRow>(
      `/${list}`,
      { ...asked, created_at, ...(cursor && { cursor }) },
      signal,
    )
    found.push(...page.data)
    onProgress(found.length)
    cursor = page.next_cursor
  } while (cursor && found.length < BULK_ROWS_MAX)
  return found
}

/** Changes many rows, 1,000 per request. Each that could not be changed is reported. */
export async function runBulk(rows: readonly BulkRow[], change: BulkChange): Promise<void> {
  const stop = new AbortController()
  const toast = showToast(`0 of ${formatNumber(rows.length)}`, {
    progress: 0,
    action: { label: 'Stop', run: () => stop.abort() },
  })
  const done: Done[] = []
  const failures: BulkFailure[] = []
  const work = rows.map((row) => ({ row, ...operationOf(row, change) }))
  const chunks = chunk(work, OPERATIONS_PER_REQUEST)
  const runChunk = async (items: typeof work): Promise<void> => {
    if (stop.signal.aborted) return
    const answer = await change.kind.batch(items.map(({ operation }) => operation))
    items.forEach(({ row, before }, index) => {
      const result = answer.results[index]
      if (result && result.status < 400) done.push({ row, before, version: result.version ?? 0 })
      else failures.push({ row, detail: String(result?.problem?.detail ?? 'No answer.') })
    })
    showDone(change, done, items)
    const count = done.length + failures.length
    updateToast(toast, {
      text: `${formatNumber(count)} of ${formatNumber(rows.length)}`,
      progress: count / rows.length,
    })
  }
  try {
    await inFlight(chunks, REQUESTS_IN_FLIGHT, runChunk)
    updateToast(toast, { text: '', progress: undefined })
  } catch (error) {
    updateToast(toast, { text: describeError(error), tone: 'bad', progress: undefined, action: undefined })
  }
  finishBulk({ change, done, failures, toast, left: rows.length - done.length - failures.length })
}

function operationOf(row: BulkRow, change: BulkChange): { operation: RowOperation; before: Patch } {
  const id = row.id as number
  const version = row.version as number
  if (change.verb === 'restored') return { operation: { operation: 'restore', id }, before: {} }
  if (!('patchOf' in change)) return { operation: { operation: 'delete', id, version }, before: {} }
  const patch = change.patchOf(row)
  const before = Object.fromEntries(Object.keys(patch).map((field) => [field, row[field] ?? null]))
  return { operation: { operation: 'update', id, version, patch }, before }
}

function showDone(change: BulkChange, done: readonly Done[], items: readonly { row: BulkRow }[]): void {
  const ids = new Set(items.map(({ row }) => row.id))
  const changes = new Map<number, Patch>()
  for (const { row, version } of done) {
    if (!ids.has(row.id)) continue
    if ('patchOf' in change) changes.set(row.id as number, { ...change.patchOf(row), version })
    else if (change.verb === 'deleted') changes.set(row.id as number, { is_deleted: true })
    else changes.set(row.id as number, { is_deleted: false, version })
  }
  patchCaches(change.kind, changes)
}

interface Outcome {
  change: BulkChange
  done: readonly Done[]
  failures: readonly BulkFailure[]
  toast: number
  left: number
}

function finishBulk({ change, done, failures, toast, left }: Outcome): void {
  refreshCounts(change.kind)
  if (failures.length > 0)
    bulkFailures.set({
      kind: change.kind,
      failures,
      repeat: () =>
        void repeatFailed(
          failures.map(({ row }) => row),
          change,
        ),
    })
  if (done.length === 0) {
    if (failures.length > 0) updateToast(toast, { text: `None ${change.verb}`, tone: 'bad', action: undefined })
    return
  }
  updateToast(toast, { text: 'Done', action: undefined })
  const text = `${formatCount(done.length, change.kind.noun, change.kind.plural)} ${change.verb}`
  const notes = [
    failures.length > 0 ? `${formatNumber(failures.length)} not: changed since, or refused` : '',
    left > 0 ? `${formatNumber(left)} not tried` : '',
  ].filter(Boolean)
  offerUndo({ text, revert: () => revertBulk(change, done) }, notes.length > 0 ? { detail: notes.join(' · ') } : {})
}

/** Reads the rows again, so that the change applies to their current values. */
async function repeatFailed(rows: readonly BulkRow[], change: BulkChange): Promise<void> {
  const fresh: BulkRow[] = []
  for (const ids of chunk(
    rows.map(({ id }) => String(id)),
    50,
  )) {
    const page = await fetchPage<BulkRow>(`/${change.kind.list}`, { id: `in:${ids.join(',')}`, limit: '50' })
    fresh.push(...page.data)
  }
  await runBulk(fresh, change)
}

/** Puts back what a bulk change did: old values, the deleted rows, or the restored ones. */
async function revertBulk(change: BulkChange, done: readonly Done[]): Promise<string> {
  const { kind } = change
  let failed = 0
  const work = done.map((each) => ({ row: each.row, ...inverseOf(each, change) }))
  await inFlight(chunk(work, OPERATIONS_PER_REQUEST), REQUESTS_IN_FLIGHT, async (items) => {
    const { results } = await kind.batch(items.map(({ operation }) => operation))
    const changes = new Map<number, Patch>()
    items.forEach(({ row, shown }, index) => {
      const result = results[index]
      const { version } = result ?? {}
      if (result && result.status < 400) changes.set(row.id as number, { ...shown, ...(version && { version }) })
      else failed += 1
    })
    patchCaches(kind, changes)
  })
  refreshCounts(kind)
  void queryClient.invalidateQueries({ queryKey: [kind.one] })
  const text = `${formatCount(done.length - failed, kind.noun, kind.plural)} put back`
  return failed === 0 ? text : `${text}, ${formatNumber(failed)} not: changed since`
}

/** The operation that reverts a change of one row, and what the row shows afterwards. */
function inverseOf({ row, version, before }: Done, change: BulkChange): { operation: RowOperation; shown: Patch } {
  const id = row.id as number
  if ('patchOf' in change) return { operation: { operation: 'update', id, version, patch: before }, shown: before }
  if (change.verb === 'deleted') return { operation: { operation: 'restore', id }, shown: { is_deleted: false } }
  return { operation: { operation: 'delete', id, version }, shown: { is_deleted: true } }
}

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
