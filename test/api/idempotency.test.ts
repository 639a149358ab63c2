import { DatabaseSync } from 'node:sqlite'
import type { Database } from '@leads/core/database/engine'
import { runIdempotent } from '@leads/functions/http/idempotency'
import type { Operation, OperationCall, OperationResponse } from '@leads/functions/http/operation'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine, type TestEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { startFakeQueue } from './fake-queue.ts'

/** Counts transactions of other connections. On SQLite only one that has begun to write could be open. */
async function countOpenTransactions(engine: TestEngine, db: Database): Promise<number> {
  if (engine === 'sqlite') {
    const other = new DatabaseSync(String(process.env.DATABASE_URL).slice('sqlite:'.length), { timeout: 0 })
    try {
      other.exec('begin immediate; rollback')
      return 0
    } catch {
      return 1
    } finally {
      other.close()
    }
  }
  const statement =
    engine === 'postgres'
      ? sql<{ count: number }>`select count(*) as count from pg_stat_activity
          where datname = current_database() and state like 'idle in transaction%'`
      : sql<{ count: number }>`select count(*) as count from information_schema.innodb_trx
          join information_schema.processlist on id = trx_mysql_thread_id where db = database()`
  const { rows } = await statement.execute(db.kysely)
  return Number(rows[0]?.count)
}

describeEachEngine('an Idempotency-Key', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
    // A fault of the mapping, in effect: some cities are longer than their column.
    if (engine === 'postgres')
      await sql`alter table sales_leads alter column city type varchar(9)`.execute(api.db.kysely)
    if (engine === 'mysql') await sql`alter table sales_leads modify city varchar(9)`.execute(api.db.kysely)
  })
  afterAll(() => api?.close())

  const content = ['Name,Mail,City', 'Ana Ruiz,ana@firm.com,Madrid', 'Bo Lund,bo@firm.com,Copenhagen'].join('\n')
  const post = (target: string, body: unknown, key: string) =>
    api.post(target, body, { headers: { 'idempotency-key': key } })
  // SQLite keeps a text of any length.
  const refused = engine === 'sqlite' ? 0 : 1

  test('does not let one row that the database refuses fail an import', async () => {
    const first = await post('/imports', { content, file_name: 'refused.csv' }, 'import-refused')
    expect(first).toMatchObject({ status: 201, body: { total_records: 2, failed_records: refused } })
    const second = await post('/imports', { content, file_name: 'refused.csv' }, 'import-refused')
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(second.body).toEqual(first.body)
  })

  test('makes a repetition continue an import whose first request was killed, and not begin another', async () => {
    const body = { content: content.replaceAll('firm.com', 'killed.com'), file_name: 'killed.csv' }
    const first = await post('/imports', body, 'import-killed')
    // As the killed request leaves it: the rows are committed, the response is not stored, the claim is old.
    await api.db.kysely
      .updateTable('idempotency_keys')
      .set({ response_status: null, response_body: null, locked_at: new Date(Date.now() - 120_000) })
      .where('idempotency_key', '=', 'import-killed')
      .execute()
    const second = await post('/imports', body, 'import-killed')
    expect(second.headers['idempotency-replayed']).toBeUndefined()
    expect(second).toMatchObject({
      status: 201,
      body: { import_batch_id: first.body.import_batch_id, total_records: 2 },
    })
    const { data } = (await api.get('/imports')).body
    expect(data.filter(({ file_name }: { file_name: string }) => file_name === 'killed.csv')).toHaveLength(1)
  })

  test('belongs to one import: another key with the same file begins another', async () => {
    const body = { content, file_name: 'twice.csv' }
    const first = await post('/imports', body, 'import-one')
    const second = await post('/imports', body, 'import-two')
    expect(second.body.import_batch_id).not.toBe(first.body.import_batch_id)
  })

  test('does not freeze a resumable operation that is not finished: 202 is not stored', async () => {
    const key_row = await api.db.kysely.selectFrom('api_keys').select('id').executeTakeFirstOrThrow()
    const transactions: boolean[] = []
    const statuses = [202, 200]
    const operation = {
      method: 'POST',
      path: '/imports/{import_batch_id}/undo',
      is_resumable: true,
      async handle(call: OperationCall): Promise<OperationResponse> {
        transactions.push(call.db.isInTransaction)
        return { status: statuses[transactions.length - 1] ?? 500, body: {} }
      },
    } as unknown as Operation
    const call = {
      params: {},
      query: {},
      body: {},
      db: api.db,
      identity: { api_key_id: key_row.id, name: 'test', scopes: ['admin'] },
    } as unknown as OperationCall
    const results: OperationResponse[] = []
    for (let time = 0; time < 3; time += 1) results.push(await runIdempotent(operation, call, 'undo'))
    expect(results.map(({ status }) => status)).toEqual([202, 200, 200])
    expect(results[2]?.headers).toMatchObject({ 'idempotency-replayed': 'true' })
    expect(transactions).toEqual([false, false])
  })

  test('holds no transaction open while the queue answers', async () => {
    const queue = await startFakeQueue()
    const at = new Date()
    const stamps = { created_at: at, updated_at: at, created_by: 'sync', updated_by: 'sync' }
    await api.db.kysely
      .insertInto('apify_sync_states')
      .values({ run_id: 'waits', ...stamps })
      .execute()
    const open: number[] = []
    queue.onRequest = async () => open.push(await countOpenTransactions(engine, api.db))
    try {
      const first = await post('/syncs/waits/retry', {}, 'retry-waits')
      expect(first.status).toBe(202)
      const second = await post('/syncs/waits/retry', {}, 'retry-waits')
      expect(second.headers['idempotency-replayed']).toBe('true')
    } finally {
      queue.close()
    }
    expect(queue.messages).toEqual([{ run_id: 'waits' }])
    expect(open).toEqual([0])
  })

  test('undoes all of an operation that is not resumable when it fails', async () => {
    const atomic = {
      is_atomic: true,
      operations: [
        { operation: 'create', lead: { full_name: 'Half' } },
        { operation: 'delete', id: 999_999 },
      ],
    }
    expect((await post('/leads/batch', atomic, 'batch-half')).status).toBe(422)
    const mixed = { operations: atomic.operations }
    const answer = await post('/leads/batch', mixed, 'batch-mixed')
    expect(answer).toMatchObject({ status: 200, body: { succeeded: 1, failed: 1 } })
    const { data } = (await api.get('/leads?limit=100')).body
    expect(data.filter(({ full_name }: { full_name: string }) => full_name === 'Half')).toHaveLength(1)
  })
})
