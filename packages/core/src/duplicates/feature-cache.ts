import type { Db } from '../database/engine.ts'
import { createFeatureMemo, type DuplicateFeatures } from './features.ts'
import { readFeatures } from './lead-subjects.ts'
import { buildMatchKeys } from './match-keys.ts'

export interface CachedLead {
  features: DuplicateFeatures
  /** Ascending. */
  keys: readonly number[]
}

/** Some 1.5 kB per lead. */
const CACHED_LEADS_MAX = 110_000
const LEADS_PER_READ = 2000
const NO_LEADS: ReadonlySet<number> = new Set()

/** Leads that a pass has read. The ones that were read first are dropped first: memory stays bounded. */
export class FeatureCache {
  readonly #db: Db
  readonly #leads = new Map<number, CachedLead>()
  readonly #memo = createFeatureMemo()
  readonly #leads_max: number

  constructor(db: Db, leads_max = CACHED_LEADS_MAX) {
    this.#db = db
    this.#leads_max = leads_max
  }

  get size(): number {
    return this.#leads.size
  }

  get(lead_id: number): CachedLead | undefined {
    return this.#leads.get(lead_id)
  }

  /** Reads these leads, also those that are here. */
  async read(lead_ids: readonly number[]): Promise<CachedLead[]> {
    const found = await readFeatures(this.#db, lead_ids, this.#memo)
    this.#makeRoom(found.length, NO_LEADS)
    return found.map((features) => {
      const lead = { features, keys: buildMatchKeys(features) }
      this.#leads.set(features.lead_id, lead)
      return lead
    })
  }

  /** Reads those of the leads that are not here. Leads that are gone stay absent. */
  async load(lead_ids: readonly number[]): Promise<void> {
    const missing = lead_ids.filter((id) => !this.#leads.has(id))
    this.#makeRoom(missing.length, new Set(lead_ids))
    for (let start = 0; start < missing.length; start += LEADS_PER_READ) {
      await this.read(missing.slice(start, start + LEADS_PER_READ))
    }
  }

  #makeRoom(count: number, needed: ReadonlySet<number>): void {
    let excess = this.#leads.size + count - this.#leads_max
    for (const id of this.#leads.keys()) {
      if (excess <= 0) break
      if (needed.has(id)) continue
      this.#leads.delete(id)
      excess -= 1
    }
  }
}
