import { leadingColumns, type MergedColumn, mergedColumns } from '../model/lead-columns.ts'
import type { SourceObservations } from '../model/lead-identity.ts'
import {
  EMPTY_HASH,
  type FieldValue,
  hashColumns,
  hashOf,
  hashPositions,
  type ImportedLead,
  joinHashes,
  splitHashes,
} from './field-hashes.ts'

/** What a source said of a lead at one time. */
interface Observation {
  at: number
  /** Of all merged columns. */
  hashes: readonly string[]
  import_batch_id: string | null
}

/** An item as it is observed. */
export interface ObservedItem {
  source_key: string
  at: number
  import_batch_id: string | null
  importable: ImportedLead
  import_hashes: string
}

/** The value of a field that a source states now, and since when. */
interface Claim {
  hash: string
  since: number
  /** Of the source, by the setting. */
  rank: number
  is_verified: boolean
}

/** A row of `lead_source_states`, without its lead. */
export interface SourceState {
  source_key: string
  import_hashes: string
  observed_at: Date
  observations: SourceObservations
}

/** Observations kept of one source. An older one that is dropped leaves its values to the next. */
const OBSERVATIONS_MAX = 24

/** All but the flags, which go with their address or number. */
const statedColumns = mergedColumns.filter((field) => !leadingColumns[field])

/** The flag of each address and number. */
const verifiedColumns = new Map(
  Object.entries(leadingColumns).map(([flag, leader]) => [leader as MergedColumn, flag as MergedColumn]),
)

/**
 * What every source said of a lead, and when. A field has the value of the source that said something new last; a source
 * that repeats itself says nothing new, so two sources that disagree do not take turns. A verified address or number
 * beats an unverified one. The result depends on the times only, not on the order in which items arrive.
 */
export class LeadHistory {
  readonly #sources = new Map<string, Observation[]>()
  /** Of stored rows: values that their lead did not have, by field and hash. */
  readonly #values = new Map<MergedColumn, Map<string, FieldValue>>()
  /** What the lead had and items said. Hashed where a value is looked for: most are the ones that the lead has. */
  readonly #remembered: { fields: Partial<ImportedLead>; hashes: (string | undefined)[] }[] = []
  readonly #rankOf: (source_key: string) => number
  /** Whether something was observed that is not stored yet. */
  isChanged = false

  constructor(rankOf: (source_key: string) => number = () => 0) {
    this.#rankOf = rankOf
  }

  /** Adds a stored row. */
  addState({ source_key, observations }: Pick<SourceState, 'source_key' | 'observations'>): void {
    for (const [at, hashes, import_batch_id] of observations.seen) this.add(source_key, at, hashes, import_batch_id)
    for (const [field, values] of Object.entries(observations.values))
      for (const value of Object.values(values)) this.#keepValue(field as MergedColumn, value)
  }

  /** Adds an observation in the order of times; of equal times, the one that arrives later counts. False if known. */
  add(source_key: string, at: number, import_hashes: string, import_batch_id: string | null): boolean {
    const hashes = splitHashes(import_hashes)
    const seen = this.#sources.get(source_key) ?? []
    this.#sources.set(source_key, seen)
    const before = seen.findLastIndex((observation) => observation.at <= at)
    const previous = seen[before]
    if (previous?.at === at && isSame(previous.hashes, hashes)) return false
    seen.splice(before + 1, 0, { at, hashes, import_batch_id })
    if (seen.length > OBSERVATIONS_MAX) dropOldest(seen)
    return true
  }

  /** The time of the newest observation of a source. */
  newest(source_key: string): number | undefined {
    return this.#sources.get(source_key)?.at(-1)?.at
  }

  newestOfAll(): number | undefined {
    const times = [...this.#sources.values()].flatMap((seen) => seen.at(-1)?.at ?? [])
    return times.length === 0 ? undefined : Math.max(...times)
  }

  /** The source that said something at this time: the one of the stored item. */
  sourceAt(at: number): string | undefined {
    for (const [source_key, seen] of this.#sources)
      if (seen.some((observation) => observation.at === at)) return source_key
    return this.#sources.keys().next().value
  }

  /**
   * Records an item and returns what it changes: fields that have another value now, and nothing of all others. `ours`
   * are the current fields of the lead, `base` the hashes of what imports wrote last.
   */
  observe(item: ObservedItem, ours: ImportedLead, base: string | null): Partial<ImportedLead> {
    const said = splitHashes(item.import_hashes)
    const held = splitHashes(base ?? '')
    const fields = this.#findNewClaims(item, said)
    const before = new Map(fields.map((field) => [field, this.#compareClaims(field, item.source_key, held)]))
    this.remember(ours)
    if (!this.add(item.source_key, item.at, item.import_hashes, item.import_batch_id)) return {}
    this.isChanged = true
    this.#remembered.push({ fields: item.importable, hashes: said })
    const news: Partial<Record<MergedColumn, FieldValue>> = {}
    for (const field of fields) {
      const position = hashPositions[field]
      const past = before.get(field)
      const own = this.#findClaim(field, item.source_key)
      const preferred = own?.hash === past?.own?.hash ? past?.winner?.hash : own?.hash
      const winner = this.#findWinner(field, preferred)
      if (!winner || winner.hash === past?.winner?.hash) continue
      const value = this.#findValue(field, winner.hash)
      if (value === undefined) continue
      news[field] = value
      held[position] = winner.hash
    }
    this.#addVerified(news, item.importable, said, held)
    return news as Partial<ImportedLead>
  }

  /**
   * The fields of which an item may say something new: not those of which its source, when it was seen last and not later,
   * said the same. These keep their claims, so they keep their winner.
   */
  #findNewClaims({ source_key, at }: ObservedItem, said: readonly string[]): MergedColumn[] {
    const last = this.#sources.get(source_key)?.at(-1)
    const isRepeated = (field: MergedColumn): boolean =>
      last !== undefined && last.at <= at && last.hashes[hashPositions[field]] === said[hashPositions[field]]
    return statedColumns.filter(
      (field) => said[hashPositions[field]] !== EMPTY_HASH && (verifiedColumns.has(field) || !isRepeated(field)),
    )
  }

  /** A flag goes with its address: it is set if one of the sources that state the address says so. */
  #addVerified(
    news: Partial<Record<MergedColumn, FieldValue>>,
    importable: ImportedLead,
    said: readonly string[],
    held: readonly string[],
  ): void {
    for (const [leader, flag] of verifiedColumns) {
      const hash = held[hashPositions[leader]]
      const isStated = said[hashPositions[leader]] === hash
      if (hash === EMPTY_HASH || (!isStated && news[leader] === undefined)) continue
      if (news[leader] === undefined) news[leader] = importable[leader] ?? null
      news[flag] = [...this.#sources.values()].some((seen) => isVerified(seen, leader, hash))
    }
  }

  #compareClaims(field: MergedColumn, source_key: string, held: readonly string[]): { winner?: Claim; own?: Claim } {
    const winner = this.#findWinner(field, held[hashPositions[field]])
    const own = this.#findClaim(field, source_key)
    return { ...(winner && { winner }), ...(own && { own }) }
  }

  /** What the source states of a field now: since when it has said nothing else. */
  #findClaim(field: MergedColumn, source_key: string): Claim | undefined {
    const position = hashPositions[field]
    const seen = this.#sources.get(source_key) ?? []
    let claim: Claim | undefined
    for (let index = seen.length - 1; index >= 0; index -= 1) {
      const { at, hashes } = seen[index] as Observation
      const hash = hashes[position] as string
      if (hash === EMPTY_HASH) continue
      if (claim && claim.hash !== hash) break
      claim ??= { hash, since: at, rank: this.#rankOf(source_key), is_verified: isVerified(seen, field, hash) }
      claim.since = at
    }
    return claim
  }

  /** Of equal claims, the preferred one wins. */
  #findWinner(field: MergedColumn, preferred: string | undefined): Claim | undefined {
    let winner: Claim | undefined
    for (const source_key of this.#sources.keys()) {
      const claim = this.#findClaim(field, source_key)
      if (!claim) continue
      const order = winner ? compareClaims(claim, winner) : 1
      if (order > 0 || (order === 0 && claim.hash === preferred)) winner = claim
    }
    return winner
  }

  /** Keeps these values, so that they can count again where the lead has others. */
  remember(fields: Partial<ImportedLead>): void {
    this.#remembered.push({ fields, hashes: [] })
  }

  #keepValue(field: MergedColumn, value: FieldValue): void {
    const values = this.#values.get(field) ?? new Map<string, FieldValue>()
    values.set(hashOf(value), value)
    this.#values.set(field, values)
  }

  #findValue(field: MergedColumn, hash: string): FieldValue | undefined {
    const position = hashPositions[field]
    for (const { fields, hashes } of this.#remembered) {
      const value = fields[field]
      if (value === undefined) continue
      hashes[position] ??= hashOf(value)
      if (hashes[position] === hash) return value
    }
    return this.#values.get(field)?.get(hash)
  }

  /** Whether a row of this file said something. */
  hasBatch(import_batch_id: string): boolean {
    return [...this.#sources.values()].some((seen) => seen.some((one) => one.import_batch_id === import_batch_id))
  }

  /** Removes what a file said. Returns whether it said anything. */
  removeBatch(import_batch_id: string): boolean {
    let isRemoved = false
    for (const [source_key, seen] of this.#sources) {
      const kept = seen.filter((observation) => observation.import_batch_id !== import_batch_id)
      isRemoved ||= kept.length < seen.length
      if (kept.length === 0) this.#sources.delete(source_key)
      else this.#sources.set(source_key, kept)
    }
    return isRemoved
  }

  /** The rows to store, where the lead has these fields now. */
  toStates(ours: ImportedLead): SourceState[] {
    const current = splitHashes(hashColumns(ours))
    return [...this.#sources].map(([source_key, seen]) => {
      const newest = seen.at(-1) as Observation
      return {
        source_key,
        import_hashes: joinHashes(newest.hashes),
        observed_at: new Date(newest.at),
        observations: {
          seen: seen.map(({ at, hashes, import_batch_id }) => [at, joinHashes(hashes), import_batch_id]),
          values: this.#findOtherValues(seen, current),
        },
      }
    })
  }

  #findOtherValues(seen: readonly Observation[], current: readonly string[]): SourceObservations['values'] {
    const kept: SourceObservations['values'] = {}
    for (const [position, field] of mergedColumns.entries()) {
      for (const { hashes } of seen) {
        const hash = hashes[position] as string
        if (hash === EMPTY_HASH || hash === current[position] || kept[field]?.[hash] !== undefined) continue
        const value = this.#findValue(field, hash)
        if (value !== undefined) kept[field] = { ...kept[field], [hash]: value }
      }
    }
    return kept
  }
}

/** By precedence, then verified before unverified, then the later one. */
const compareClaims = (a: Claim, b: Claim): number =>
  a.rank - b.rank || Number(a.is_verified) - Number(b.is_verified) || a.since - b.since

/** Whether the source said of this address or number, when it stated it last, that it is verified. */
function isVerified(seen: readonly Observation[], leader: MergedColumn, hash: string | undefined): boolean {
  const flag = verifiedColumns.get(leader)
  if (flag === undefined) return false
  const last = seen.findLast(({ hashes }) => hashes[hashPositions[leader]] === hash)
  return last !== undefined && last.hashes[hashPositions[flag]] !== EMPTY_HASH
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.every((hash, index) => hash === b[index])

function dropOldest(seen: Observation[]): void {
  const [oldest, next] = seen as [Observation, Observation]
  seen.splice(0, 2, {
    ...next,
    hashes: next.hashes.map((hash, position) => (hash === EMPTY_HASH ? (oldest.hashes[position] as string) : hash)),
  })
}
