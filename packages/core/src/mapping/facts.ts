import { type Field, type Owner, SLOTS, toSlot } from './fields.ts'

export interface Candidate {
  value: unknown
  /** Lower is better. */
  rank: number
}

const NONE: readonly Candidate[] = []
const CANDIDATES_MAX = 60

/** Notes where each fact came from. Only `leads map --explain` sets one. */
export interface FactTrace {
  enter(key: string): void
  leave(): void
  note(owner: Owner, field: Field, value: unknown): void
}

/** What was found in an item: per meaning the candidate values, best first. */
export class Facts {
  private readonly slots: (Candidate[] | undefined)[] = new Array(SLOTS)
  /** Number of keys read. The walk stops at a limit, which bounds the time per item. */
  visited = 0
  /** Number of top-level keys that are typical of contact crawlers. */
  crawlKeys = 0
  /** True if a key may hold what names the lead beside the usual keys. */
  hasRelated = false
  /** True if a key may hold the author of a post. */
  hasAuthorKey = false
  /** Host of the site that the item comes from, if a key names it: `clutchUrl: "/profile/acme"`. */
  sourceHost: string | null = null
  /** Host of the site that the Actor's name states: `someone/clutch-scraper`. */
  actorHost: string | null = null
  /** True if the item is a post whose author was read as its subject. */
  hasAuthor = false
  /** Whether unknown keys are read by their ending. */
  isGuessing = false
  readonly trace: FactTrace | null
  /** The whole item. */
  readonly root: Record<string, unknown>

  constructor(trace: FactTrace | null = null, root: Record<string, unknown> = {}) {
    this.trace = trace
    this.root = root
  }

  add(owner: Owner, field: Field, value: unknown, rank: number): void {
    this.trace?.note(owner, field, value)
    const slot = toSlot(owner, field)
    const list = this.slots[slot]
    if (list === undefined) {
      this.slots[slot] = [{ value, rank }]
      return
    }
    if (list.length >= CANDIDATES_MAX) return
    // Sorted on insertion. Equal ranks keep the order of the item.
    let index = list.length
    while (index > 0 && (list[index - 1] as Candidate).rank > rank) index -= 1
    if (index === list.length) list.push({ value, rank })
    else list.splice(index, 0, { value, rank })
  }

  /** Removes all candidates of a field. */
  clear(owner: Owner, field: Field): void {
    this.slots[toSlot(owner, field)] = undefined
  }

  /** Returns all candidates of a field, best first. */
  all(owner: Owner, field: Field): readonly Candidate[] {
    return this.slots[toSlot(owner, field)] ?? NONE
  }

  /** Returns how many candidates a field has. */
  count(owner: Owner, field: Field): number {
    return this.slots[toSlot(owner, field)]?.length ?? 0
  }

  has(owner: Owner, field: Field): boolean {
    return this.slots[toSlot(owner, field)] !== undefined
  }

  /** Returns the best candidate that a normalizer accepts, or null. */
  first<T>(owner: Owner, field: Field, clean: (value: unknown) => T | null): T | null {
    const list = this.slots[toSlot(owner, field)]
    if (list === undefined) return null
    for (const candidate of list) {
      const value = clean(candidate.value)
      if (value !== null) return value
    }
    return null
  }
}
