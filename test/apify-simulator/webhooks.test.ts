import { expect, test } from 'vitest'
import { PEOPLE, PLACES, simulate, startReceiver } from './receiver.ts'

const SUCCEEDED = ['ACTOR.RUN.SUCCEEDED' as const]

test('the default body contains user, time, event, event data and the run as the API gives it, under Apify headers', async () => {
  const { state, client } = await simulate()
  const receiver = await startReceiver()
  state.addWebhook({ requestUrl: receiver.url, eventTypes: SUCCEEDED })
  const run = state.addRun({ actor_id: PLACES, actor_task_id: 'task1', items: [{ a: 1 }], emit: true })
  const [dispatch] = await state.waitForDispatches()
  const [first] = receiver.received
  expect(Object.keys(first?.json ?? {})).toEqual(['userId', 'createdAt', 'eventType', 'eventData', 'resource'])
  expect(first?.json).toMatchObject({
    eventType: 'ACTOR.RUN.SUCCEEDED',
    eventData: { actorId: run.actId, actorRunId: run.id, actorTaskId: 'task1' },
    resource: { id: run.id, status: 'SUCCEEDED', defaultDatasetId: run.defaultDatasetId },
  })
  expect(first?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-apify-webhook': 'internal',
    'x-apify-webhook-dispatch-id': dispatch?.id,
    'x-apify-request-origin': 'WEBHOOK',
  })
  const record = await client.webhookDispatch(dispatch?.id ?? '').get()
  expect(record).toMatchObject({
    status: 'SUCCEEDED',
    calls: [{ responseStatus: 202, responseBody: '{"queued":true}' }],
  })
})

test('a custom template is filled: bare variables as JSON, and inside strings where that is switched on', async () => {
  const { state } = await simulate()
  const receiver = await startReceiver()
  state.addWebhook({
    requestUrl: receiver.url,
    eventTypes: SUCCEEDED,
    payloadTemplate: '{"id": {{resource.id}}, "text": "{{resource.id}}", "none": {{resource.nothing.here}}}',
    headersTemplate: '{"Authorization": "Bearer s3cret", "Content-Type": "text/plain", "X-Apify-Webhook": "mine"}',
  })
  state.addWebhook({
    requestUrl: receiver.url,
    eventTypes: SUCCEEDED,
    shouldInterpolateStrings: true,
    payloadTemplate: '{"all": "{{eventData}}", "text": "run {{resource.id}} of {{eventType}}"}',
    headersTemplate: '{"X-Run": "{{resource.id}}"}',
  })
  const run = state.addRun({ actor_id: PLACES, emit: true })
  await state.waitForDispatches({ count: 2 })
  const bare = receiver.received.find((request) => 'id' in request.json)
  expect(bare?.json).toEqual({ id: run.id, text: '{{resource.id}}', none: null })
  expect(bare?.headers).toMatchObject({
    authorization: 'Bearer s3cret',
    'content-type': 'application/json',
    'x-apify-webhook': 'internal',
  })
  const inside = receiver.received.find((request) => 'all' in request.json)
  expect(inside?.json).toEqual({
    all: { actorId: run.actId, actorRunId: run.id },
    text: `run ${run.id} of ACTOR.RUN.SUCCEEDED`,
  })
  expect(inside?.headers['x-run']).toBe(run.id)
})

test('a webhook receives only its requested events, of the Actor, task or run of its condition', async () => {
  const { state } = await simulate()
  const receiver = await startReceiver()
  const { actId } = state.addRun({ actor_id: PEOPLE, id: 'other' })
  state.addWebhook({ requestUrl: receiver.url, eventTypes: ['ACTOR.RUN.TIMED_OUT'], condition: { actorId: actId } })
  state.addWebhook({ requestUrl: receiver.url, eventTypes: ['ACTOR.RUN.FAILED'], condition: { actorRunId: 'this' } })
  const made = [
    state.emit({ type: 'ACTOR.RUN.TIMED_OUT', run_id: 'other' }),
    state.emit({ type: 'ACTOR.RUN.FAILED', run_id: 'other' }),
  ]
  expect(made.map((list) => list.length)).toEqual([1, 0])
  state.addRun({ actor_id: PLACES, id: 'this', status: 'RUNNING' })
  state.finishRun('this', 'FAILED')
  await state.waitForDispatches({ count: 2 })
  expect(receiver.received).toHaveLength(2)
  expect(new Set(receiver.received.map((request) => request.json.eventType))).toEqual(
    new Set(['ACTOR.RUN.FAILED', 'ACTOR.RUN.TIMED_OUT']),
  )
})

test('an answer other than 2xx is retried with the same id and body until it succeeds, redirects included', async () => {
  const { state } = await simulate()
  const answers = [503, 302, 400, 202]
  const receiver = await startReceiver((nth) => answers[nth - 1] ?? 500)
  state.addWebhook({ requestUrl: receiver.url, eventTypes: SUCCEEDED })
  state.addRun({ actor_id: PLACES, emit: true })
  const [dispatch] = await state.waitForDispatches()
  expect(dispatch?.status).toBe('SUCCEEDED')
  expect(dispatch?.calls.map((call) => call.responseStatus)).toEqual(answers)
  expect(new Set(receiver.received.map((request) => request.headers['x-apify-webhook-dispatch-id'])).size).toBe(1)
  expect(new Set(receiver.received.map((request) => request.body)).size).toBe(1)
})

test('after 11 retries with doubling pauses, Apify stops retrying', async () => {
  const { state } = await simulate({ time_scale: 0.00001 })
  const receiver = await startReceiver(() => 500)
  state.addWebhook({ requestUrl: receiver.url, eventTypes: SUCCEEDED })
  state.addRun({ actor_id: PLACES, emit: true })
  const [dispatch] = await state.waitForDispatches()
  expect(dispatch?.status).toBe('FAILED')
  expect(receiver.received).toHaveLength(12)
  const starts = dispatch?.calls.map((call) => Date.parse(call.startedAt)) ?? []
  // 1 + 2 + … + 1024 simulated minutes are 1,228 ms here.
  expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(1_200)
})

test('doNotRetry tries once; a receiver that is not there and one that never answers are failures with a reason', async () => {
  const { state } = await simulate({ webhook_timeout_ms: 100 })
  const silent = await startReceiver(() => 'never')
  for (const requestUrl of ['http://127.0.0.1:9/', silent.url]) {
    state.addWebhook({ requestUrl, eventTypes: SUCCEEDED, doNotRetry: true })
  }
  state.addRun({ actor_id: PLACES, emit: true })
  const dispatches = await state.waitForDispatches({ count: 2 })
  expect(dispatches.map((dispatch) => dispatch.status)).toEqual(['FAILED', 'FAILED'])
  expect(dispatches.map((dispatch) => dispatch.calls.length)).toEqual([1, 1])
  expect(dispatches.map((dispatch) => dispatch.calls[0]?.errorMessage)).toEqual([
    expect.stringContaining('ECONNREFUSED'),
    'No answer within 100 ms',
  ])
})

test('an ad-hoc webhook belongs to the run it was started with and tells its end once', async () => {
  const { state, client } = await simulate()
  const receiver = await startReceiver()
  const run = await client
    .actor(PLACES)
    .start({ count: 5, duration_ms: 10 }, { webhooks: [{ eventTypes: SUCCEEDED, requestUrl: receiver.url }] })
  await state.waitForDispatches({ run_id: run.id })
  state.resurrectRun(run.id)
  state.finishRun(run.id)
  expect(state.webhooks.dispatches({ run_id: run.id })).toHaveLength(1)
  expect((await client.webhooks().list()).items).toEqual([])
})

test('a resurrected run is marked and can succeed a second time, with its own dispatch', async () => {
  const { state } = await simulate()
  const receiver = await startReceiver()
  state.addWebhook({ requestUrl: receiver.url, eventTypes: ['ACTOR.RUN.SUCCEEDED', 'ACTOR.RUN.RESURRECTED'] })
  const { id } = state.addRun({ actor_id: PLACES, emit: true })
  state.resurrectRun(id)
  state.finishRun(id)
  const dispatches = await state.waitForDispatches({ count: 3 })
  expect(dispatches.map((dispatch) => dispatch.event_type)).toEqual([
    'ACTOR.RUN.SUCCEEDED',
    'ACTOR.RUN.RESURRECTED',
    'ACTOR.RUN.SUCCEEDED',
  ])
  expect(new Set(dispatches.map((dispatch) => dispatch.id)).size).toBe(3)
  const resurrected = receiver.received.find((request) => request.json.eventType === 'ACTOR.RUN.RESURRECTED')
  expect(resurrected?.json.resource).toMatchObject({ id, status: 'RUNNING', finishedAt: null })
})

test('the Test button sends the newest run, or a joke and no event data if there is none', async () => {
  const { state, client } = await simulate()
  const receiver = await startReceiver()
  const webhook = await client
    .webhooks()
    .create({ eventTypes: SUCCEEDED, condition: { actorId: 'x' }, requestUrl: receiver.url })
  await client.webhook(webhook.id).test()
  await state.waitForDispatches({ count: 1 })
  const { id } = state.addRun({ actor_id: PLACES })
  await client.webhook(webhook.id).test()
  await state.waitForDispatches({ count: 2 })
  expect(receiver.received.map((request) => request.json.eventType)).toEqual(['TEST', 'TEST'])
  expect(receiver.received[0]?.json).toMatchObject({
    eventData: null,
    resource: { joke: expect.any(String) as string },
  })
  expect(receiver.received[1]?.json).toMatchObject({ eventData: { actorRunId: id }, resource: { id } })
  const list = await client.webhook(webhook.id).dispatches().list({ limit: 1 })
  expect(list).toMatchObject({ total: 2, count: 1 })
})

test('a delivery can be lost: nothing is sent, and Apify knows of no dispatch', async () => {
  const { state, client } = await simulate()
  const receiver = await startReceiver()
  state.addWebhook({ requestUrl: receiver.url, eventTypes: SUCCEEDED })
  state.delivery_faults.add({ count: 1, action: { lose: true } })
  state.addRun({ actor_id: PLACES, emit: true, id: 'lost' })
  state.addRun({ actor_id: PLACES, emit: true, id: 'kept' })
  const dispatches = await state.waitForDispatches({ count: 2 })
  expect(dispatches.map((dispatch) => [dispatch.run_id, dispatch.lost])).toEqual([
    ['lost', true],
    ['kept', false],
  ])
  expect(receiver.received).toHaveLength(1)
  expect((await client.webhookDispatches().list()).total).toBe(1)
})

test('a delivery can be repeated with its id, by a rule or by hand', async () => {
  const { state } = await simulate()
  const receiver = await startReceiver()
  state.addWebhook({ requestUrl: receiver.url, eventTypes: SUCCEEDED })
  state.delivery_faults.add({ action: { duplicates: 2, duplicate_every_ms: 10 } })
  state.addRun({ actor_id: PLACES, emit: true })
  const [dispatch] = await state.waitForDispatches({ calls: 3 })
  state.webhooks.repeat(dispatch?.id ?? '')
  await state.waitForDispatches({ calls: 4 })
  expect(receiver.received).toHaveLength(4)
  expect(new Set(receiver.received.map((request) => request.headers['x-apify-webhook-dispatch-id']))).toEqual(
    new Set([dispatch?.id]),
  )
})

test('deliveries can be delayed, held back and released in another order, or shuffled by a seed', async () => {
  const order = async (act: (state: Awaited<ReturnType<typeof simulate>>['state']) => void, release?: 'reverse') => {
    const { state } = await simulate()
    const receiver = await startReceiver()
    state.addWebhook({ requestUrl: receiver.url, eventTypes: SUCCEEDED })
    act(state)
    for (const id of ['a', 'b', 'c', 'd']) state.addRun({ actor_id: PLACES, id, emit: true })
    if (release) state.webhooks.release(release)
    await state.waitForDispatches({ count: 4 })
    return receiver.received.map((request) => (request.json.resource as { id: string }).id).join('')
  }
  expect(await order((state) => state.delivery_faults.add({ action: { hold: true } }), 'reverse')).toBe('dcba')
  // 5,000,000 simulated ms are 500 ms here.
  expect(await order((state) => state.delivery_faults.add({ run_id: 'a', action: { delay_ms: 5e6 } }))).toMatch(/a$/)
  const shuffle = (seed: number) => order((state) => state.delivery_faults.add({ seed, action: { shuffle: 4 } }))
  const shuffled = await shuffle(7)
  expect([...shuffled].sort().join('')).toBe('abcd')
  expect(shuffled).not.toBe('abcd')
  expect(await shuffle(7)).toBe(shuffled)
})
