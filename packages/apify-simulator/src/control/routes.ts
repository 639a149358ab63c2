import * as z from 'zod'
import { type Answer, ApiError, dataAnswer } from '../api/answer.ts'
import { wholeNumber } from '../api/query.ts'
import type { ApiRequest } from '../api/request.ts'
import type { Handler, Routes } from '../api/router.ts'
import { countDataset, type DatasetSpec } from '../generate/dataset.ts'
import type { AddRunOptions } from '../runs/options.ts'
import type { SimulatorState } from '../state.ts'
import type { EventType } from '../types.ts'
import type { AddWebhookOptions } from '../webhooks/options.ts'
import type { DispatchFilter } from '../webhooks/webhook-registry.ts'
import { clock, emit, finish, lags, limit, moreItems, release, resurrect } from './bodies.ts'

/** A body that may be left out. */
async function bodyOf(request: ApiRequest): Promise<unknown> {
  const text = (await request.body()).toString('utf8')
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiError(400, 'invalid-request', 'The request body is not valid JSON')
  }
}

/** What the verbs refuse (a run that is not there, an id that is there already) becomes an answer. */
function orRefuse<T>(status: 400 | 404, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof z.ZodError || error instanceof ApiError) throw error
    const type = status === 404 ? 'record-not-found' : 'invalid-value'
    throw new ApiError(status, type, error instanceof Error ? error.message : String(error))
  }
}

function dispatchFilter(query: URLSearchParams): DispatchFilter {
  const filter: DispatchFilter = {}
  const run_id = query.get('run_id')
  const webhook_id = query.get('webhook_id')
  const event_type = query.get('event_type')
  if (run_id) filter.run_id = run_id
  if (webhook_id) filter.webhook_id = webhook_id
  if (event_type) filter.event_type = event_type as EventType
  return filter
}

async function waitForDispatches(request: ApiRequest, state: SimulatorState): Promise<Answer> {
  const calls = wholeNumber(request.query, 'calls')
  try {
    const found = await state.waitForDispatches({
      ...dispatchFilter(request.query),
      count: wholeNumber(request.query, 'count') ?? 1,
      timeout_ms: wholeNumber(request.query, 'timeout_ms') ?? 10_000,
      ...(calls === null ? {} : { calls }),
    })
    return dataAnswer(found)
  } catch (error) {
    throw new ApiError(408, 'query-timeout', error instanceof Error ? error.message : String(error))
  }
}

/** The three routes of a list of rules: add one, see all, remove one or all. */
function ruleRoutes(
  path: string,
  rules: (state: SimulatorState) => {
    add(rule: unknown): string
    list(): unknown
    remove(id: string): boolean
    clear(): void
  },
): Routes {
  const removeOne: Handler = (request, state) => dataAnswer({ removed: rules(state).remove(request.params[0] ?? '') })
  return {
    [`POST ${path}`]: async (request, state) => {
      return dataAnswer({ id: rules(state).add(await bodyOf(request)) }, 201)
    },
    [`GET ${path}`]: (_request, state) => dataAnswer(rules(state).list()),
    [`DELETE ${path}`]: (_request, state) => {
      rules(state).clear()
      return dataAnswer({})
    },
    [`DELETE ${path}/:rule`]: removeOne,
  }
}

/**
 * The verbs of SimulatorState over HTTP, for a simulator in another process. They need no token, live below
 * `/simulator`, and take and answer the same fields as the verbs do; answers are wrapped in `data`.
 */
export const controlRoutes: Routes = {
  'GET /simulator': (_request, state) =>
    dataAnswer({
      runs: [...state.runs.keys()],
      webhooks: state.webhooks.list().length,
      dispatches: state.webhooks.dispatches().length,
      requests: state.requests.list().length,
    }),
  'POST /simulator/runs': async (request, state) => {
    // addRun checks what it is given.
    const options = (await bodyOf(request)) as AddRunOptions
    return dataAnswer(
      orRefuse(400, () => state.addRun(options)),
      201,
    )
  },
  'POST /simulator/runs/:run/items': async (request, state) => {
    const more = moreItems.parse(await bodyOf(request))
    const run_id = request.params[0] ?? ''
    orRefuse(404, () => {
      if (more.dataset) state.appendGenerated(run_id, more.dataset, more.from, more.to, more.alias)
      state.appendItems(run_id, more.items, more.alias)
      state.appendTexts(run_id, more.items_text, more.alias)
    })
    return dataAnswer({}, 201)
  },
  'POST /simulator/runs/:run/finish': async (request, state) => {
    const { status, emit: tell, status_message } = finish.parse(await bodyOf(request))
    const options = { emit: tell, ...(status_message === undefined ? {} : { status_message }) }
    return dataAnswer(orRefuse(404, () => state.finishRun(request.params[0] ?? '', status, options)))
  },
  'POST /simulator/runs/:run/resurrect': async (request, state) => {
    const options = resurrect.parse(await bodyOf(request))
    return dataAnswer(orRefuse(404, () => state.resurrectRun(request.params[0] ?? '', options)))
  },
  'DELETE /simulator/datasets/:dataset': (request, state) => {
    orRefuse(404, () => state.expireDataset(request.params[0] ?? ''))
    return dataAnswer({})
  },
  'POST /simulator/count': async (request) => dataAnswer(countDataset((await bodyOf(request)) as DatasetSpec)),
  'POST /simulator/webhooks': async (request, state) =>
    dataAnswer({ id: state.addWebhook((await bodyOf(request)) as AddWebhookOptions) }, 201),
  'POST /simulator/emit': async (request, state) => {
    const event = emit.parse(await bodyOf(request))
    return dataAnswer(orRefuse(404, () => state.emit(event)))
  },
  'GET /simulator/dispatches': (request, state) =>
    dataAnswer(state.webhooks.dispatches(dispatchFilter(request.query), true)),
  'GET /simulator/dispatches/wait': waitForDispatches,
  'POST /simulator/dispatches/:dispatch/repeat': (request, state) => {
    orRefuse(404, () => state.webhooks.repeat(request.params[0] ?? ''))
    return dataAnswer({})
  },
  'POST /simulator/release': async (request, state) => {
    const { order, seed } = release.parse(await bodyOf(request))
    return dataAnswer({ released: state.webhooks.release(order, seed) })
  },
  'PUT /simulator/lags': async (request, state) => {
    const given = lags.parse(await bodyOf(request))
    for (const [name, ms] of Object.entries(given)) if (ms !== undefined) state.lags[name as keyof typeof given] = ms
    return dataAnswer(state.lags)
  },
  'PUT /simulator/clock': async (request, state) => {
    state.time.skew_ms = clock.parse(await bodyOf(request)).skew_ms
    return dataAnswer({ now: state.time.iso() })
  },
  'PUT /simulator/rate-limit': async (request, state) => {
    state.rate_limit.per_second = limit.parse(await bodyOf(request)).per_second
    return dataAnswer({})
  },
  'GET /simulator/requests': (request, state) => {
    const path = request.query.get('path')
    return dataAnswer(state.requests.list(path === null ? {} : { path }))
  },
  ...ruleRoutes('/simulator/faults', (state) => state.faults),
  ...ruleRoutes('/simulator/delivery-faults', (state) => state.delivery_faults),
}
