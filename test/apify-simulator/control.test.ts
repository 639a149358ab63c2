import { simulatorControl } from '@leads/apify-simulator/control/client'
import { spawnApifySimulator } from '@leads/apify-simulator/spawn'
import { ApifyClient } from 'apify-client'
import { expect, onTestFinished, test } from 'vitest'
import { PLACES, simulate, startReceiver } from './receiver.ts'

const SPEC = { generator: 'google-places', count: 25, seed: 3 } as const

test('a simulator in another process is driven over HTTP from the first run to the last fault', async () => {
  const receiver = await startReceiver()
  const other = await spawnApifySimulator([
    '--time-scale',
    '0.0001',
    '--token',
    'mine',
    '--webhook',
    receiver.url,
    '--webhook-headers',
    '{"Authorization": "Bearer s3cret"}',
    '--run',
    JSON.stringify({ id: 'first', actor_id: PLACES, items: [{ a: 1 }] }),
  ])
  onTestFinished(() => other.close())
  const { control } = other
  const client = new ApifyClient({ baseUrl: other.url, token: 'mine', maxRetries: 0 })
  expect((await client.runs().list()).items.map((run) => run.id)).toEqual(['first'])

  const run = await control.addRun({ actor_id: PLACES, status: 'RUNNING', dataset: SPEC, input: { q: 1 } })
  await control.appendItems(run.id, [{ b: 2 }])
  await control.appendTexts(run.id, ['{"c":3.0}'])
  await control.appendGenerated(run.id, SPEC, 0, 5)
  await control.finishRun(run.id, 'SUCCEEDED')
  const [dispatch] = await control.waitForDispatches({ run_id: run.id })
  expect(dispatch).toMatchObject({ status: 'SUCCEEDED', event_type: 'ACTOR.RUN.SUCCEEDED' })
  expect(receiver.received[0]?.headers.authorization).toBe('Bearer s3cret')
  expect((await client.dataset(run.defaultDatasetId).listItems()).items).toHaveLength(25 + 2 + 5)
  expect((await control.countDataset(SPEC)).items).toBe(25)

  await control.addFault({ path: '/v2/datasets/*', count: 1, fault: { status: 503 } })
  await expect(client.dataset(run.defaultDatasetId).listItems()).rejects.toMatchObject({ statusCode: 503 })
  expect((await control.faults()).map((rule) => rule.fired)).toEqual([1])
  await control.clearFaults()
  await control.addDeliveryFault({ action: { hold: true } })
  await control.resurrectRun(run.id)
  await control.finishRun(run.id, 'FAILED')
  expect(await control.release('reverse')).toBe(2)
  await control.waitForDispatches({ run_id: run.id, count: 3 })
  expect(receiver.received.map((request) => request.json.eventType)).toEqual([
    'ACTOR.RUN.SUCCEEDED',
    'ACTOR.RUN.FAILED',
    'ACTOR.RUN.RESURRECTED',
  ])
  await control.repeat(dispatch?.id ?? '')
  await control.waitForDispatches({ run_id: run.id, calls: 2 })

  await control.expireDataset(run.defaultDatasetId)
  expect(await client.dataset(run.defaultDatasetId).get()).toBeUndefined()
  expect((await control.requests('/items')).length).toBe(2)
  expect(Date.parse((await control.setClock(3_600_000)).now) - Date.now()).toBeGreaterThan(3_500_000)
  expect(await control.setLags({ counters_ms: 7 })).toMatchObject({ counters_ms: 7, items_ms: 0 })
})

test('what is asked wrongly is refused with the reason, and changes nothing', async () => {
  const { simulator } = await simulate()
  const control = simulatorControl(simulator.url)
  await expect(control.finishRun('nobody')).rejects.toThrow('There is no run nobody')
  await expect(control.addRun({ actor_id: PLACES, dataset: { ...SPEC, count: -5 } })).rejects.toThrow('count')
  await control.addRun({ actor_id: PLACES, id: 'one' })
  await expect(control.addRun({ actor_id: PLACES, id: 'one' })).rejects.toThrow('There is a run one already')
  await expect(control.addFault({ fault: { status: 9 } })).rejects.toThrow('status')
  await expect(control.waitForDispatches({ timeout_ms: 20 })).rejects.toThrow('Waited 20 ms unsuccessfully')
  expect(await control.faults()).toEqual([])
  expect([...simulator.state.runs.keys()]).toEqual(['one'])
})

test('the command refuses options it does not understand and names them', async () => {
  await expect(spawnApifySimulator(['--port', 'eighty'])).rejects.toThrow('--port eighty is no port number')
  await expect(spawnApifySimulator(['--run', '{"actor_id": 5}'])).rejects.toThrow('actor_id')
  await expect(spawnApifySimulator(['--prot', '80'])).rejects.toThrow('--prot')
})
