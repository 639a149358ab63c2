import type { Json } from '../model/fields.ts'
import type { UnreadValue } from '../model/mapped-item.ts'
import type { Sync } from '../model/sync.ts'

/** Values of a run that could not be read, by the column that they would have filled. */
export type UnreadCounts = Record<string, { count: number; examples: string[] }>

/** Enough to see what the values look like, few enough that the sync's row stays small. */
export const UNREAD_EXAMPLES_MAX = 3

/** Returns the unread values of the pages that a sync has written. */
export const getUnreadCounts = (sync: { metadata: Record<string, unknown> | null }): UnreadCounts =>
  (sync.metadata?.unread as UnreadCounts | undefined) ?? {}

/** Returns the sum; null if nothing was counted. */
export function addUnreadCounts(first: UnreadCounts, second: UnreadCounts): UnreadCounts | null {
  const sum: UnreadCounts = { ...first }
  for (const [column, { count, examples }] of Object.entries(second)) {
    const known = sum[column] ?? { count: 0, examples: [] }
    const all = [...new Set([...known.examples, ...examples])]
    sum[column] = { count: known.count + count, examples: all.slice(0, UNREAD_EXAMPLES_MAX) }
  }
  return Object.keys(sum).length === 0 ? null : sum
}

/** Adds the unread values of a page to those before it. Returns the metadata to store; without values nothing. */
export function countUnreadValues(
  sync: Pick<Sync, 'metadata'>,
  items: readonly { unread?: readonly UnreadValue[] | undefined }[],
): Record<string, Json> {
  const counts: UnreadCounts = { ...getUnreadCounts(sync) }
  for (const { unread = [] } of items)
    for (const { column, value } of unread) {
      const { count, examples } = counts[column] ?? { count: 0, examples: [] }
      const isNew = examples.length < UNREAD_EXAMPLES_MAX && !examples.includes(value)
      counts[column] = { count: count + 1, examples: isNew ? [...examples, value] : examples }
    }
  return Object.keys(counts).length === 0 ? {} : { unread: counts as unknown as Json }
}
