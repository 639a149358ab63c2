import { Dataset } from './datasets/dataset.ts'
import { Faults } from './faults/fault.ts'
import type { DatasetSpec } from './generate/dataset.ts'
import { RateLimit } from './rate-limit.ts'
import { RequestLog } from './request-log.ts'
import { Actors } from './runs/actors.ts'
import { EVENT_OF, makeRun, messageOf } from './runs/make-run.ts'
import { type AddRunOptions, addRunOptions } from './runs/options.ts'
import { type RunRecord, viewRun } from './runs/record.ts'
import type { SimulatedTime } from './time.ts'
import { type Dispatch, type EventType, type FinalStatus, isFinal, type Run } from './types.ts'
import { Waiters } from './wait.ts'
import { WebhookDesk } from './webhooks/webhook-registry.ts'

/** Lags of the whole account in simulated ms; datasets may have their own. All are 0 unless set. */
export interface Lags {
  /** From an item's writing until it can be read. */
  items_ms: number
  /** From an item's writing until `itemCount` and the pagination total know of it (about 5,000 on the platform). */
  counters_ms: number
  /** From a run's end until its cost and compute units are final (about 10,000 on the platform). */
  usage_ms: number
}

/** A record of a key-value store. */
export interface StoredRecord {
  content_type: string
  body: Buffer
}

/** Contents of the simulated account, and the operations that tests and demos run on it. */
export class SimulatorState {
  readonly time: SimulatedTime
  readonly actors: Actors
  readonly runs = new Map<string, RunRecord>()
  readonly datasets = new Map<string, Dataset>()
  readonly key_value_stores = new Map<string, Map<string, StoredRecord>>()
  readonly webhooks: WebhookDesk
  readonly faults = new Faults()
  /** Off unless `per_second` is set. */
  readonly rate_limit = new RateLimit()
  readonly requests: RequestLog
  readonly lags: Lags = { items_ms: 0, counters_ms: 0, usage_ms: 0 }
  readonly waiters = new Waiters()

  constructor(time: SimulatedTime, options: { webhook_timeout_ms: number }) {
    this.time = time
    this.actors = new Actors(time.now())
    this.requests = new RequestLog(this.waiters)
    this.webhooks = new WebhookDesk(time, this.waiters, options.webhook_timeout_ms)
  }

  /** The rules that lose, delay, repeat or hold webhook deliveries. */
  get delivery_faults() {
    return this.webhooks.dispatcher.faults
  }

  /**
   * Adds a run with its datasets and INPUT. Tells no webhook of it unless `emit` is set.
   *
   * @throws ZodError naming every option that makes no sense.
   */
  addRun(input: AddRunOptions): Run {
    const options = addRunOptions.parse(input)
    const now = this.time.now()
    const actor = this.actors.ensure(options.actor_id, options.actor_name, now)
    const run = makeRun(options, actor.id, now)
    if (this.runs.has(run.id)) throw new Error(`There is a run ${run.id} already.`)
    const lags = {
      items_lag_ms: options.items_lag_ms ?? this.lags.items_ms,
      counters_lag_ms: options.counters_lag_ms ?? this.lags.counters_ms,
    }
    // What a run of the past wrote was written by its end.
    const written_at = Math.min(now, run.finished_at ?? now)
    const dataset = this.#openDataset(run, 'default', lags)
    if (options.dataset && !options.grow) dataset.appendGenerated(options.dataset, 0, undefined, written_at)
    if (options.items) dataset.appendTexts(options.items.map(toText), written_at)
    if (options.items_text) dataset.appendTexts(options.items_text, written_at)
    for (const [alias, content] of Object.entries(options.datasets)) {
      const other = this.#openDataset(run, alias, lags)
      if (Array.isArray(content)) other.appendTexts(content.map(toText), written_at)
      else other.appendGenerated(content, 0, undefined, written_at)
    }
    this.key_value_stores.set(run.key_value_store_id, new Map())
    this.runs.set(run.id, run)
    if (options.input !== undefined) {
      this.setInput(run.id, 'application/json; charset=utf-8', Buffer.from(JSON.stringify(options.input)))
    }
    if (options.emit) {
      this.emit({ type: 'ACTOR.RUN.CREATED', run_id: run.id })
      if (isFinal(run.status)) this.emit({ type: EVENT_OF[run.status], run_id: run.id })
    }
    if (options.grow && options.dataset) this.#grow(run, dataset, options.dataset, options.grow)
    this.waiters.changed()
    return this.run(run.id)
  }

  /** The run as the API gives it now. @throws Error if there is none. */
  run(run_id: string, with_cost = true): Run {
    const run = this.#record(run_id)
    const written = this.datasets.get(run.datasets.default as string)?.written ?? 0
    return viewRun(run, written, this.time, { usage_lag_ms: this.lags.usage_ms, with_cost })
  }

  /** Appends values to a dataset of a run. */
  appendItems(run_id: string, items: readonly unknown[], alias = 'default'): void {
    this.appendTexts(run_id, items.map(toText), alias)
  }

  /** Appends items as exact JSON text, or as bytes, to a dataset of a run. */
  appendTexts(run_id: string, texts: readonly (string | Buffer)[], alias = 'default'): void {
    this.#datasetOf(run_id, alias).appendTexts(texts)
    this.waiters.changed()
  }

  /** Appends generated items, all of a spec's or those from one offset to another, to a dataset of a run. */
  appendGenerated(run_id: string, spec: DatasetSpec, from = 0, to?: number, alias = 'default'): void {
    this.#datasetOf(run_id, alias).appendGenerated(spec, from, to)
    this.waiters.changed()
  }

  /** Adds a named dataset that a run has created. The run itself does not name it. */
  addNamedDataset(run_id: string, name: string, items: readonly unknown[]): void {
    const { items_ms: items_lag_ms, counters_ms: counters_lag_ms } = this.lags
    const dataset = new Dataset(this.time, this.#record(run_id).id, name, { items_lag_ms, counters_lag_ms })
    dataset.name = name
    dataset.appendTexts(items.map(toText))
    this.datasets.set(dataset.id, dataset)
  }

  /** Ends a run and tells the webhooks, unless `emit` is false. */
  finishRun(
    run_id: string,
    status: FinalStatus = 'SUCCEEDED',
    options: { emit?: boolean; status_message?: string; finished_at?: number } = {},
  ): Run {
    const run = this.#record(run_id)
    run.status = status
    run.status_message = options.status_message ?? messageOf(status)
    run.finished_at = options.finished_at ?? this.time.now()
    if (options.emit !== false) this.emit({ type: EVENT_OF[status], run_id })
    this.waiters.changed()
    return this.run(run_id)
  }

  /** Resumes a finished run with the same datasets and notifies the webhooks, unless `emit` is false. */
  resurrectRun(run_id: string, options: { emit?: boolean } = {}): Run {
    const run = this.#record(run_id)
    run.status = 'RUNNING'
    run.status_message = messageOf('RUNNING')
    run.finished_at = null
    run.resurrect_count++
    if (options.emit !== false) this.emit({ type: 'ACTOR.RUN.RESURRECTED', run_id })
    this.waiters.changed()
    return this.run(run_id)
  }

  /** Deletes a run; its datasets stay until they are expired, as on the platform. */
  deleteRun(run_id: string): void {
    this.#record(run_id)
    this.runs.delete(run_id)
  }

  /** Deletes the items of a dataset: from now on it is unknown (404 record-not-found). */
  expireDataset(dataset_id: string): void {
    const dataset = this.datasets.get(dataset_id)
    if (!dataset) throw new Error(`There is no dataset ${dataset_id}.`)
    dataset.expired = true
  }

  /** Sets the record INPUT of a run's key-value store. */
  setInput(run_id: string, content_type: string, body: Buffer): void {
    const run = this.#record(run_id)
    run.input_bytes = body.length
    this.key_value_stores.get(run.key_value_store_id)?.set('INPUT', { content_type, body })
  }

  /** Adds a webhook; without a condition it hears of every run. Returns its id. */
  addWebhook(options: Parameters<WebhookDesk['add']>[0]): string {
    return this.webhooks.add(options).id
  }

  /** Tells every webhook that listens of an event about a run. Returns the dispatches made. */
  emit(event: { type: EventType; run_id: string }): Dispatch[] {
    const run = this.#record(event.run_id)
    const made = this.webhooks.tell(event.type, run, this.run(run.id))
    this.waiters.changed()
    return made
  }

  /** Waits until `count` dispatches that match are done with; see WebhookDesk.waitForDispatches. */
  waitForDispatches(options: Parameters<WebhookDesk['waitForDispatches']>[0] = {}): Promise<Dispatch[]> {
    return this.webhooks.waitForDispatches(options)
  }

  #record(run_id: string): RunRecord {
    const run = this.runs.get(run_id)
    if (!run) throw new Error(`There is no run ${run_id}.`)
    return run
  }

  #datasetOf(run_id: string, alias: string): Dataset {
    const run = this.#record(run_id)
    const dataset = this.datasets.get(run.datasets[alias] ?? '')
    if (!dataset) throw new Error(`The run ${run_id} has no dataset ${alias}.`)
    return dataset
  }

  #openDataset(run: RunRecord, alias: string, lags: { items_lag_ms: number; counters_lag_ms: number }): Dataset {
    const dataset = new Dataset(this.time, run.id, alias, lags)
    this.datasets.set(dataset.id, dataset)
    run.datasets[alias] = dataset.id
    return dataset
  }

  #grow(
    run: RunRecord,
    dataset: Dataset,
    spec: DatasetSpec,
    grow: { duration_ms: number; steps: number; finish_status: FinalStatus },
  ): void {
    for (let step = 1; step <= grow.steps; step++) {
      this.time.after((grow.duration_ms * step) / grow.steps, () => {
        // A run that was ended by hand no longer grows.
        if (run.status !== 'RUNNING') return
        const end = (part: number) => Math.floor((spec.count * part) / grow.steps)
        dataset.appendGenerated(spec, end(step - 1), end(step))
        this.waiters.changed()
        if (step === grow.steps) this.finishRun(run.id, grow.finish_status)
      })
    }
  }
}

/** An item as JSON text. @throws Error for what JSON cannot say (undefined, functions). */
function toText(item: unknown): string {
  const text: unknown = JSON.stringify(item)
  if (typeof text !== 'string') throw new Error('An item must be something that JSON can say.')
  return text
}
