import type { ApifyClient, Dataset } from 'apify-client'
import type { Json } from '../model/fields.ts'
import { RunStatus } from '../model/sync.ts'
import { toStatusError } from './apify-errors.ts'
import { type ApifyOptions, callApify, createApifyClient } from './create-client.ts'
import {
  type DatasetPage,
  type DatasetPageOptions,
  type DatasetPageRequest,
  type ItemConverter,
  readDatasetPage,
} from './read-dataset-page.ts'

/** The parts of a run that a sync keeps. Times are ISO 8601 UTC. */
export interface ApifyRun {
  run_id: string
  actor_id: string
  /** The account that owns the run; null when Apify does not state it. */
  user_id: string | null
  run_status: RunStatus
  started_at: string | null
  finished_at: string | null
  /** The default dataset first, then the others by alias. */
  dataset_ids: string[]
  key_value_store_id: string | null
  compute_units: number | null
  cost_usd: number | null
}

export interface ListRunsOptions {
  /** Actor id or user~name; undefined = all of the account. */
  actor_id?: string
  started_after: Date
  /** Left out = all. */
  run_statuses?: readonly RunStatus[]
  offset: number
  limit: number
}

/** The parts of a dataset in a list that tell whether it has grown. */
export interface ApifyDataset {
  dataset_id: string
  /** The run that created it, if one did. */
  run_id: string | null
  is_named: boolean
  /** Lags behind the dataset by seconds. */
  item_count: number
}

/** The calls of Apify that a sync needs. Each throws ApifyTransientError or ApifyPermanentError, nothing else. */
export interface ApifyApi {
  getRun(run_id: string): Promise<ApifyRun>
  /** Returns the run's INPUT record; null if there is none. */
  getInput(run: ApifyRun): Promise<Json>
  /** Returns `user/name`; null if the Actor was deleted or is hidden. */
  getActorName(actor_id: string): Promise<string | null>
  readItems<Item>(
    request: DatasetPageRequest,
    convert: ItemConverter<Item> | Promise<ItemConverter<Item>>,
    limits?: Pick<DatasetPageOptions, 'signal' | 'stall_timeout_ms'>,
  ): Promise<DatasetPage<Item>>
  /** Newest first. */
  listRuns(options: ListRunsOptions): Promise<ApifyRun[]>
  /** Returns named and unnamed datasets of the account, newest first. */
  listDatasets(options: { offset: number; limit: number }): Promise<ApifyDataset[]>
  /** Returns the account of the token, read once. Throws if the token is invalid. */
  getAccount(): Promise<ApifyAccount>
}

export interface ApifyAccount {
  user_id: string | null
  username: string
}

/** Creates the API. apify-client takes 120 ms to load, so the first call that needs it loads it. */
export function createApifyApi(options: ApifyOptions): ApifyApi {
  let opened: Promise<ApifyClient> | undefined
  let account: Promise<ApifyAccount> | undefined
  const call = <Answer>(what: string, request: (client: ApifyClient) => Promise<Answer>): Promise<Answer> =>
    callApify(what, async () => {
      opened ??= createApifyClient(options)
      return request(await opened)
    })

  return {
    async getRun(run_id) {
      const run = await call(`run ${run_id}`, (apify) => apify.run(run_id).get())
      if (!run) throw toStatusError(404, `run ${run_id}`, { type: 'record-not-found' })
      return toApifyRun(run as unknown as RunRecord)
    },
    async getInput(run) {
      if (!run.key_value_store_id) return null
      const id = run.key_value_store_id
      const record = await call(`the input of run ${run.run_id}`, (apify) => apify.keyValueStore(id).getRecord('INPUT'))
      const value: unknown = record?.value ?? null
      return Buffer.isBuffer(value) || typeof value !== 'object' ? null : (value as Json)
    },
    async getActorName(actor_id) {
      const actor = await call(`Actor ${actor_id}`, (apify) => apify.actor(actor_id).get())
      return actor ? `${actor.username}/${actor.name}` : null
    },
    async readItems(request, convert, limits) {
      const { APIFY_API_BASE_URL: base_url, APIFY_TOKEN: token } = options
      return readDatasetPage(request, { ...limits, base_url, token }, convert)
    },
    async listRuns({ actor_id, started_after, run_statuses, offset, limit }) {
      const list = await call(actor_id ? `the runs of Actor ${actor_id}` : 'the list of runs', (apify) =>
        (actor_id ? apify.actor(actor_id).runs() : apify.runs()).list({
          startedAfter: started_after,
          ...(run_statuses && { status: [...run_statuses] }),
          offset,
          limit,
          desc: true,
        }),
      )
      return list.items.map((run) => toApifyRun(run as unknown as RunRecord))
    },
    async listDatasets({ offset, limit }) {
      const list = await call('the list of datasets', (apify) =>
        apify.datasets().list({ unnamed: true, desc: true, offset, limit }),
      )
      return list.items.map(toApifyDataset)
    },
    getAccount() {
      account ??= call('the account', (apify) => apify.user('me').get()).then(({ id, username }) => ({
        user_id: id ?? null,
        username: username ?? 'unknown',
      }))
      account.catch(() => {
        account = undefined
      })
      return account
    },
  }
}

const toApifyDataset = ({ id, actRunId, name, itemCount }: Dataset): ApifyDataset => ({
  dataset_id: id,
  run_id: actRunId ?? null,
  is_named: Boolean(name),
  item_count: itemCount,
})

interface RunRecord {
  id: string
  actId: string
  userId?: string | null
  status: string
  startedAt?: Date | string | null
  finishedAt?: Date | string | null
  defaultDatasetId?: string | null
  defaultKeyValueStoreId?: string | null
  storageIds?: { datasets?: Record<string, string> } | null
  stats?: { computeUnits?: number } | null
  usageTotalUsd?: number | null
}

const toIsoTime = (time: Date | string | null | undefined): string | null =>
  time ? new Date(time).toISOString() : null

/** As precise as the columns are, so that a value read back equals the one written. */
const roundToMicros = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : Math.round(value * 1e6) / 1e6

function toApifyRun(run: RunRecord): ApifyRun {
  const others = Object.entries(run.storageIds?.datasets ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, id]) => id)
  const dataset_ids = [...new Set([run.defaultDatasetId, ...others])].filter((id): id is string => Boolean(id))
  return {
    run_id: run.id,
    actor_id: run.actId,
    user_id: run.userId ?? null,
    // An unknown status must neither end the sync nor lose the run.
    run_status: RunStatus().safeParse(run.status).data ?? 'RUNNING',
    started_at: toIsoTime(run.startedAt),
    finished_at: toIsoTime(run.finishedAt),
    dataset_ids,
    key_value_store_id: run.defaultKeyValueStoreId ?? null,
    compute_units: roundToMicros(run.stats?.computeUnits),
    cost_usd: roundToMicros(run.usageTotalUsd),
  }
}
