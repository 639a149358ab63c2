import * as z from 'zod'
import { Dice } from '../generate/random.ts'
import { newId } from '../ids.ts'

/** When a rule fires, of all the occasions it matches. */
export const ruleTiming = {
  id: z.string().min(1).optional(),
  /** Fires this often at most; for ever where left out. */
  count: z.int().min(1).optional(),
  /** Lets this many matching occasions pass first. */
  skip: z.int().min(0).default(0),
  /** Fires with this probability, thrown from dice with `seed`: the same seed gives the same sequence. */
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
}

interface Timing {
  id?: string | undefined
  count?: number | undefined
  skip: number
  probability: number
  seed: number
}

interface Entry<Rule> {
  id: string
  rule: Rule
  dice: Dice
  seen: number
  fired: number
}

/** Rules in the order they were added; the first that matches and is due decides. */
export class RuleList<Rule extends Timing, Occasion> {
  #entries: Entry<Rule>[] = []
  readonly #matches: (rule: Rule, occasion: Occasion) => boolean

  constructor(matches: (rule: Rule, occasion: Occasion) => boolean) {
    this.#matches = matches
  }

  /** Adds a rule and returns its id. */
  add(rule: Rule): string {
    const id = rule.id ?? newId()
    this.#entries.push({ id, rule, dice: new Dice(rule.seed), seen: 0, fired: 0 })
    return id
  }

  remove(id: string): boolean {
    const before = this.#entries.length
    this.#entries = this.#entries.filter((entry) => entry.id !== id)
    return this.#entries.length < before
  }

  clear(): void {
    this.#entries = []
  }

  /** Every rule with how often it has matched and fired. */
  list(): { id: string; rule: Rule; seen: number; fired: number }[] {
    return this.#entries.map(({ id, rule, seen, fired }) => ({ id, rule, seen, fired }))
  }

  /** How often a rule has fired. */
  fired(id: string): number {
    return this.#entries.find((entry) => entry.id === id)?.fired ?? 0
  }

  /** The rule that strikes this occasion, if any. */
  strike(occasion: Occasion): Rule | undefined {
    for (const entry of this.#entries) {
      const { rule } = entry
      if (!this.#matches(rule, occasion)) continue
      entry.seen++
      if (entry.seen <= rule.skip) continue
      if (rule.count !== undefined && entry.fired >= rule.count) continue
      if (!entry.dice.hits(rule.probability)) continue
      entry.fired++
      return rule
    }
    return undefined
  }
}
