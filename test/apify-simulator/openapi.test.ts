import { existsSync, readFileSync } from 'node:fs'
import type { ApifySimulator } from '@leads/apify-simulator/server'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { PEOPLE, PLACES, simulate, startReceiver } from './receiver.ts'

const specFile = new URL('../../../shared/apify/openapi/apify-subset.bundled.json', import.meta.url)

type Validate = (method: string, path: string, status: number, body: unknown) => string[]

/** Reads the published specification, which is not part of this project. */
function readSpecification(): Validate {
  interface Operation {
    responses: Record<string, { $ref?: string; content?: Record<string, unknown> }>
  }
  const spec = JSON.parse(readFileSync(specFile, 'utf8')) as { paths: Record<string, Record<string, Operation>> }
  const ajv = new Ajv2020.default({ strict: false, allErrors: true, validateFormats: true })
  addFormats.default(ajv)
  ajv.addSchema(spec, 'spec')
  const pointer = (...parts: string[]) =>
    parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
  return (method, path, status, body) => {
    const response = spec.paths[path]?.[method]?.responses[status]
    if (!response) return [`${method} ${path} is not answered ${status} in the specification`]
    const place = response.$ref?.slice(2) ?? pointer('paths', path, method, 'responses', String(status))
    const schema = ajv.compile({ $ref: `spec#/${encodeURI(place)}/content/application~1json/schema` })
    schema(body)
    return (schema.errors ?? []).map((error) => `${error.instancePath} ${error.message}`)
  }
}

async function everyAnswer(
  simulator: ApifySimulator,
  check: (name: string, problems: string[]) => void,
  valid: Validate,
) {
  const { state } = simulator
  const receiver = await startReceiver()
  const run = state.addRun({ actor_id: PLACES, items: [{ a: 1 }, { b: 2 }], input: { q: 1 }, datasets: { more: [{}] } })
  const running = state.addRun({ actor_id: PEOPLE, status: 'RUNNING', actor_task_id: 'task1', max_items: 9 })
  const webhook_id = state.addWebhook({ requestUrl: receiver.url, eventTypes: ['ACTOR.RUN.SUCCEEDED'], isAdHoc: false })
  state.emit({ type: 'ACTOR.RUN.SUCCEEDED', run_id: run.id })
  const [dispatch] = await state.waitForDispatches()

  const ask = async (
    method: string,
    pattern: string,
    ids: string[],
    status: number,
    body?: unknown,
    token?: string,
  ) => {
    let i = 0
    const path = pattern.replace(/\{\w+\}/g, () => ids[i++] ?? '')
    const response = await fetch(simulator.url + path, {
      method: method.toUpperCase(),
      headers:
        token === '' ? {} : { authorization: `Bearer ${token ?? simulator.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer: unknown = await response.json()
    expect(response.status, `${method} ${path}: ${JSON.stringify(answer)}`).toBe(status)
    check(`${method} ${pattern} ${status}`, valid(method, pattern.split('?')[0] ?? '', status, answer))
  }

  await ask('get', '/v2/actor-runs/{runId}', [run.id], 200)
  await ask('get', '/v2/actor-runs/{runId}', [running.id], 200)
  await ask('get', '/v2/actor-runs', [], 200)
  await ask('get', '/v2/actors/{actorId}', [run.actId], 200)
  await ask('get', '/v2/actors/{actorId}/runs', [PLACES.replace('/', '~')], 200)
  await ask('get', '/v2/actors/{actorId}/runs/last', [run.actId], 200)
  await ask('get', '/v2/actor-tasks/{actorTaskId}/runs', ['task1'], 200)
  await ask('post', '/v2/actors/{actorId}/runs', [run.actId], 201, { count: 3, duration_ms: 1 })
  await ask('post', '/v2/actor-runs/{runId}/abort', [running.id], 200)
  await ask('post', '/v2/actor-runs/{runId}/resurrect', [running.id], 200)
  await ask('get', '/v2/datasets/{datasetId}', [run.defaultDatasetId], 200)
  await ask('get', '/v2/datasets/{datasetId}/items', [run.defaultDatasetId], 200)
  await ask('get', '/v2/actor-runs/{runId}/dataset', [run.id], 200)
  await ask('get', '/v2/actor-runs/{runId}/dataset/items', [run.id], 200)
  await ask('get', '/v2/key-value-stores/{storeId}/records/{recordKey}', [run.defaultKeyValueStoreId, 'INPUT'], 200)
  await ask('get', '/v2/webhooks', [], 200)
  const create = { eventTypes: ['TEST'], condition: { actorId: run.actId }, requestUrl: receiver.url }
  await ask('post', '/v2/webhooks', [], 201, create)
  await ask('get', '/v2/webhooks/{webhookId}', [webhook_id], 200)
  await ask('put', '/v2/webhooks/{webhookId}', [webhook_id], 200, { description: 'x' })
  await ask('post', '/v2/webhooks/{webhookId}/test', [webhook_id], 201)
  await ask('get', '/v2/webhooks/{webhookId}/dispatches', [webhook_id], 200)
  await ask('get', '/v2/actors/{actorId}/webhooks', [run.actId], 200)
  await ask('get', '/v2/webhook-dispatches', [], 200)
  await ask('get', '/v2/webhook-dispatches/{dispatchId}', [dispatch?.id ?? ''], 200)

  await ask('get', '/v2/actor-runs/{runId}', [run.id], 401, undefined, 'wrong')
  await ask('get', '/v2/actor-runs/{runId}', [run.id], 401, undefined, '')
  await ask('get', '/v2/actor-runs/{runId}', ['nothing'], 404)
  await ask('get', '/v2/datasets/{datasetId}/items', ['nothing'], 404)
  await ask('get', '/v2/datasets/{datasetId}/items?format=odd', [run.defaultDatasetId], 400)
  await ask('post', '/v2/webhooks', [], 400, {})
  for (const status of [400, 401, 402, 403, 404, 405, 429]) {
    state.faults.add({ count: 1, fault: { status } })
    await ask('get', '/v2/datasets/{datasetId}/items', [run.defaultDatasetId], status)
  }
}

test('every answer is as the published OpenAPI specification says', async () => {
  if (!existsSync(specFile)) {
    console.warn(`\n!!! NOT CHECKED AGAINST APIFY'S SPECIFICATION: there is no ${specFile.pathname}\n`)
    return
  }
  const { simulator } = await simulate()
  const wrong: Record<string, string[]> = {}
  let checked = 0
  const check = (name: string, problems: string[]) => {
    checked++
    if (problems.length > 0) wrong[name] = problems
  }
  await everyAnswer(simulator, check, readSpecification())
  expect(wrong).toEqual({})
  expect(checked).toBe(37)
})

test('the check finds an answer that is not as the specification says', () => {
  if (!existsSync(specFile)) return
  const valid = readSpecification()
  expect(valid('get', '/v2/actor-runs/{runId}', 200, { data: { id: 5 } }).join()).toContain('/data/id must be string')
  expect(valid('get', '/v2/actor-runs/{runId}', 404, { error: { type: 'gone' } }).join()).toContain('/error/type')
})
