/** How the items of a sync or a file met leads, beyond their own external ids, and which values they did not change. */
export interface MatchCounts {
  /** Items that joined a lead by another identity, by its kind: `email`, `linkedin`, `google`, `page`, `file_id` … */
  joined_by: Record<string, number>
  /** Pairs of leads that an item identifies both: listed as candidates. */
  bridged: number
  /** Items with an identity of a lead whose name or page contradicts: they made or met a lead of their own. */
  contradicted: number
  /** Values that were not taken because the lead has one that was seen later or counts more. */
  kept_newer: number
  /** Values that were not taken because a person wrote another. */
  kept_edited: number
}

export const createMatchCounts = (): MatchCounts => ({
  joined_by: {},
  bridged: 0,
  contradicted: 0,
  kept_newer: 0,
  kept_edited: 0,
})

const NETWORK_PAGES = new Set(['facebook', 'instagram', 'tiktok', 'twitter', 'x', 'xing', 'yelp', 'youtube'])

/** The kind of an identity as people know it. */
export function toIdentityKind(identity: string): string {
  const namespace = identity.slice(0, identity.indexOf(':'))
  if (namespace.startsWith('google_')) return 'google'
  if (namespace === 'linkedin_member') return 'linkedin'
  if (NETWORK_PAGES.has(namespace)) return 'page'
  return namespace.startsWith('file') ? 'file_id' : namespace
}

export const countJoin = ({ joined_by }: MatchCounts, kind: string): void => {
  joined_by[kind] = (joined_by[kind] ?? 0) + 1
}

/** Returns the sum; null if nothing was counted. */
export function addMatchCounts(
  before: MatchCounts | null | undefined,
  pages: readonly (MatchCounts | undefined)[],
): MatchCounts | null {
  const sum = createMatchCounts()
  for (const counts of [before, ...pages]) {
    if (!counts) continue
    for (const [kind, count] of Object.entries(counts.joined_by))
      sum.joined_by[kind] = (sum.joined_by[kind] ?? 0) + count
    for (const name of ['bridged', 'contradicted', 'kept_newer', 'kept_edited'] as const) sum[name] += counts[name]
  }
  return isEmpty(sum) ? null : sum
}

const isEmpty = ({ joined_by, bridged, contradicted, kept_newer, kept_edited }: MatchCounts): boolean =>
  Object.keys(joined_by).length === 0 && bridged + contradicted + kept_newer + kept_edited === 0
