import { createHash } from 'node:crypto'
import type { DuplicateFeatures } from '../duplicates/features.ts'
import { hashMatchKey } from '../duplicates/match-keys.ts'
import { toItemFeatures, toItemIdentities } from '../ingest/item-target.ts'
import type { IngestItem } from '../ingest/lead-draft.ts'

/**
 * Leads that earlier pages of a dry run would create: for each external id and identity 48 bits of a hash, and 30 bits of
 * the sounds of its names, by which people who share an address are told apart as an import does. Names that only look
 * alike count as two.
 */
export class SeenLeads {
  readonly #names = new Map<number, number>()

  /** Returns whether an earlier item would create the lead of this one, and remembers what this one adds. */
  meet(provider_name: string, item: IngestItem): boolean {
    const names = toNameBits(toItemFeatures(item))
    let isKnown = this.#meetOwn(`${provider_name}\u0000${item.lead.external_id}`, names)
    for (const identity of toItemIdentities(item)) {
      const key = shortHash(identity)
      const known = this.#names.get(key)
      // Two systems number their records alike: a number joins one name only.
      const agrees = identity === item.record_identity ? known === names && names !== UNNAMED : agree(known, names)
      isKnown ||= agrees
      if (known === undefined) this.#names.set(key, names)
      // As in an import: an address of two people matches nobody any more, a page stays the first one's.
      else if (!agrees && identity.startsWith('email:')) this.#names.set(key, SHARED)
    }
    return isKnown
  }

  /** A lead whose external id is another person's gets one of its own, which its name is part of. */
  #meetOwn(external_id: string, names: number): boolean {
    const key = shortHash(external_id)
    const known = this.#names.get(key)
    if (known === undefined) this.#names.set(key, names)
    if (known === undefined || agree(known, names)) return known !== undefined
    const ownKey = shortHash(`${external_id}\u0000${names}`)
    const isKnown = this.#names.has(ownKey)
    this.#names.set(ownKey, names)
    return isKnown
  }
}

const UNNAMED = 0
const SHARED = -1
const NAME_BITS = 15
const NAME_MASK = (1 << NAME_BITS) - 1

/** Both parts of a name by their sounds, in either order; 0 if one is missing. */
function toNameBits({ kind, first, last, company }: DuplicateFeatures): number {
  if (kind === 'company') return company === null ? UNNAMED : toBits(company.text)
  if (first === null || last === null) return UNNAMED
  const [low = 0, high = 0] = [toBits(first.sound), toBits(last.sound)].sort((a, b) => a - b)
  return low | (high << NAME_BITS)
}

/** Never 0. */
const toBits = (text: string): number => hashMatchKey(text) & NAME_MASK || 1

/** Only two full names contradict each other. */
const agree = (known: number | undefined, names: number): boolean =>
  known !== undefined && known !== SHARED && (known === names || known >> NAME_BITS === 0 || names >> NAME_BITS === 0)

/** In 1 of 500 files of a million rows two leads share a hash, and the count is off by one. */
const shortHash = (text: string): number => createHash('sha1').update(text).digest().readUIntBE(0, 6)
