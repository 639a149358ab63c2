import type { MatchCounts } from '../ingest/match-counts.ts'

/** Returns how the items of the pages that a sync has written met leads. */
export const getMatchCounts = (sync: { metadata: Record<string, unknown> | null }): MatchCounts | undefined =>
  sync.metadata?.matches as MatchCounts | undefined
