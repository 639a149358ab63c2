import { openDatabase } from '@leads/core/database/open-database'
import { createMapper } from '@leads/core/mapping/map-item'
import { ApifyClient } from 'apify-client'
import type { SQSEvent } from 'aws-lambda'

/**
 * The counter-example: a consumer as it is often written. It reads with the client's iterator and `clean`, asks for each
 * item whether its lead is there, inserts what is not, and says at the end that it is done. Nothing here is clumsy; what
 * it lacks is a checkpoint, a transaction and a unique key.
 */

const map = createMapper()
const database = openDatabase(process.env.DATABASE_URL ?? '', { connections_max: 1 })
const apify = new ApifyClient({
  token: process.env.APIFY_TOKEN ?? '',
  baseUrl: process.env.APIFY_API_BASE_URL ?? '',
  maxRetries: 1,
  minDelayBetweenRetriesMillis: 50,
  timeoutSecs: 10,
})
const pageRows = Number(process.env.SYNC_PAGE_ROWS_MAX)
const PROVIDER_NAME = 'apify'

export async function handler(event: SQSEvent): Promise<void> {
  for (const { body } of event.Records) await syncRun((JSON.parse(body) as { run_id: string }).run_id)
}

async function syncRun(run_id: string): Promise<void> {
  const { kysely } = await database
  const known = await kysely
    .selectFrom('apify_sync_states')
    .select('sync_status')
    .where('run_id', '=', run_id)
    .executeTakeFirst()
  if (known?.sync_status === 'completed') return
  const run = await apify.run(run_id).get()
  if (!run) throw new Error(`There is no run ${run_id}.`)
  if (!known) {
    const { actId: actor_id, defaultDatasetId: dataset_id } = run
    await kysely
      .insertInto('apify_sync_states')
      .values({ run_id, actor_id, dataset_id, sync_status: 'syncing' })
      .execute()
  }
  const counts = { total_records: 0, synced_records: 0, duplicate_records: 0, failed_records: 0 }
  for await (const item of apify.dataset(run.defaultDatasetId).listItems({ clean: true, chunkSize: pageRows })) {
    counts.total_records += 1
    counts[await importItem(item, run_id)] += 1
  }
  await kysely
    .updateTable('apify_sync_states')
    .set({ ...counts, sync_status: 'completed' })
    .where('run_id', '=', run_id)
    .execute()
}

async function importItem(
  item: unknown,
  run_id: string,
): Promise<'synced_records' | 'duplicate_records' | 'failed_records'> {
  const mapped = map(item)
  if (mapped.outcome === 'rejected') return 'failed_records'
  const { kysely } = await database
  const { external_id } = mapped.lead
  const find = kysely.selectFrom('sales_leads').select('id').where('external_id', '=', external_id)
  if (await find.executeTakeFirst()) return 'duplicate_records'
  try {
    const lead = { ...mapped.lead, source: 'apify' as const, provider_name: PROVIDER_NAME, run_id }
    await kysely.insertInto('sales_leads').values(lead).execute()
    const { id: lead_id } = await find.orderBy('id', 'desc').executeTakeFirstOrThrow()
    await kysely
      .insertInto('lead_sources')
      .values({ lead_id, source_type: 'apify', provider_name: PROVIDER_NAME, external_id, run_id })
      .execute()
    await kysely.insertInto('lead_events').values({ lead_id, event_type: 'created', actor: 'naive' }).execute()
    return 'synced_records'
  } catch (error) {
    console.error(`Item skipped: ${(error as Error).message}`)
    return 'failed_records'
  }
}
