import type { SimulatorState } from '../state.ts'
import { needToken, needTokenUnlessOpen } from './access.ts'
import { type Answer, notFound } from './answer.ts'
import type { ApiRequest } from './request.ts'
import type { Routes } from './router.ts'
import { runOf } from './runs.ts'

function runOfStore(state: SimulatorState, store_id: string) {
  for (const run of state.runs.values()) if (run.key_value_store_id === store_id) return run
  return undefined
}

function getRecord(state: SimulatorState, store_id: string, key: string): Answer {
  const record = state.key_value_stores.get(store_id)?.get(key)
  if (!record) throw notFound('Record')
  // A record is answered as it was stored, not wrapped in "data".
  return { status: 200, headers: { 'Content-Type': record.content_type }, body: record.body }
}

async function putRecord(request: ApiRequest, state: SimulatorState): Promise<Answer> {
  needToken(request)
  const [store_id = '', key = ''] = request.params
  const store = state.key_value_stores.get(store_id)
  if (!store) throw notFound('Key-value store')
  const content_type = request.content_type ?? 'application/octet-stream'
  store.set(key, { content_type, body: await request.body() })
  return { status: 201, headers: { 'Content-Type': 'application/json' }, body: Buffer.from('{}') }
}

export const keyValueStoreRoutes: Routes = {
  'GET /v2/key-value-stores/:store/records/:key': (request, state) => {
    const [store_id = '', key = ''] = request.params
    needTokenUnlessOpen(request, runOfStore(state, store_id))
    return getRecord(state, store_id, key)
  },
  'PUT /v2/key-value-stores/:store/records/:key': putRecord,
  'GET /v2/actor-runs/:run/key-value-store/records/:key': (request, state) =>
    getRecord(state, runOf(request, state).key_value_store_id, request.params[1] ?? ''),
}
