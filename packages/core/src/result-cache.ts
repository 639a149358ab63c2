/**
 * Results of expensive reads, shared by equal requests of this process. A result is kept for ten times as long as it took,
 * at most a minute: however often it is requested, it occupies a tenth of the database's time. What is cheap is always
 * read again.
 */

const KEPT_FACTOR = 10
const KEPT_MS_MAX = 60_000
/** Below this a read is cheap. */
const DURATION_MS_MIN = 200
const ENTRIES_MAX = 200

interface Entry {
  result: Promise<unknown>
  /** Null while it is being read. */
  expires_ms: number | null
}

const caches = new WeakMap<object, Map<string, Entry>>()

/** `owner` is what the results belong to, such as a connection pool. A failure is kept if `isKept` says so. */
export function cacheResult<Result>(
  owner: object,
  key: string,
  read: () => Promise<Result>,
  isKept: (error: unknown) => boolean = () => false,
): Promise<Result> {
  const entries = caches.get(owner) ?? new Map<string, Entry>()
  caches.set(owner, entries)
  const found = entries.get(key)
  const started_ms = performance.now()
  if (found && (found.expires_ms === null || found.expires_ms > started_ms)) return found.result as Promise<Result>
  const entry: Entry = { result: read(), expires_ms: null }
  entries.delete(key)
  entries.set(key, entry)
  const drop = (): void => {
    if (entries.get(key) === entry) entries.delete(key)
  }
  const keep = (): void => {
    const now_ms = performance.now()
    const duration_ms = now_ms - started_ms
    if (duration_ms < DURATION_MS_MIN) drop()
    else entry.expires_ms = now_ms + Math.min(KEPT_MS_MAX, duration_ms * KEPT_FACTOR)
  }
  entry.result.then(keep, (error: unknown) => (isKept(error) ? keep() : drop()))
  for (const oldest of entries.keys()) {
    if (entries.size <= ENTRIES_MAX) break
    entries.delete(oldest)
  }
  return entry.result as Promise<Result>
}
