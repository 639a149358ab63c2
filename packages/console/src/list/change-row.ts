import { api, unwrap } from '../api/client.ts'
import { ApiError, isApiError } from '../api/problem.ts'
import { queryClient } from '../api/queries.ts'
import { offerUndo } from '../shell/undo.ts'
import { askConflict } from './conflict.ts'
import { type EditableRow, isSameValue, type Patch, patchCaches, type RowKind, refreshCounts } from './row-kinds.ts'
import { inTurn, type Turn } from './row-turns.ts'

const BROKEN_TRIES_MAX = 4
const BROKEN_WAIT_MS = 1500

type Row = EditableRow & Record<string, unknown>

/**
 * Changes a row: shown immediately, sent with the version it was read with, then replaced by the answer. A change by
 * another user in between is never overwritten: if both changed a field, the person chooses.
 * @throws ApiError after the row shows its old values again
 */
export async function changeRow(kind: RowKind, row: Row, patch: Patch, text: string): Promise<void> {
  const id = row.id as number
  const changed = Object.keys(patch).filter((field) => !isSameValue(row[field], patch[field]))
  if (changed.length === 0) return
  const mine = Object.fromEntries(changed.map((field) => [field, patch[field]]))
  const base = Object.fromEntries(changed.map((field) => [field, row[field] ?? null]))
  patchCaches(kind, new Map([[id, mine]]))
  await inTurn(kind, id, mine, async (turn) => {
    try {
      const version = turn.versionOf(row.version as number)
      const saved = await save({ kind, id, turn }, version, base, mine)
      if (saved) offerUndo({ text, revert: () => revertChange({ kind, id }, saved.version as number, base, mine) })
    } catch (error) {
      patchCaches(kind, new Map([[id, turn.withWaiting(base)]]))
      throw error
    }
  })
}

/** A row, and the turn in which it is changed. */
interface Place {
  kind: RowKind
  id: number
  turn: Turn
}

async function save(place: Place, version: number, base: Patch, mine: Patch): Promise<Row | null> {
  const { kind, id, turn } = place
  try {
    const answer = await sendPatch(kind, id, version, mine)
    turn.noteSaved(version, answer.version as number)
    return store(place, answer)
  } catch (error) {
    if (!isApiError(error, 'precondition_failed')) throw error
    return resolveConflict(place, base, mine)
  }
}

function store({ kind, id, turn }: Place, answer: Row): Row {
  patchCaches(kind, new Map([[id, turn.withWaiting(answer)]]))
  if (kind.one === 'lead') void queryClient.invalidateQueries({ queryKey: ['lead', id, 'events'] })
  refreshCounts(kind)
  return answer
}

/** A PATCH whose answer was lost may have been done: the row is read before it is sent again. */
async function sendPatch(kind: RowKind, id: number, version: number, mine: Patch): Promise<Row> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await kind.patch(id, version, mine)
    } catch (error) {
      const is_broken = isApiError(error) && (error.code === 'network' || error.status >= 502 || error.status === 429)
      if (!is_broken || tries >= BROKEN_TRIES_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, BROKEN_WAIT_MS * tries))
      const now = await kind.get(id).catch(() => undefined)
      if (now && now.version !== version && Object.keys(mine).every((field) => isSameValue(now[field], mine[field])))
        return now
    }
  }
}

/** Both changed the row. What only one of them changed is kept; for the rest the person is asked. */
async function resolveConflict(place: Place, base: Patch, mine: Patch): Promise<Row | null> {
  const { kind, id, turn } = place
  const theirs = (await kind.get(id)) as Row
  const open = Object.keys(mine).filter((field) => !isSameValue(theirs[field], mine[field]))
  patchCaches(kind, new Map([[id, turn.withWaiting({ ...theirs, ...pick(mine, open) })]]))
  if (open.length === 0) return null
  const contested = open.filter((field) => !isSameValue(theirs[field], base[field]))
  const author = contested.length > 0 ? await findAuthor(kind, id, contested, theirs) : null
  const kept: string[] = []
  for (const field of open) {
    if (!contested.includes(field)) kept.push(field)
    else if (author) {
      const conflict = { id, field, mine: mine[field], theirs: theirs[field], ...author }
      if ((await askConflict(conflict)) === 'mine') kept.push(field)
    }
  }
  if (kept.length === 0) {
    patchCaches(kind, new Map([[id, turn.withWaiting(theirs)]]))
    return null
  }
  return save(place, theirs.version as number, pick(theirs, kept), pick(mine, kept))
}

const pick = (values: Patch, fields: readonly string[]): Patch =>
  Object.fromEntries(fields.map((field) => [field, values[field] ?? null]))

/** Who changed these fields, and when: the newest event that contains one of them. */
async function findAuthor(
  kind: RowKind,
  id: number,
  fields: readonly string[],
  row: Row,
): Promise<{ who: string; when: string }> {
  const fallback = { who: (row.updated_by as string | null) ?? 'somebody', when: row.updated_at as string }
  if (kind.one !== 'lead') return fallback
  const events = await unwrap(api.GET('/leads/{id}/events', { params: { path: { id }, query: { limit: 5 } } }))
  const event = events.data.find(
    ({ changed_fields, new_status }) =>
      fields.some((field) => changed_fields && field in changed_fields) ||
      (fields.includes('lead_status') && new_status !== null),
  )
  return event ? { who: event.actor ?? fallback.who, when: event.event_timestamp } : fallback
}

/** Puts back what a change did. */
const revertChange = (row: Omit<Place, 'turn'>, version: number, base: Patch, mine: Patch): Promise<string> =>
  inTurn(row.kind, row.id, base, (turn) => sendBack({ ...row, turn }, turn.versionOf(version), base, mine))

async function sendBack(place: Place, version: number, base: Patch, mine: Patch): Promise<string> {
  const { kind, id, turn } = place
  try {
    const answer = (await kind.patch(id, version, base)) as Row
    turn.noteSaved(version, answer.version as number)
    store(place, answer)
    return 'Change undone'
  } catch (error) {
    if (!isApiError(error, 'precondition_failed')) throw error
    const now = (await kind.get(id)) as Row
    patchCaches(kind, new Map([[id, turn.withWaiting(now)]]))
    // Another user changed another field: ours still have the set values, so they can be reverted.
    if (Object.keys(mine).every((field) => isSameValue(now[field], mine[field])))
      return sendBack(place, now.version as number, base, mine)
    throw new ApiError(412, { ...error.problem, detail: `changed since by ${now.updated_by}.` } as never)
  }
}

/** Deletes a row. It stays in its lists, struck through, until they are read again. */
export async function deleteRow(kind: RowKind, row: Row, text: string): Promise<void> {
  const id = row.id as number
  patchCaches(kind, new Map([[id, { is_deleted: true }]]))
  try {
    await inTurn(kind, id, {}, (turn) => kind.remove(id, turn.versionOf(row.version as number)))
    refreshCounts(kind)
  } catch (error) {
    if (!isApiError(error, 'gone')) patchCaches(kind, new Map([[id, { is_deleted: false }]]))
    throw error
  }
  offerUndo({
    text,
    revert: async () => {
      await restoreRow(kind, id)
      return `${kind.noun === 'lead' ? 'Lead' : 'Company'} restored`
    },
  })
}

export async function restoreRow(kind: RowKind, id: number): Promise<void> {
  const restored = await kind.restore(id)
  patchCaches(kind, new Map([[id, { ...restored, is_deleted: false }]]))
  void queryClient.invalidateQueries({ queryKey: [kind.one, id] })
  refreshCounts(kind)
}
