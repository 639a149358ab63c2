import { createHash } from 'node:crypto'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import postgres from 'postgres'

/**
 * What one writes by hand for these six requests: Hono, postgres.js and SQL. It checks a key that can be revoked at every
 * request and writes the event of a change; it has no filters beyond these, no validation, no conditions on versions.
 */
const { DATABASE_URL, DETAIL_COLUMNS = '', LIST_COLUMNS = '', EVENT_COLUMNS = '' } = process.env
const sql = postgres(DATABASE_URL, {
  max: 10,
  types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
})
const detailColumns = sql(DETAIL_COLUMNS.split(','))
const listColumns = sql(LIST_COLUMNS.split(','))
const eventColumns = sql(EVENT_COLUMNS.split(','))
const PAGE_ROWS = 100
const HISTORY_ROWS = 50

const app = new Hono()

app.use(async (c, next) => {
  const secret = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
  const key_hash = createHash('sha256').update(secret).digest('hex')
  const [key] = await sql`select id, name, scopes, expires_at, revoked_at from api_keys where key_hash = ${key_hash}`
  if (!key || key.revoked_at || (key.expires_at && key.expires_at < new Date()))
    return c.json({ error: 'unauthorized' }, 401)
  c.set('key', key)
  await next()
})

const toPage = (rows) => {
  const data = rows.slice(0, PAGE_ROWS)
  const last = data.at(-1)
  const next_cursor = rows.length > PAGE_ROWS ? `${last.created_at.toISOString()},${last.id}` : null
  return { data, next_cursor }
}

app.get('/leads', async (c) => {
  const { country, lead_status, q, cursor } = c.req.query()
  if (q) {
    const pattern = `%${q}%`
    const found = await sql`select ${listColumns} from sales_leads
      where (full_name ilike ${pattern} or company_name ilike ${pattern}) and not is_deleted
      order by created_at desc, id desc limit ${PAGE_ROWS + 1}`
    return c.json(toPage(found))
  }
  const [created_at, id] = cursor ? cursor.split(',') : []
  const rows = await sql`select ${listColumns} from sales_leads where not is_deleted
    ${country ? sql`and country = ${country}` : sql``}
    ${lead_status ? sql`and lead_status = ${lead_status}` : sql``}
    ${cursor ? sql`and (created_at, id) < (${created_at}, ${id})` : sql``}
    order by created_at desc, id desc limit ${PAGE_ROWS + 1}`
  return c.json(toPage(rows))
})

app.get('/leads/:id', async (c) => {
  const [lead] = await sql`select ${detailColumns} from sales_leads where id = ${c.req.param('id')}`
  if (!lead) return c.json({ error: 'not_found' }, 404)
  if (lead.is_deleted) return c.json({ error: 'gone' }, 410)
  return c.json(lead)
})

app.get('/leads/:id/events', async (c) => {
  const id = c.req.param('id')
  const data = await sql`select ${eventColumns} from lead_events where lead_id = ${id}
    order by event_timestamp desc, id desc limit ${HISTORY_ROWS}`
  if (data.length > 0) return c.json({ data })
  const [lead] = await sql`select id from sales_leads where id = ${id}`
  return lead ? c.json({ data }) : c.json({ error: 'not_found' }, 404)
})

app.patch('/leads/:id', async (c) => {
  const id = c.req.param('id')
  const { notes } = await c.req.json()
  const { name } = c.get('key')
  const updated = await sql.begin(async (tx) => {
    const [lead] = await tx`select id, notes, is_deleted from sales_leads where id = ${id} for update`
    if (!lead || lead.is_deleted) return undefined
    const [row] = await tx`update sales_leads set notes = ${notes}, version = version + 1, updated_at = now(),
      updated_by = ${name} where id = ${id} returning ${detailColumns}`
    const changed_fields = { notes: { old: lead.notes, new: notes } }
    await tx`insert into lead_events (lead_id, event_type, event_name, changed_fields, event_source, event_timestamp, actor,
      created_at, updated_at, created_by, updated_by) values (${id}, 'updated', 'Lead updated', ${tx.json(changed_fields)},
      'api', now(), ${name}, now(), now(), ${name}, ${name})`
    return row
  })
  return updated ? c.json(updated) : c.json({ error: 'not_found' }, 404)
})

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' }, () => console.log('ready'))
