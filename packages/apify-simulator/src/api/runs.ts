import * as z from 'zod'
import { type DatasetSpec, datasetSpec } from '../generate/dataset.ts'
import { type RunRecord, USER_ID, viewRunShort } from '../runs/record.ts'
import type { SimulatorState } from '../state.ts'
import { FINAL_STATUSES, isFinal, RUN_STATUSES } from '../types.ts'
import { webhookAdHoc } from '../webhooks/options.ts'
import { needToken, needTokenUnlessOpen } from './access.ts'
import { type Answer, ApiError, dataAnswer, notFound } from './answer.ts'
import { listOf, listPage, timeOf, wholeNumber } from './query.ts'
import type { ApiRequest } from './request.ts'
import type { Routes } from './router.ts'

export function runOf(request: ApiRequest, state: SimulatorState): RunRecord {
  const run = state.runs.get(request.params[0] ?? '')
  needTokenUnlessOpen(request, run)
  if (!run) throw notFound('Actor run')
  return run
}

function actorOf(request: ApiRequest, state: SimulatorState) {
  needToken(request)
  const actor = state.actors.find(request.params[0] ?? '')
  if (!actor) throw notFound('Actor')
  return actor
}

function listRuns(request: ApiRequest, state: SimulatorState, mine: (run: RunRecord) => boolean): Answer {
  needToken(request)
  const statuses = listOf(request.query, 'status')
  for (const status of statuses ?? []) {
    if (!(RUN_STATUSES as readonly string[]).includes(status)) {
      throw new ApiError(400, 'invalid-value', `Invalid value of "status": ${status}`)
    }
  }
  const after = timeOf(request.query, 'startedAfter') ?? Number.NEGATIVE_INFINITY
  const before = timeOf(request.query, 'startedBefore') ?? Number.POSITIVE_INFINITY
  // A list shows the account's own runs only; a single run may be read by its id.
  const runs = [...state.runs.values()]
    .filter((run) => run.user_id === USER_ID)
    .filter((run) => mine(run) && run.started_at >= after && run.started_at <= before)
    .filter((run) => statuses === null || statuses.includes(run.status))
    .sort((a, b) => a.started_at - b.started_at)
  return dataAnswer(listPage(request.query, runs, (run) => viewRunShort(run, state.time, state.lags.usage_ms)))
}

/** What the input of a started run may say to the simulator; all else in it is only kept. */
const runInput = z.object({
  generator: datasetSpec.shape.generator.optional(),
  count: z.int().min(0).optional(),
  maxCrawledPlacesPerSearch: z.int().min(0).optional(),
  seed: z.int().optional(),
  overlap: datasetSpec.shape.overlap,
  duration_ms: z.number().min(0).default(5000),
  steps: z.int().min(1).default(20),
  finish_status: z.enum(FINAL_STATUSES).default('SUCCEEDED'),
})

function adHocWebhooks(query: URLSearchParams) {
  const encoded = query.get('webhooks')
  if (!encoded) return []
  try {
    return z.array(webhookAdHoc).parse(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')))
  } catch (error) {
    if (error instanceof z.ZodError) throw error
    throw new ApiError(400, 'invalid-value', 'Invalid value of "webhooks": no base64 of a JSON array')
  }
}

function parseInput(body: Buffer, content_type: string): z.infer<typeof runInput> {
  if (body.length === 0 || !content_type.startsWith('application/json')) return runInput.parse({})
  try {
    const input: unknown = JSON.parse(body.toString('utf8'))
    return runInput.parse(typeof input === 'object' && input !== null ? input : {})
  } catch (error) {
    if (error instanceof z.ZodError) throw error
    throw new ApiError(400, 'invalid-request', 'The request body is not valid JSON')
  }
}

function planDataset(
  { count, maxCrawledPlacesPerSearch, seed, overlap }: z.infer<typeof runInput>,
  generator: DatasetSpec['generator'] | null | undefined,
  max_items: number | null,
): DatasetSpec | undefined {
  if (!generator) return undefined
  const wanted = count ?? maxCrawledPlacesPerSearch ?? 100
  return {
    generator,
    count: max_items === null ? wanted : Math.min(wanted, max_items),
    ...(seed === undefined ? {} : { seed }),
    ...(overlap ? { overlap } : {}),
  }
}

/** Starts a run that makes the dataset its input asks for, growing over `duration_ms` simulated ms. */
async function startRun(request: ApiRequest, state: SimulatorState): Promise<Answer> {
  const actor = actorOf(request, state)
  const webhooks = adHocWebhooks(request.query)
  const body = await request.body()
  const input = parseInput(body, request.content_type ?? '')
  const max_items = wholeNumber(request.query, 'maxItems')
  const spec = planDataset(input, input.generator ?? actor.generator, max_items)
  const { id } = state.addRun({
    actor_id: actor.id,
    status: 'RUNNING',
    dataset: spec ?? { generator: 'google-places', count: 0 },
    grow: { duration_ms: input.duration_ms, steps: input.steps, finish_status: input.finish_status },
    ...(max_items ? { max_items } : {}),
  })
  const run = state.runs.get(id) as RunRecord
  run.user_agent = request.user_agent ?? null
  if (body.length > 0) state.setInput(id, request.content_type ?? 'application/octet-stream', body)
  for (const webhook of webhooks) {
    state.webhooks.addChecked({ ...webhook, isAdHoc: true, condition: { actorRunId: id } })
  }
  state.emit({ type: 'ACTOR.RUN.CREATED', run_id: id })
  return dataAnswer(state.run(id), 201, { Location: `/v2/actor-runs/${id}` })
}

const WAIT_MAX_S = 60

async function getRun(request: ApiRequest, state: SimulatorState): Promise<Answer> {
  const run = runOf(request, state)
  const wait_s = Math.min(wholeNumber(request.query, 'waitForFinish') ?? 0, WAIT_MAX_S)
  if (wait_s > 0 && !isFinal(run.status)) {
    const ended = state.waiters.until(
      () => (isFinal(run.status) ? true : undefined),
      wait_s * 1000,
      () => 'the end',
    )
    await ended.catch(() => false)
  }
  return dataAnswer(state.run(run.id, request.has_token))
}

function lastRunOf(request: ApiRequest, state: SimulatorState): RunRecord {
  const actor = actorOf(request, state)
  const status = request.query.get('status')
  const runs = [...state.runs.values()]
    .filter((run) => run.actor_id === actor.id && (status === null || run.status === status))
    .sort((a, b) => a.started_at - b.started_at)
  const last = runs.at(-1)
  if (!last) throw notFound('Actor run')
  return last
}

export const runRoutes: Routes = {
  'GET /v2/actor-runs': (request, state) => listRuns(request, state, () => true),
  'GET /v2/actors/:actor/runs': (request, state) => {
    const actor = actorOf(request, state)
    return listRuns(request, state, (run) => run.actor_id === actor.id)
  },
  'GET /v2/actor-tasks/:task/runs': (request, state) =>
    listRuns(request, state, (run) => run.actor_task_id === request.params[0]),
  'POST /v2/actors/:actor/runs': startRun,
  'GET /v2/actors/:actor/runs/last': (request, state) => dataAnswer(state.run(lastRunOf(request, state).id)),
  'GET /v2/actor-runs/:run': getRun,
  'DELETE /v2/actor-runs/:run': (request, state) => {
    needToken(request)
    const run = runOf(request, state)
    if (!isFinal(run.status)) throw new ApiError(400, 'cannot-remove-running-run', 'A running run cannot be removed')
    state.deleteRun(run.id)
    return { status: 204, headers: {}, body: null }
  },
  'POST /v2/actor-runs/:run/abort': (request, state) => {
    needToken(request)
    const run = runOf(request, state)
    // For a finished run this call does nothing.
    return dataAnswer(isFinal(run.status) ? state.run(run.id) : state.finishRun(run.id, 'ABORTED'))
  },
  'POST /v2/actor-runs/:run/resurrect': (request, state) => {
    needToken(request)
    const run = runOf(request, state)
    if (!isFinal(run.status)) throw new ApiError(400, 'invalid-request', 'Only finished runs can be resurrected')
    return dataAnswer(state.resurrectRun(run.id))
  },
}
