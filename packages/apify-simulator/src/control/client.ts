import type { FaultRuleInput } from '../faults/fault.ts'
import type { DatasetCounts, DatasetSpec } from '../generate/dataset.ts'
import type { LoggedRequest } from '../request-log.ts'
import type { AddRunOptions } from '../runs/options.ts'
import type { Lags } from '../state.ts'
import type { Dispatch, EventType, FinalStatus, Run } from '../types.ts'
import type { DeliveryRuleInput } from '../webhooks/delivery-faults.ts'
import type { ReleaseOrder } from '../webhooks/dispatcher.ts'
import type { AddWebhookOptions } from '../webhooks/options.ts'
import type { DispatchFilter } from '../webhooks/webhook-registry.ts'

function queryOf(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, String(value))
  return query.toString()
}

/**
 * The verbs of SimulatorState for a simulator in another process, over its `/simulator` routes.
 * Each throws an Error with the simulator's own words for what it refuses.
 */
export function simulatorControl(url: string) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/simulator${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    const answer = (await response.json()) as { data?: T; error?: { message: string } }
    if (!response.ok) throw new Error(answer.error?.message ?? `${method} ${path} was answered ${response.status}`)
    return answer.data as T
  }

  return {
    addRun: (options: AddRunOptions) => call<Run>('POST', '/runs', options),
    appendItems: (run_id: string, items: readonly unknown[], alias?: string) =>
      call<object>('POST', `/runs/${run_id}/items`, { items, alias }),
    appendTexts: (run_id: string, items_text: readonly string[], alias?: string) =>
      call<object>('POST', `/runs/${run_id}/items`, { items_text, alias }),
    appendGenerated: (run_id: string, dataset: DatasetSpec, from?: number, to?: number, alias?: string) =>
      call<object>('POST', `/runs/${run_id}/items`, { dataset, from, to, alias }),
    finishRun: (run_id: string, status?: FinalStatus, options: { emit?: boolean; status_message?: string } = {}) =>
      call<Run>('POST', `/runs/${run_id}/finish`, { status, ...options }),
    resurrectRun: (run_id: string, options: { emit?: boolean } = {}) =>
      call<Run>('POST', `/runs/${run_id}/resurrect`, options),
    expireDataset: (dataset_id: string) => call<object>('DELETE', `/datasets/${dataset_id}`),
    countDataset: (spec: DatasetSpec) => call<DatasetCounts>('POST', '/count', spec),
    addWebhook: async (options: AddWebhookOptions) => (await call<{ id: string }>('POST', '/webhooks', options)).id,
    emit: (event: { type: EventType; run_id: string }) => call<Dispatch[]>('POST', '/emit', event),
    dispatches: (filter: DispatchFilter = {}) => call<Dispatch[]>('GET', `/dispatches?${queryOf({ ...filter })}`),
    waitForDispatches: (options: DispatchFilter & { count?: number; calls?: number; timeout_ms?: number } = {}) =>
      call<Dispatch[]>('GET', `/dispatches/wait?${queryOf({ ...options })}`),
    repeat: (dispatch_id: string) => call<object>('POST', `/dispatches/${dispatch_id}/repeat`),
    release: async (order?: ReleaseOrder, seed?: number) =>
      (await call<{ released: number }>('POST', '/release', { order, seed })).released,
    addFault: async (rule: FaultRuleInput) => (await call<{ id: string }>('POST', '/faults', rule)).id,
    faults: () => call<{ id: string; seen: number; fired: number }[]>('GET', '/faults'),
    clearFaults: () => call<object>('DELETE', '/faults'),
    addDeliveryFault: async (rule: DeliveryRuleInput) =>
      (await call<{ id: string }>('POST', '/delivery-faults', rule)).id,
    clearDeliveryFaults: () => call<object>('DELETE', '/delivery-faults'),
    setLags: (lags: Partial<Lags>) => call<Lags>('PUT', '/lags', lags),
    setClock: (skew_ms: number) => call<{ now: string }>('PUT', '/clock', { skew_ms }),
    setRateLimit: (per_second: number | null) => call<object>('PUT', '/rate-limit', { per_second }),
    requests: (path?: string) => call<LoggedRequest[]>('GET', `/requests?${queryOf({ path })}`),
  }
}

export type SimulatorControl = ReturnType<typeof simulatorControl>
