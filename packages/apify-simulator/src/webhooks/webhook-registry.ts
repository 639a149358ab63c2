import type { RunRecord } from '../runs/record.ts'
import type { SimulatedTime } from '../time.ts'
import type { Dispatch, EventType, Run, Webhook } from '../types.ts'
import type { Waiters } from '../wait.ts'
import { Dispatcher, type ReleaseOrder } from './dispatcher.ts'
import { makeDispatch } from './make-dispatch.ts'
import { type AddWebhookOptions, type WebhookFields, webhookAdd } from './options.ts'
import { changeWebhook, listensTo, makeWebhook } from './webhook.ts'

/** Which dispatches to wait for. */
export interface DispatchFilter {
  run_id?: string
  webhook_id?: string
  event_type?: EventType
  status?: Dispatch['status']
}

/** The account's webhooks and everything they have sent. */
export class WebhookDesk {
  readonly dispatcher: Dispatcher
  readonly #time: SimulatedTime
  readonly #waiters: Waiters
  readonly #webhooks = new Map<string, Webhook>()
  readonly #dispatches = new Map<string, Dispatch>()

  constructor(time: SimulatedTime, waiters: Waiters, timeout_ms: number) {
    this.#time = time
    this.#waiters = waiters
    this.dispatcher = new Dispatcher(time, waiters, timeout_ms)
  }

  /**
   * Adds a webhook. The same idempotency key gives the webhook that is there already.
   *
   * @throws ZodError for options that make no sense, templates included.
   */
  add(options: AddWebhookOptions): Webhook {
    return this.addChecked(webhookAdd.parse(options))
  }

  /** The same for fields that have been checked. */
  addChecked(fields: WebhookFields): Webhook {
    const key = fields.idempotencyKey
    if (key) {
      for (const webhook of this.#webhooks.values()) if (webhook.idempotency_key === key) return webhook
    }
    const webhook = makeWebhook(fields, this.#time.now())
    this.#webhooks.set(webhook.id, webhook)
    return webhook
  }

  get(webhook_id: string): Webhook | undefined {
    return this.#webhooks.get(webhook_id)
  }

  list(): Webhook[] {
    return [...this.#webhooks.values()]
  }

  change(webhook: Webhook, fields: WebhookFields): void {
    changeWebhook(webhook, fields, this.#time.now())
  }

  remove(webhook_id: string): boolean {
    return this.#webhooks.delete(webhook_id)
  }

  /** Makes and sends a dispatch for each webhook that listens. A run's ad-hoc webhooks tell each event once. */
  tell(type: EventType, run: RunRecord, view: Run): Dispatch[] {
    const about = { actor_id: run.actor_id, actor_task_id: run.actor_task_id, run_id: run.id }
    const made: Dispatch[] = []
    for (const webhook of this.#webhooks.values()) {
      if (!listensTo(webhook, type, about)) continue
      if (webhook.is_ad_hoc && this.dispatches({ webhook_id: webhook.id, event_type: type }, true).length > 0) continue
      made.push(this.#send(webhook, type, view))
    }
    return made
  }

  /** What the Console's Test button does: a TEST event with the newest run, or with a joke if there is none. */
  test(webhook: Webhook, run: Run | null): Dispatch {
    return this.#send(webhook, 'TEST', run)
  }

  /** The dispatches, ordered by creation; lost ones only if requested. */
  dispatches(filter: DispatchFilter = {}, with_lost = false): Dispatch[] {
    return [...this.#dispatches.values()].filter(
      (dispatch) =>
        (with_lost || !dispatch.lost) &&
        (filter.run_id === undefined || dispatch.run_id === filter.run_id) &&
        (filter.webhook_id === undefined || dispatch.webhook_id === filter.webhook_id) &&
        (filter.event_type === undefined || dispatch.event_type === filter.event_type) &&
        (filter.status === undefined || dispatch.status === filter.status),
    )
  }

  getDispatch(dispatch_id: string): Dispatch | undefined {
    return this.#dispatches.get(dispatch_id)
  }

  /** Sends a dispatch again, as Apify does "in rare cases". @throws Error if there is no such dispatch or webhook. */
  repeat(dispatch_id: string): void {
    const dispatch = this.#dispatches.get(dispatch_id)
    const webhook = dispatch && this.#webhooks.get(dispatch.webhook_id)
    if (!dispatch || !webhook) throw new Error(`There is no dispatch ${dispatch_id} with a webhook.`)
    this.dispatcher.repeat(dispatch, webhook)
  }

  /** Sends what delivery rules have held back; returns how many. */
  release(order?: ReleaseOrder, seed?: number): number {
    return this.dispatcher.release(order, seed)
  }

  /**
   * Waits until `count` (1) dispatches match and have ended: delivered, failed permanently or lost; with `calls` until each
   * has been tried so often. Gives them.
   *
   * @throws Error after `timeout_ms` (10,000 real ms).
   */
  waitForDispatches(
    options: DispatchFilter & { count?: number; calls?: number; timeout_ms?: number },
  ): Promise<Dispatch[]> {
    const { count = 1, calls, timeout_ms = 10_000, ...filter } = options
    const done = (dispatch: Dispatch): boolean => {
      if (calls === undefined) return dispatch.status !== 'ACTIVE'
      return dispatch.calls.filter((call) => call.finishedAt !== null).length >= calls
    }
    const found = () => this.dispatches(filter, true).filter(done)
    return this.#waiters.until(
      () => (found().length >= count ? found() : undefined),
      timeout_ms,
      () => `${count} dispatches of ${JSON.stringify(filter)}; there are ${found().length}`,
    )
  }

  #send(webhook: Webhook, type: EventType, run: Run | null): Dispatch {
    const data = run
      ? { actorId: run.actId, actorRunId: run.id, ...(run.actorTaskId ? { actorTaskId: run.actorTaskId } : {}) }
      : null
    const resource = run ?? { joke: 'A dataset walks into a bar. The bartender says: your items are late.' }
    const dispatch = makeDispatch(webhook, { type, data, resource, run_id: run?.id ?? null }, this.#time.now())
    this.#dispatches.set(dispatch.id, dispatch)
    this.dispatcher.dispatch(dispatch, webhook)
    return dispatch
  }
}
