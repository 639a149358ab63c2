import { Dice } from '../generate/random.ts'
import type { SimulatedTime } from '../time.ts'
import type { Dispatch, DispatchCall, Webhook } from '../types.ts'
import type { Waiters } from '../wait.ts'
import { DeliveryFaults, type DeliveryRule } from './delivery-faults.ts'
import { postWebhook } from './post.ts'

const RETRIES_MAX = 11
// The Console's Test button tries a few times only.
const TEST_RETRIES_MAX = 2
const FIRST_RETRY_MS = 60_000

export type ReleaseOrder = 'in-order' | 'reverse' | 'shuffled'

function shuffled<T>(list: readonly T[], dice: Dice): T[] {
  const out = [...list]
  for (let i = out.length - 1; i > 0; i--) {
    const j = dice.whole(0, i)
    const kept = out[i] as T
    out[i] = out[j] as T
    out[j] = kept
  }
  return out
}

/** Sends dispatches as Apify does: any 2xx is success, else up to 11 retries after 1, 2, 4 … simulated minutes. */
export class Dispatcher {
  readonly faults = new DeliveryFaults()
  readonly #time: SimulatedTime
  readonly #waiters: Waiters
  readonly #timeout_ms: number
  readonly #closing = new AbortController()
  readonly #sending = new Set<Promise<void>>()
  #held: { dispatch: Dispatch; webhook: Webhook }[] = []
  readonly #shuffles = new Map<DeliveryRule, { dispatch: Dispatch; webhook: Webhook }[]>()

  /** `timeout_ms` is how long a receiver may take to answer, in real milliseconds. */
  constructor(time: SimulatedTime, waiters: Waiters, timeout_ms: number) {
    this.#time = time
    this.#waiters = waiters
    this.#timeout_ms = timeout_ms
  }

  /** Starts the delivery of a new dispatch; rules may lose, delay, repeat or hold it. */
  dispatch(dispatch: Dispatch, webhook: Webhook): void {
    const rule = this.faults.strike(dispatch)
    const action = rule?.action
    if (action?.lose) {
      dispatch.lost = true
      dispatch.status = 'FAILED'
      this.#waiters.changed()
      return
    }
    if (action?.hold) {
      this.#held.push({ dispatch, webhook })
      return
    }
    if (rule && action?.shuffle !== undefined) {
      const together = this.#shuffles.get(rule) ?? []
      together.push({ dispatch, webhook })
      this.#shuffles.set(rule, together)
      if (together.length < action.shuffle) return
      this.#shuffles.delete(rule)
      this.#sendOneAfterTheOther(shuffled(together, new Dice(rule.seed)))
      return
    }
    const start = () => {
      this.#attempt(dispatch, webhook, 0)
      for (let i = 1; i <= (action?.duplicates ?? 0); i++) {
        this.#time.after((action?.duplicate_every_ms ?? 0) * i, () => this.repeat(dispatch, webhook))
      }
    }
    if (action && action.delay_ms > 0) this.#time.after(action.delay_ms, start)
    else start()
  }

  /** Sends what rules have held back; returns how many. Each is answered before the next is sent. */
  release(order: ReleaseOrder = 'in-order', seed = 1): number {
    const held = this.#held
    this.#held = []
    const ordered =
      order === 'reverse' ? [...held].reverse() : order === 'shuffled' ? shuffled(held, new Dice(seed)) : held
    this.#sendOneAfterTheOther(ordered)
    return ordered.length
  }

  /** Sends the same request again, regardless of its outcome; no retries follow. */
  repeat(dispatch: Dispatch, webhook: Webhook): void {
    this.#track(this.#call(dispatch, webhook).then(() => this.#waiters.changed()))
  }

  /** Stops sending and waiting; what is on its way is cut off. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#sending)
  }

  #sendOneAfterTheOther(list: readonly { dispatch: Dispatch; webhook: Webhook }[]): void {
    const send = async () => {
      for (const { dispatch, webhook } of list) await this.#attemptOnce(dispatch, webhook, 0)
    }
    this.#track(send())
  }

  #attempt(dispatch: Dispatch, webhook: Webhook, retries: number): void {
    this.#track(this.#attemptOnce(dispatch, webhook, retries))
  }

  async #attemptOnce(dispatch: Dispatch, webhook: Webhook, retries: number): Promise<void> {
    if (this.#closing.signal.aborted) return
    const status = (await this.#call(dispatch, webhook)).responseStatus ?? 0
    const most = webhook.do_not_retry ? 0 : dispatch.event_type === 'TEST' ? TEST_RETRIES_MAX : RETRIES_MAX
    if (status >= 200 && status < 300) dispatch.status = 'SUCCEEDED'
    else if (retries >= most) dispatch.status = 'FAILED'
    else this.#time.after(FIRST_RETRY_MS * 2 ** retries, () => this.#attempt(dispatch, webhook, retries + 1))
    this.#waiters.changed()
  }

  async #call(dispatch: Dispatch, webhook: Webhook): Promise<DispatchCall> {
    const call: DispatchCall = {
      startedAt: this.#time.iso(),
      finishedAt: null,
      errorMessage: null,
      responseStatus: null,
      responseBody: null,
    }
    dispatch.calls.push(call)
    const result = await postWebhook(dispatch.request_url, dispatch.headers, dispatch.body, {
      timeout_ms: this.#timeout_ms,
      ignore_ssl_errors: webhook.ignore_ssl_errors,
      signal: this.#closing.signal,
    })
    call.finishedAt = this.#time.iso()
    call.errorMessage = result.error
    call.responseStatus = result.status
    call.responseBody = result.body
    return call
  }

  #track(work: Promise<void>): void {
    this.#sending.add(work)
    void work.finally(() => this.#sending.delete(work))
  }
}
