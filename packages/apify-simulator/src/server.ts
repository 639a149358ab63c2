import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import * as z from 'zod'
import { accountRoutes } from './api/account.ts'
import { type Answer, ApiError, errorAnswer, errorOf } from './api/answer.ts'
import { datasetRoutes } from './api/datasets.ts'
import { keyValueStoreRoutes } from './api/key-value-stores.ts'
import { type ApiRequest, readRequest } from './api/request.ts'
import { Router } from './api/router.ts'
import { runRoutes } from './api/runs.ts'
import { send } from './api/send.ts'
import { webhookRoutes } from './api/webhooks.ts'
import { controlRoutes } from './control/routes.ts'
import type { Fault } from './faults/fault.ts'
import { resetConnection } from './faults/reset-connection.ts'
import { harmsBody, sendFaulty } from './faults/send-faulty.ts'
import { SimulatorState } from './state.ts'
import { SimulatedTime } from './time.ts'

export interface ApifySimulatorOptions {
  host?: '127.0.0.1'
  /** 0, the default, takes a free one. */
  port?: number
  /** What `Authorization: Bearer` must say; `apify_api_simulated` by default. */
  token?: string
  /** Milliseconds since 1970; the machine's clock by default. */
  clock?: () => number
  /** Real milliseconds that a simulated one lasts (retries, lags, run durations); 1 by default, e.g. 0.001 in tests. */
  time_scale?: number
  /** Real milliseconds a webhook's receiver may take; by default Apify's two minutes compressed, but at least 5,000. */
  webhook_timeout_ms?: number
  /** False answers without gzip even if the client accepts it: half the cost of a page that is read once. */
  gzip?: boolean
}

export interface ApifySimulator {
  /** What APIFY_API_BASE_URL takes. */
  url: string
  token: string
  state: SimulatorState
  close(): Promise<void>
}

const WEBHOOK_TIMEOUT_MS = 120_000
// Under a strongly compressed time a busy receiver must still have a fair chance to answer.
const WEBHOOK_TIMEOUT_MIN_MS = 5_000

function tokenOf(message: IncomingMessage, url: URL): string | null {
  const header = /^Bearer\s+(.+)$/i.exec(message.headers.authorization ?? '')
  return header?.[1]?.trim() ?? url.searchParams.get('token')
}

/** Converts an error of a route to the answer that the API would give. */
function answerOf(error: unknown): Answer {
  if (error instanceof ApiError) return errorAnswer(error)
  if (error instanceof z.ZodError) return errorAnswer(new ApiError(400, 'invalid-request', z.prettifyError(error)))
  return errorAnswer(new ApiError(500, 'internal-server-error', error instanceof Error ? error.message : String(error)))
}

/** Starts the simulator on 127.0.0.1. */
export async function startApifySimulator(options: ApifySimulatorOptions = {}): Promise<ApifySimulator> {
  const token = options.token ?? 'apify_api_simulated'
  const time = new SimulatedTime(options.clock ?? Date.now, options.time_scale ?? 1)
  const webhook_timeout_ms =
    options.webhook_timeout_ms ?? Math.max(WEBHOOK_TIMEOUT_MIN_MS, WEBHOOK_TIMEOUT_MS * time.scale)
  const state = new SimulatorState(time, { webhook_timeout_ms })
  const requests = new RequestServer(state, time, token, options.gzip !== false)
  const server = createServer((message, response) => {
    requests.serve(message, response).catch((error: unknown) => {
      // Only a fault of the simulator itself gets here; the caller sees a broken connection, the log shows the error.
      console.error('apify-simulator:', error)
      response.destroy()
    })
  })
  // Answers are for one client on the same machine: a small packet must not wait for the acknowledgement of another.
  server.on('connection', (socket) => socket.setNoDelay(true))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    token,
    state,
    async close() {
      time.stop()
      state.waiters.stop()
      await state.webhooks.dispatcher.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        // Requests that a fault left hanging would keep the server open for ever.
        server.closeAllConnections()
      })
    },
  }
}

/** Answers requests: those below `/simulator` control it, all others are the Apify API with its faults. */
class RequestServer {
  readonly #api = new Router(accountRoutes, runRoutes, datasetRoutes(), keyValueStoreRoutes, webhookRoutes)
  readonly #control = new Router(controlRoutes)
  readonly #state: SimulatorState
  readonly #time: SimulatedTime
  readonly #token: string
  readonly #can_gzip: boolean

  constructor(state: SimulatorState, time: SimulatedTime, token: string, can_gzip: boolean) {
    this.#state = state
    this.#time = time
    this.#token = token
    this.#can_gzip = can_gzip
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://127.0.0.1')
    response.setHeader('Date', new Date(this.#time.now()).toUTCString())
    if (!url.pathname.startsWith('/simulator')) return this.#serveApi(message, response, url)
    await send(await this.#answerBy(this.#control, readRequest(message, url, true, false)), response, false)
  }

  async #serveApi(message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { faults, rate_limit } = this.#state
    const fault = faults.strike(message.method ?? 'GET', url.pathname, url.searchParams)
    if (fault?.latency_ms) await pause(fault.latency_ms)
    if (fault?.hang || fault?.reset === 'before') {
      this.#record(message, url, null, true)
      if (fault.reset === 'before') resetConnection(message.socket)
      return
    }
    const answer = await this.#answerApi(message, url, fault)
    answer.headers['X-RateLimit-Limit'] = String(rate_limit.per_second ?? 60)
    this.#record(message, url, answer.status, fault !== undefined)
    const accepts_gzip = this.#acceptsGzip(message)
    if (fault && harmsBody(fault)) await sendFaulty(answer, fault, response, accepts_gzip)
    else await send(answer, response, accepts_gzip)
  }

  async #answerApi(message: IncomingMessage, url: URL, fault: Fault | undefined): Promise<Answer> {
    if (fault?.status !== undefined) {
      const headers = fault.retry_after_s === undefined ? {} : { 'Retry-After': String(fault.retry_after_s) }
      return errorAnswer(errorOf(fault.status, fault.error_type), headers)
    }
    if (this.#state.rate_limit.exceeds(url.pathname, this.#time.now())) return errorAnswer(errorOf(429))
    const given = tokenOf(message, url)
    if (given !== null && given !== this.#token) return errorAnswer(errorOf(401))
    return this.#answerBy(this.#api, readRequest(message, url, given !== null, this.#acceptsGzip(message)))
  }

  async #answerBy(router: Router, request: ApiRequest): Promise<Answer> {
    try {
      const { handler, params } = router.find(request.method, request.path)
      return await handler({ ...request, params }, this.#state)
    } catch (error) {
      return answerOf(error)
    }
  }

  #acceptsGzip(message: IncomingMessage): boolean {
    return this.#can_gzip && /\bgzip\b/.test(String(message.headers['accept-encoding'] ?? ''))
  }

  #record(message: IncomingMessage, url: URL, status: number | null, struck: boolean): void {
    this.#state.requests.add({
      at: this.#time.now(),
      method: message.method ?? 'GET',
      path: url.pathname,
      query: url.search.slice(1),
      status,
      struck,
    })
  }
}
