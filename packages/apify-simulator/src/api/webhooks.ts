import type { SimulatorState } from '../state.ts'
import type { Dispatch, Webhook } from '../types.ts'
import { webhookCreate, webhookUpdate } from '../webhooks/options.ts'
import { viewDispatch, viewWebhook } from '../webhooks/webhook.ts'
import { needToken } from './access.ts'
import { type Answer, ApiError, dataAnswer, notFound } from './answer.ts'
import { listPage } from './query.ts'
import type { ApiRequest } from './request.ts'
import type { Routes } from './router.ts'

const WEBHOOKS_MAX = 100

function webhookOf(request: ApiRequest, state: SimulatorState): Webhook {
  needToken(request)
  const webhook = state.webhooks.get(request.params[0] ?? '')
  if (!webhook) throw notFound('Webhook')
  return webhook
}

function view(state: SimulatorState, webhook: Webhook, short = false) {
  return viewWebhook(webhook, state.webhooks.dispatches({ webhook_id: webhook.id }), short)
}

function listWebhooks(request: ApiRequest, state: SimulatorState, mine: (webhook: Webhook) => boolean): Answer {
  needToken(request)
  const webhooks = state.webhooks.list().filter(mine)
  return dataAnswer(listPage(request.query, webhooks, (webhook) => view(state, webhook, true)))
}

function listDispatches(request: ApiRequest, state: SimulatorState, dispatches: Dispatch[]): Answer {
  const one = (dispatch: Dispatch) => viewDispatch(dispatch, state.webhooks.get(dispatch.webhook_id))
  return dataAnswer(listPage(request.query, dispatches, one))
}

async function createWebhook(request: ApiRequest, state: SimulatorState): Promise<Answer> {
  needToken(request)
  const fields = webhookCreate.parse(await request.json())
  const { actorId, actorTaskId, actorRunId } = fields.condition
  if (!actorId && !actorTaskId && !actorRunId) {
    throw new ApiError(400, 'invalid-value', 'The condition must name an Actor, a task or a run')
  }
  if (state.webhooks.list().filter((webhook) => !webhook.is_ad_hoc).length >= WEBHOOKS_MAX) {
    throw new ApiError(400, 'too-many-webhooks', `A user may have ${WEBHOOKS_MAX} webhooks at most`)
  }
  return dataAnswer(view(state, state.webhooks.addChecked(fields)), 201)
}

export const webhookRoutes: Routes = {
  'GET /v2/webhooks': (request, state) => listWebhooks(request, state, (webhook) => !webhook.is_ad_hoc),
  'POST /v2/webhooks': createWebhook,
  'GET /v2/actors/:actor/webhooks': (request, state) => {
    const actor_id = state.actors.find(request.params[0] ?? '')?.id
    return listWebhooks(request, state, (webhook) => webhook.condition.actorId === actor_id)
  },
  'GET /v2/actor-tasks/:task/webhooks': (request, state) =>
    listWebhooks(request, state, (webhook) => webhook.condition.actorTaskId === request.params[0]),
  'GET /v2/webhooks/:webhook': (request, state) => dataAnswer(view(state, webhookOf(request, state))),
  'PUT /v2/webhooks/:webhook': async (request, state) => {
    const webhook = webhookOf(request, state)
    state.webhooks.change(webhook, webhookUpdate.parse(await request.json()))
    return dataAnswer(view(state, webhook))
  },
  'DELETE /v2/webhooks/:webhook': (request, state) => {
    state.webhooks.remove(webhookOf(request, state).id)
    return { status: 204, headers: {}, body: null }
  },
  'POST /v2/webhooks/:webhook/test': (request, state) => {
    const webhook = webhookOf(request, state)
    const newest = [...state.runs.keys()].at(-1)
    const dispatch = state.webhooks.test(webhook, newest === undefined ? null : state.run(newest))
    return dataAnswer(viewDispatch(dispatch, webhook), 201)
  },
  'GET /v2/webhooks/:webhook/dispatches': (request, state) =>
    listDispatches(request, state, state.webhooks.dispatches({ webhook_id: webhookOf(request, state).id })),
  'GET /v2/webhook-dispatches': (request, state) => {
    needToken(request)
    return listDispatches(request, state, state.webhooks.dispatches())
  },
  'GET /v2/webhook-dispatches/:dispatch': (request, state) => {
    needToken(request)
    const dispatch = state.webhooks.getDispatch(request.params[0] ?? '')
    if (!dispatch || dispatch.lost) throw notFound('Webhook dispatch')
    return dataAnswer(viewDispatch(dispatch, state.webhooks.get(dispatch.webhook_id)))
  },
}
