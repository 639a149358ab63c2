import * as z from 'zod'
import { RuleList, ruleTiming } from '../faults/rule-list.ts'
import { type Dispatch, EVENT_TYPES } from '../types.ts'

/** What goes wrong with the delivery of a dispatch. */
export const deliveryRule = z.strictObject({
  ...ruleTiming,
  event_type: z.enum(EVENT_TYPES).optional(),
  webhook_id: z.string().optional(),
  run_id: z.string().optional(),
  action: z.strictObject({
    /** Never sent, and Apify knows nothing of it. */
    lose: z.boolean().default(false),
    /** Sent this many times more, with the same dispatch id. */
    duplicates: z.int().min(0).default(0),
    /** Simulated ms between the repeated deliveries; default 0. */
    duplicate_every_ms: z.number().min(0).default(0),
    /** Sent so much later, in simulated ms. */
    delay_ms: z.number().min(0).default(0),
    /** Kept back until `release()` is called, which states the order. */
    hold: z.boolean().default(false),
    /** Kept back until so many are together, then sent in an order thrown from the rule's seed. */
    shuffle: z.int().min(2).optional(),
  }),
})
export type DeliveryRuleInput = z.input<typeof deliveryRule>
export type DeliveryRule = z.output<typeof deliveryRule>

/** Rules that strike dispatches when they are first sent. */
export class DeliveryFaults {
  readonly #rules = new RuleList<DeliveryRule, Dispatch>(
    (rule, dispatch) =>
      (rule.event_type === undefined || rule.event_type === dispatch.event_type) &&
      (rule.webhook_id === undefined || rule.webhook_id === dispatch.webhook_id) &&
      (rule.run_id === undefined || rule.run_id === dispatch.run_id),
  )

  /**
   * Adds a rule and returns its id.
   *
   * @throws ZodError for a rule that makes no sense.
   */
  add(rule: DeliveryRuleInput): string {
    return this.#rules.add(deliveryRule.parse(rule))
  }

  remove(id: string): boolean {
    return this.#rules.remove(id)
  }

  clear(): void {
    this.#rules.clear()
  }

  list() {
    return this.#rules.list()
  }

  strike(dispatch: Dispatch): DeliveryRule | undefined {
    return this.#rules.strike(dispatch)
  }
}
