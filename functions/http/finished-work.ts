/** A sync, an import or a job, as far as an answer shows it. */
interface Work {
  status?: string | undefined
  updated_at?: string | undefined
}

const OPEN_STATUSES: ReadonlySet<string | undefined> = new Set([
  'pending',
  'syncing',
  'importing',
  'undoing',
  'running',
])

/** By this process's clock against that of the one that finished it; a replica that serves lags by less. */
const RECENT_MS = 120_000

/**
 * Whether an answer tells of work that was finished so recently that a replica may lack what it wrote. Who sees that an
 * import is completed reads its leads next. What the answer does not show counts as finished and recent.
 */
export const showsRecentWork = (works: readonly Work[]): boolean =>
  works.some(
    ({ status, updated_at }) => !OPEN_STATUSES.has(status) && !(Date.now() - Date.parse(updated_at ?? '') > RECENT_MS),
  )
