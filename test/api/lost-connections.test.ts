import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startProxy, type TcpProxy } from '../faults/proxy.ts'
import { countMysqlStatements, countPostgresStatements } from '../faults/statements.ts'
import { ENGINES } from '../setup/engines.ts'
import { startApi, type TestAnswer, type TestApi } from './client.ts'

const SLEPT_MS = 61_000
/**
 * `LOST_ROUNDS=100` tries each kind of loss as often as the promise is stated, and in the two seconds of the promise. On a
 * machine that does other things as well an answer may take longer, but no time-out of a network or of a gateway.
 */
const LOST_ROUNDS = Number(process.env.LOST_ROUNDS ?? 0)
const ANSWER_MS_MAX = LOST_ROUNDS > 0 ? 2_000 : 10_000
/** Each waits for a probe to time out. */
const STOP_ROUNDS = LOST_ROUNDS || 3
const servers = ENGINES.filter((engine) => engine !== 'sqlite')

/** The server's processes for the connections of the functions, as opposed to the one that asks. */
async function readServerProcesses({ db }: TestApi): Promise<number[]> {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(
    db.kysely,
  )
  return rows.map(({ pid }) => pid)
}

/** A process whose connection was abandoned in the round before may have ended since it was listed. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

describe.each(servers)('requests on lost connections (%s)', (engine) => {
  let api: TestApi
  let proxy: TcpProxy

  beforeEach(async () => {
    api = await startApi(engine)
    const url = new URL(process.env.DATABASE_URL ?? '')
    proxy = await startProxy(Number(url.port), engine === 'postgres' ? countPostgresStatements : countMysqlStatements)
    url.port = String(proxy.port)
    vi.stubEnv('DATABASE_URL', url.href)
    // As in a Lambda function: what hangs keeps the only connection.
    vi.stubEnv('DATABASE_CONNECTIONS_MAX', '1')
  })

  afterEach(async () => {
    vi.useRealTimers()
    vi.unstubAllEnvs()
    proxy.cutFrozen()
    await api.close()
    await proxy.close()
  })

  async function timed(request: () => Promise<TestAnswer>): Promise<{ answer: TestAnswer; elapsed_ms: number }> {
    const started_ms = performance.now()
    const answer = await request()
    return { answer, elapsed_ms: performance.now() - started_ms }
  }

  function report(name: string, rounds: number, slowest_ms: number): void {
    if (LOST_ROUNDS > 0)
      process.stdout.write(`${engine}, ${name}: ${rounds} rounds, at most ${Math.round(slowest_ms)} ms\n`)
  }

  /** The next statement is never answered. */
  function hangNextStatement(): void {
    proxy.onStatement = () => {
      proxy.onStatement = undefined
      return false
    }
  }

  test.each([
    ['was cut', LOST_ROUNDS || 32, () => proxy.cut()],
    // Each waits for a probe to time out.
    ['drops everything', LOST_ROUNDS || 8, () => proxy.freeze()],
  ])(
    'a function that slept answers soon when its connection %s',
    async (name, rounds, damage) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
      expect((await api.get('/leads')).status).toBe(200)
      const late: number[] = []
      let slowest_ms = 0
      for (let round = 0; round < rounds; round += 1) {
        damage()
        vi.setSystemTime(Date.now() + SLEPT_MS)
        const { answer, elapsed_ms } = await timed(() => api.get('/leads'))
        slowest_ms = Math.max(slowest_ms, elapsed_ms)
        if (answer.status !== 200 || elapsed_ms > ANSWER_MS_MAX) late.push(answer.status, elapsed_ms)
      }
      report(name, rounds, slowest_ms)
      expect(late).toEqual([])
    },
    60_000 + LOST_ROUNDS * 5_000,
  )

  // Behind a pooler the processes serve the pooler, which has time limits of its own.
  test.runIf(engine === 'postgres' && process.env.TEST_PGBOUNCER !== '1')(
    'a database process that is stopped, and resumed later, delays no request',
    async () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
      const late: number[] = []
      let slowest_ms = 0
      const answerInTime = async () => {
        const { answer, elapsed_ms } = await timed(() => api.get('/leads'))
        slowest_ms = Math.max(slowest_ms, elapsed_ms)
        if (answer.status !== 200 || elapsed_ms > ANSWER_MS_MAX) late.push(answer.status, elapsed_ms)
      }
      for (let round = 0; round < STOP_ROUNDS; round += 1) {
        await answerInTime()
        const stopped = await readServerProcesses(api)
        expect(stopped.length).toBeGreaterThan(0)
        for (const pid of stopped) sendSignal(pid, 'SIGSTOP')
        try {
          vi.setSystemTime(Date.now() + SLEPT_MS)
          await answerInTime()
        } finally {
          for (const pid of stopped) sendSignal(pid, 'SIGCONT')
        }
        await answerInTime()
      }
      report('was stopped', STOP_ROUNDS, slowest_ms)
      expect(late).toEqual([])
    },
    60_000 + STOP_ROUNDS * 5_000,
  )

  test('a read that hangs is abandoned with a problem, and the next one is answered at once', async () => {
    expect((await api.get('/leads')).status).toBe(200)
    hangNextStatement()
    const hung = await timed(() => api.get('/leads', { remaining_ms: 6_000 }))
    expect(hung.answer.status).toBe(503)
    expect(hung.answer.body).toMatchObject({
      code: 'unavailable',
      detail: expect.stringMatching(/abandoned. Repeat it/),
    })
    expect(hung.answer.headers['retry-after']).toBe('5')
    expect(hung.elapsed_ms).toBeLessThan(ANSWER_MS_MAX)
    const next = await timed(() => api.get('/leads'))
    expect(next.answer.status).toBe(200)
    expect(next.elapsed_ms).toBeLessThan(ANSWER_MS_MAX)
  })

  test('a write whose key check hangs is abandoned, too', async () => {
    expect((await api.get('/leads')).status).toBe(200)
    hangNextStatement()
    const hung = await api.post('/leads', { email: 'ada@example.com' }, { remaining_ms: 6_000 })
    expect(hung.status).toBe(503)
    expect(hung.body.detail).toMatch(/It may have been carried out/)
    expect((await api.post('/leads', { email: 'ada@example.com' })).status).toBe(201)
  })

  // The same code on each engine, and it takes its time.
  test.runIf(engine === 'postgres')(
    'a request is abandoned after 25 s, before the gateway answers for it',
    async () => {
      expect((await api.get('/leads')).status).toBe(200)
      hangNextStatement()
      const { answer, elapsed_ms } = await timed(() => api.get('/leads', { remaining_ms: 60_000 }))
      expect(answer.status).toBe(503)
      expect(elapsed_ms).toBeGreaterThan(24_000)
      expect(elapsed_ms).toBeLessThan(45_000)
    },
  )
})
