import { ApifyApiError, ApifyClient } from 'apify-client'
import { expect, test } from 'vitest'
import { PEOPLE, PLACES, simulate, startReceiver } from './receiver.ts'

const minute = (n: number) => new Date(Date.UTC(2026, 5, 1, 10, n))

test('run().get gives the run with its times as dates, and undefined for one that is not there', async () => {
  const { state, client } = await simulate()
  const { id } = state.addRun({
    actor_id: PLACES,
    items: [{ a: 1 }],
    started_at: minute(0),
    finished_at: minute(5),
    usage_total_usd: 0.25,
    compute_units: 0.125,
  })
  const run = await client.run(id).get()
  expect(run).toMatchObject({ id, status: 'SUCCEEDED', usageTotalUsd: 0.25, stats: { computeUnits: 0.125 } })
  expect(run?.startedAt).toEqual(minute(0))
  expect(run?.finishedAt).toEqual(minute(5))
  expect(await client.run('doesNotExist12345').get()).toBeUndefined()
})

test('lists of runs keep to Actor, status list, inclusive start times, direction, offset and limit', async () => {
  const { state, client } = await simulate()
  const add = (id: string, actor_id: string, n: number, status: 'SUCCEEDED' | 'FAILED' | 'RUNNING') =>
    state.addRun({
      id,
      actor_id,
      status,
      started_at: minute(n),
      ...(status === 'RUNNING' ? {} : { finished_at: minute(n + 1) }),
    })
  add('c', PLACES, 3, 'SUCCEEDED')
  add('a', PLACES, 1, 'FAILED')
  add('b', PEOPLE, 2, 'SUCCEEDED')
  add('d', PLACES, 4, 'RUNNING')
  const ids = async (list: Promise<{ items: { id: string }[] }>) => (await list).items.map((run) => run.id)

  expect(await ids(client.runs().list())).toEqual(['a', 'b', 'c', 'd'])
  expect(await ids(client.runs().list({ desc: true, limit: 2 }))).toEqual(['d', 'c'])
  expect(await ids(client.runs().list({ offset: 1, limit: 2 }))).toEqual(['b', 'c'])
  expect(await ids(client.runs().list({ startedAfter: minute(2), startedBefore: minute(3) }))).toEqual(['b', 'c'])
  expect(
    await ids(
      client
        .actor(PLACES)
        .runs()
        .list({ status: ['FAILED', 'RUNNING'] }),
    ),
  ).toEqual(['a', 'd'])
  const list = await client.actor(PLACES).runs().list({ limit: 1 })
  expect(list).toMatchObject({ total: 3, count: 1, offset: 0, limit: 1, desc: false })
})

test('no list is longer than 1,000', async () => {
  const { state, client } = await simulate()
  for (let i = 0; i < 1_001; i++) state.addRun({ actor_id: PLACES })
  const list = await client.runs().list({ limit: 5_000 })
  expect(list).toMatchObject({ total: 1_001, count: 1_000, limit: 1_000 })
})

test('dataset items come by the dataset and by the run, with the totals of the headers', async () => {
  const { state, client } = await simulate()
  const run = state.addRun({ actor_id: PLACES, items: [{ n: 0 }, { n: 1 }, { n: 2 }] })
  expect(await client.dataset(run.defaultDatasetId).listItems({ offset: 1, limit: 1 })).toMatchObject({
    items: [{ n: 1 }],
    total: 3,
    offset: 1,
    limit: 1,
    count: 1,
    desc: false,
  })
  expect((await client.run(run.id).dataset().listItems({ desc: true })).items).toEqual([{ n: 2 }, { n: 1 }, { n: 0 }])
  expect(await client.dataset(run.defaultDatasetId).get()).toMatchObject({ itemCount: 3, actRunId: run.id })
  expect(await client.run(run.id).dataset().get()).toMatchObject({ id: run.defaultDatasetId })
})

test('INPUT is the record that the run was started with', async () => {
  const { state, client } = await simulate()
  const run = state.addRun({ actor_id: PLACES, input: { searchStringsArray: ['bakery'] } })
  const record = await client.keyValueStore(run.defaultKeyValueStoreId).getRecord('INPUT')
  expect(record?.value).toEqual({ searchStringsArray: ['bakery'] })
  expect((await client.run(run.id).keyValueStore().getRecord('INPUT'))?.value).toEqual(record?.value)
  expect(await client.keyValueStore(run.defaultKeyValueStoreId).getRecord('OUTPUT')).toBeUndefined()
})

test('a further dataset of a run is named in storageIds and read like any other', async () => {
  const { state, client } = await simulate()
  const run = state.addRun({ actor_id: PLACES, items: [{ a: 1 }], datasets: { errors: [{ b: 2 }] } })
  const { datasets } = run.storageIds
  expect(Object.keys(datasets)).toEqual(['default', 'errors'])
  expect((await client.dataset(datasets.errors ?? '').listItems()).items).toEqual([{ b: 2 }])
})

test('an expired dataset is not found', async () => {
  const { state, client } = await simulate()
  const run = state.addRun({ actor_id: PLACES, items: [{ a: 1 }] })
  state.expireDataset(run.defaultDatasetId)
  const error = await client
    .dataset(run.defaultDatasetId)
    .listItems()
    .then(
      () => null,
      (thrown: unknown) => thrown,
    )
  expect(error).toBeInstanceOf(ApifyApiError)
  expect(error).toMatchObject({ statusCode: 404, type: 'record-not-found' })
  expect(await client.dataset(run.defaultDatasetId).get()).toBeUndefined()
})

test('start makes the run that its input asks for, and a big, compressed input arrives whole', async () => {
  const { state, client } = await simulate()
  const input = { generator: 'linkedin-people', count: 40, seed: 5, duration_ms: 1000, notes: 'x'.repeat(200_000) }
  const started = await client.actor(PEOPLE).start(input)
  expect(started.status).toBe('RUNNING')
  const ended = await client.run(started.id).waitForFinish({ waitSecs: 20 })
  expect(ended.status).toBe('SUCCEEDED')
  expect((await client.dataset(ended.defaultDatasetId).listItems()).items).toHaveLength(40)
  expect((await client.keyValueStore(ended.defaultKeyValueStoreId).getRecord('INPUT'))?.value).toEqual(input)
  expect(state.requests.list({ method: 'POST' })).toHaveLength(1)
})

test('abort ends a running run only; resurrect resumes an ended one with its dataset', async () => {
  const { state, client } = await simulate()
  const { id } = state.addRun({ actor_id: PLACES, status: 'RUNNING', items: [{ n: 0 }] })
  await expect(client.run(id).resurrect()).rejects.toMatchObject({ statusCode: 400 })
  expect((await client.run(id).abort()).status).toBe('ABORTED')
  expect((await client.run(id).abort()).status).toBe('ABORTED')
  const again = await client.run(id).resurrect()
  expect(again).toMatchObject({ id, status: 'RUNNING', stats: { resurrectCount: 1 } })
  expect(again.finishedAt).toBeNull()
  state.appendItems(id, [{ n: 1 }])
  expect(state.finishRun(id, 'SUCCEEDED').status).toBe('SUCCEEDED')
  expect((await client.run(id).dataset().listItems()).items).toEqual([{ n: 0 }, { n: 1 }])
})

test('webhooks can be created, listed, changed, fetched, tested and deleted; one idempotency key makes one', async () => {
  const { client } = await simulate()
  const receiver = await startReceiver()
  const wanted = {
    eventTypes: ['ACTOR.RUN.SUCCEEDED'] as const,
    condition: { actorId: 'nwua9Gu5YrADL7ZDj' },
    requestUrl: receiver.url,
    idempotencyKey: 'one-and-only',
    payloadTemplate: '{"run": {{resource.id}}}',
  }
  const made = await client.webhooks().create({ ...wanted, eventTypes: [...wanted.eventTypes] })
  const same = await client.webhooks().create({ ...wanted, eventTypes: [...wanted.eventTypes] })
  expect(same.id).toBe(made.id)
  expect((await client.webhooks().list()).items.map((webhook) => webhook.id)).toEqual([made.id])
  const changed = await client.webhook(made.id).update({ requestUrl: `${receiver.url}/new`, description: 'moved' })
  expect(changed).toMatchObject({ requestUrl: `${receiver.url}/new`, payloadTemplate: wanted.payloadTemplate })
  expect(await client.webhook(made.id).get()).toMatchObject({ description: 'moved' })
  const tested = await client.webhook(made.id).test()
  expect(tested).toMatchObject({ eventType: 'TEST', webhookId: made.id })
  await client.webhook(made.id).delete()
  expect(await client.webhook(made.id).get()).toBeUndefined()
})

test('a webhook with an unknown variable, no condition or a bad address is refused', async () => {
  const { client } = await simulate()
  const good = {
    eventTypes: ['ACTOR.RUN.FAILED' as const],
    condition: { actorId: 'x' },
    requestUrl: 'http://127.0.0.1:9/',
  }
  const refused = (change: object) =>
    expect(client.webhooks().create({ ...good, ...change })).rejects.toMatchObject({ statusCode: 400 })
  await refused({ payloadTemplate: '{"x": {{secret}}}' })
  await refused({ payloadTemplate: '{"x": ' })
  await refused({ condition: {} })
  await refused({ requestUrl: 'not a url' })
})

test('actor().get and user().get answer for the account', async () => {
  const { client } = await simulate()
  expect(await client.actor(PLACES).get()).toMatchObject({ username: 'compass', name: 'crawler-google-places' })
  expect(await client.actor('nobody/nothing').get()).toBeUndefined()
  expect(await client.user('me').get()).toMatchObject({ username: 'jane' })
})

test('no token, a wrong token and an unknown address get different errors', async () => {
  const { simulator, state } = await simulate()
  const run = state.addRun({ actor_id: PLACES })
  const open = state.addRun({ actor_id: PLACES, general_access: 'ANYONE_WITH_ID_CAN_READ', usage_total_usd: 1 })
  const ask = async (path: string, token?: string) => {
    const response = await fetch(
      `${simulator.url}${path}`,
      token ? { headers: { authorization: `Bearer ${token}` } } : {},
    )
    const { error } = (await response.json()) as { error?: { type: string } }
    return [response.status, error?.type]
  }
  expect(await ask(`/v2/actor-runs/${run.id}`)).toEqual([401, 'token-not-provided'])
  expect(await ask(`/v2/actor-runs/${run.id}`, 'wrong')).toEqual([401, 'invalid-token'])
  expect(await ask(`/v2/actor-runs/${run.id}?token=${simulator.token}`)).toEqual([200, undefined])
  expect(await ask('/v2/nowhere', simulator.token)).toEqual([404, 'page-not-found'])
  const anonymous = await new ApifyClient({ baseUrl: simulator.url }).run(open.id).get()
  expect(anonymous?.id).toBe(open.id)
  expect(anonymous).not.toHaveProperty('usageTotalUsd')
})
