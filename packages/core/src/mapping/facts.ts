import { type Field, type Owner, SLOTS, toSlot } from './fields.ts'

export interface Candidate {
  value: unknown
  /** Lower is better. */
  rank: number
}

const NONE: readonly Candidate[] = []

/** What was found in an item: for each meaning the values that may be it, best first. */
export class Facts {
  private readonly slots: (Candidate[] | undefined)[] = new Array(SLOTS)
  /** Keys looked at; the walk stops at a limit, so that no item can cost more than a bounded time. */
  visited = 0
  /** How many of the item's own keys are those of contact crawlers. */
  crawlKeys = 0

  add(owner: Owner, field: Field, value: unknown, rank: number): void {
    const slot = toSlot(owner, field)
    const list = this.slots[slot]
    if (list === undefined) {
      this.slots[slot] = [{ value, rank }]
      return
    }
    if (list.length >= 60) return
    // Ordered on the way in; equal ranks keep the order of the item.
    let index = list.length
    while (index > 0 && (list[index - 1] as Candidate).rank > rank) index -= 1
    if (index === list.length) list.push({ value, rank })
    else list.splice(index, 0, { value, rank })
  }

  /** Forgets what was found for a field. */
  clear(owner: Owner, field: Field): void {
    this.slots[toSlot(owner, field)] = undefined
  }

  all(owner: Owner, field: Field): readonly Candidate[] {
    return this.slots[toSlot(owner, field)] ?? NONE
  }

  has(owner: Owner, field: Field): boolean {
    return this.slots[toSlot(owner, field)] !== undefined
  }

  /** The best candidate that a normaliser accepts, or null. */
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
