import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'

describeEachEngine('writing leads', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  const events = async (id: number): Promise<Record<string, unknown>[]> =>
    (await api.get(`/leads/${id}/events`)).body.data
  let count = 0
  const make = async (lead: object = {}) => {
    count += 1
    const { body, status } = await api.post('/leads', { full_name: `Made ${count}`, ...lead })
    expect(status).toBe(201)
    return body
  }

  test('a lead is created with its source and event, and Location names it', async () => {
    const answer = await api.post(
      '/leads',
      {
        full_name: '  Asha Rao ',
        email: 'Asha.Rao@Example.com',
        tags: ['a', 'a ', 'b'],
        external_id: 'crm:17',
        city: '',
      },
      { as: 'write' },
    )
    expect(answer.status).toBe(201)
    const { id } = answer.body
    expect(answer.headers).toMatchObject({ location: `/leads/${id}`, etag: '"1"' })
    expect(answer.body).toMatchObject({
      full_name: 'Asha Rao',
      email: 'asha.rao@example.com',
      tags: ['a', 'b'],
      city: null,
      source: 'api',
      provider_name: 'api',
      external_id: 'crm:17',
      lead_status: 'new',
      created_by: 'write key',
    })
    expect((await api.get(`/leads/${id}/source`)).body).toMatchObject({ source_type: 'api', external_id: 'crm:17' })
    expect(await events(id)).toMatchObject([{ event_type: 'created', actor: 'write key', event_source: 'api' }])
  })

  test('a second lead with the same external_id or email is rejected, and the first is named', async () => {
    const first = await make({ email: 'twice@example.com', external_id: 'crm:18' })
    const by_id = await api.post('/leads', { full_name: 'x', external_id: 'crm:18' })
    expect(by_id).toMatchObject({ status: 409, body: { code: 'already_exists', existing: { id: first.id } } })
    const by_email = await api.post('/leads', { full_name: 'x', email: 'TWICE@example.com' })
    expect(by_email).toMatchObject({
      status: 409,
      body: { existing: { href: `/leads/${first.id}`, is_deleted: false } },
    })
    expect((await api.post('/leads?allow_duplicate=true', { full_name: 'x', email: 'twice@example.com' })).status).toBe(
      201,
    )
    await api.delete(`/leads/${first.id}`)
    const deleted = await api.post('/leads', { full_name: 'x', external_id: 'crm:18' })
    expect(deleted).toMatchObject({ status: 409, body: { existing: { id: first.id, is_deleted: true } } })
  })

  test('every invalid field gets a pointer', async () => {
    const { status, body } = await api.post('/leads', { full_name: 7, email: 'nobody', lead_score: 101, colour: 'red' })
    expect(status).toBe(422)
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()
    expect(pointers).toEqual(['/colour', '/email', '/full_name', '/lead_score'])
    expect((await api.post('/leads', { country: 'India' })).body.code).toBe('validation_failed')
    expect((await api.post('/leads', { full_name: 'x', company_id: 4711 })).body.errors[0].pointer).toBe('/company_id')
    expect((await api.post('/leads', { full_name: 'a\u0000b' })).body.errors[0].pointer).toBe('/full_name')
    expect((await api.post('/leads', '{"full_name": "half \\ud800"}')).status).toBe(422)
  })

  test('a merge patch changes its fields, increments the version and writes events', async () => {
    const lead = await make({ city: 'Pune', notes: 'old', lead_score: 10 })
    const patch = { city: 'Mumbai', notes: null, lead_status: 'contacted' }
    const { status, body, headers } = await api.patch(`/leads/${lead.id}`, patch, {
      as: 'write',
      headers: { 'content-type': 'application/merge-patch+json' },
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ city: 'Mumbai', notes: null, lead_status: 'contacted', lead_score: 10, version: 2 })
    expect(headers.etag).toBe('"2"')
    expect(await api.get(`/leads/${lead.id}`)).toMatchObject({ body })
    const [updated, contacted] = await events(lead.id)
    expect(updated).toMatchObject({
      event_type: 'updated',
      actor: 'write key',
      changed_fields: { city: { old: 'Pune', new: 'Mumbai' }, notes: { old: 'old', new: null } },
    })
    expect(contacted).toMatchObject({ event_type: 'contacted', old_status: 'new', new_status: 'contacted' })
  })

  test('a patch without changes writes nothing', async () => {
    const lead = await make({ city: 'Pune', tags: ['x'], enrichment_data: { a: 1, b: { c: 2 } } })
    const same = { city: 'Pune', tags: ['x'], enrichment_data: { b: { c: 2 } } }
    expect((await api.patch(`/leads/${lead.id}`, same)).body.version).toBe(1)
    expect(await events(lead.id)).toHaveLength(1)
  })

  test('objects are merged by key (RFC 7396)', async () => {
    const lead = await make({ enrichment_data: { a: 1, b: { c: 2, d: 3 } } })
    const { body } = await api.patch(`/leads/${lead.id}`, { enrichment_data: { a: null, b: { c: 4 }, e: [null] } })
    expect(body.enrichment_data).toEqual({ b: { c: 4, d: 3 }, e: [null] })
    expect((await api.patch(`/leads/${lead.id}`, { enrichment_data: null })).body.enrichment_data).toBe(null)
  })

  test('a change with an outdated ETag is rejected', async () => {
    const { id } = await make()
    expect((await api.patch(`/leads/${id}`, { city: 'A' }, { headers: { 'if-match': '"1"' } })).status).toBe(200)
    const late = await api.patch(`/leads/${id}`, { city: 'B' }, { headers: { 'if-match': '"1"' } })
    expect(late).toMatchObject({ status: 412, body: { code: 'precondition_failed', current_etag: '"2"' } })
    expect((await api.patch(`/leads/${id}`, { city: 'B' }, { headers: { 'if-match': 'two' } })).status).toBe(400)
    expect((await api.patch(`/leads/${id}`, { city: 'B' }, { headers: { 'if-match': '*' } })).status).toBe(200)
    expect((await api.delete(`/leads/${id}`, { headers: { 'if-match': '"1"' } })).status).toBe(412)
  })

  test('a lead is soft-deleted and restored', async () => {
    const { id } = await make()
    expect(await api.delete(`/leads/${id}`)).toMatchObject({ status: 204, text: '' })
    expect((await api.get(`/leads/${id}`)).status).toBe(410)
    expect((await api.get(`/leads?id=${id}`)).body.data).toEqual([])
    expect((await api.get(`/leads?id=${id}&include_deleted=true`)).body.data).toHaveLength(1)
    expect((await api.delete(`/leads/${id}`)).status).toBe(410)
    expect((await api.patch(`/leads/${id}`, { city: 'A' })).status).toBe(410)
    const restored = await api.post(`/leads/${id}/restore`)
    expect(restored).toMatchObject({ status: 200, body: { is_deleted: false, deleted_at: null, version: 3 } })
    expect((await api.post(`/leads/${id}/restore`)).body.version).toBe(3)
    expect((await events(id)).map(({ event_type }) => event_type)).toEqual(['restored', 'deleted', 'created'])
  })

  test('an enrichment is stored, and a failed one keeps earlier data', async () => {
    const { id } = await make()
    const done = await api.put(`/leads/${id}/enrichment`, { status: 'enriched', data: { revenue: 7 } })
    expect(done.body).toMatchObject({ enrichment_status: 'enriched', enrichment_data: { revenue: 7 } })
    const failed = await api.put(`/leads/${id}/enrichment`, { status: 'failed', error: 'no answer' })
    expect(failed.body).toMatchObject({ enrichment_status: 'failed', enrichment_data: { revenue: 7 } })
    expect(await events(id)).toMatchObject([
      { event_type: 'updated', event_name: 'Enrichment failed', event_data: { error: 'no answer' } },
      { event_type: 'enriched', old_status: 'pending', new_status: 'enriched' },
      { event_type: 'created' },
    ])
    expect((await api.put(`/leads/${id}/enrichment`, { status: 'enriched' })).status).toBe(422)
  })

  test('custom events are accepted, built-in event types are rejected', async () => {
    const { id } = await make()
    const answer = await api.post(`/leads/${id}/events`, {
      event_type: 'call_made',
      event_data: { minutes: 3 },
      event_timestamp: '2020-02-29T10:00:00Z',
    })
    expect(answer).toMatchObject({ status: 201, body: { event_type: 'call_made', actor: 'admin key' } })
    expect((await events(id)).map(({ event_type }) => event_type)).toEqual(['created', 'call_made'])
    expect((await api.post(`/leads/${id}/events`, { event_type: 'created' })).status).toBe(422)
    expect((await api.post('/leads/4711000/events', { event_type: 'call_made' })).status).toBe(404)
  })

  test('a batch returns one result per operation', async () => {
    const lead = await make({ external_id: 'crm:batch', city: 'Pune' })
    const { status, body } = await api.post('/leads/batch', {
      operations: [
        { operation: 'create', lead: { full_name: 'In a batch' } },
        { operation: 'upsert', lead: { full_name: 'Changed', external_id: 'crm:batch' } },
        { operation: 'update', id: lead.id, version: 1, patch: { city: 'Too late' } },
        { operation: 'create', lead: { full_name: 'Again', external_id: 'crm:batch' } },
        { operation: 'delete', id: 4_711_000 },
        { operation: 'upsert', lead: { full_name: 'New', external_id: 'crm:batch2' } },
      ],
    })
    expect(status).toBe(200)
    expect(body.results.map((result: { status: number }) => result.status)).toEqual([201, 200, 412, 409, 404, 201])
    expect(body).toMatchObject({ succeeded: 3, failed: 3 })
    expect((await api.get(`/leads/${lead.id}`)).body).toMatchObject({ full_name: 'Changed', city: 'Pune', version: 2 })
  })

  test('an atomic batch is rolled back if one operation fails', async () => {
    const { status, body } = await api.post('/leads/batch', {
      is_atomic: true,
      operations: [
        { operation: 'create', lead: { full_name: 'Undone', external_id: 'crm:undone' } },
        { operation: 'delete', id: 4_711_000 },
      ],
    })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'batch_failed', operation_index: 1, problem: { code: 'not_found' } })
    expect((await api.get('/leads?external_id=crm:undone')).body.data).toEqual([])
  })

  // Behind a pooler nothing stays prepared: on a busy machine 1,000 then take longer than a request may.
  const batch_leads = process.env.TEST_PGBOUNCER === '1' ? 250 : 1000
  test(`a batch creates ${batch_leads} leads in little CPU time`, async () => {
    const operations = Array.from({ length: batch_leads }, (_, index) => ({
      operation: 'create',
      lead: { full_name: `Bulk ${index}`, email: `bulk${index}@example.com` },
    }))
    // CPU time, not wall-clock time, so that other processes do not matter. About 0.5 s.
    const before = process.cpuUsage()
    const { body } = await api.post('/leads/batch', { operations })
    const spent = process.cpuUsage(before)
    expect(body).toMatchObject({ succeeded: batch_leads, failed: 0 })
    expect((spent.user + spent.system) / 1000).toBeLessThan(10 * batch_leads)
    const tooMany = Array.from({ length: 1001 }, () => operations[0])
    expect((await api.post('/leads/batch', { operations: tooMany })).status).toBe(422)
  }, 180_000)

  test('repeated POSTs with one Idempotency-Key take effect once', async () => {
    const headers = { 'idempotency-key': 'key-1' }
    const first = await api.post('/leads', { full_name: 'Once' }, { headers })
    const second = await api.post('/leads', { full_name: 'Once' }, { headers })
    expect(second.status).toBe(201)
    expect(second.body).toEqual(first.body)
    expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true', location: first.headers.location })
    const other = await api.post('/leads', { full_name: 'Other' }, { headers })
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
    const somebody_else = await api.post('/leads', { full_name: 'Once' }, { headers, as: 'write' })
    expect(somebody_else.body.id).not.toBe(first.body.id)
    expect((await api.post('/leads', { full_name: 'x' }, { headers: { 'idempotency-key': 'a b' } })).status).toBe(400)
  })

  test('of ten concurrent requests with one Idempotency-Key, all but one get 409 or the stored response', async () => {
    const headers = { 'idempotency-key': 'key-2' }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.post('/leads', { full_name: 'Ten times' }, { headers })),
    )
    expect(answers.filter(({ status, headers: got }) => status === 201 && !got['idempotency-replayed'])).toHaveLength(1)
    for (const { status, body } of answers)
      if (status !== 201) expect(body).toMatchObject({ status: 409, code: 'idempotency_in_progress' })
    const made = await api.db.kysely
      .selectFrom('sales_leads')
      .select('id')
      .where('full_name', '=', 'Ten times')
      .execute()
    expect(made).toHaveLength(1)
  })

  test('a failed request releases its Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'key-3' }
    const blocker = await make({ external_id: 'crm:blocked' })
    expect((await api.post('/leads', { full_name: 'B', external_id: 'crm:blocked' }, { headers })).status).toBe(409)
    expect(blocker.id).toBeGreaterThan(0)
    expect((await api.post('/leads', { full_name: 'B', external_id: 'crm:free' }, { headers })).status).toBe(201)
  })

  test('50 concurrent writers with If-Match lose no update', async () => {
    const { id } = await make({ lead_score: 0 })
    const addOne = async (): Promise<number> => {
      for (let attempts = 1; ; attempts += 1) {
        const { body, headers } = await api.get(`/leads/${id}`)
        const answer = await api.patch(
          `/leads/${id}`,
          { lead_score: body.lead_score + 1 },
          { headers: { 'if-match': String(headers.etag) } },
        )
        if (answer.status === 200) return attempts
        expect(answer.status).toBe(412)
      }
    }
    const attempts = await Promise.all(Array.from({ length: 50 }, addOne))
    expect((await api.get(`/leads/${id}`)).body).toMatchObject({ lead_score: 50, version: 51 })
    expect(await events(id)).toHaveLength(50)
    expect((await api.get(`/leads/${id}/events?limit=500&count=exact`)).body.count.value).toBe(51)
    expect(Math.max(...attempts)).toBeGreaterThan(1)
  }, 180_000)

  test('events return old and new values of any content', async () => {
    const { id } = await make({ notes: 'quote \' " \\ and \u{1F600} line\nbreak' })
    const { body } = await api.patch(`/leads/${id}`, { notes: 'x'.repeat(100_000) })
    expect(body.notes).toHaveLength(100_000)
    const [event] = await events(id)
    expect(event).toMatchObject({ changed_fields: { notes: { old: 'quote \' " \\ and \u{1F600} line\nbreak' } } })
  })
})
