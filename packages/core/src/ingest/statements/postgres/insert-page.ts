import { CompiledQuery } from 'kysely'
import type { Db } from '../../../database/engine.ts'
import { type NewRejection, toStorableReason } from '../../../model/sync-rejection.ts'
import { changesLeadSql, isNewSightingSql } from '../../merge-rules.ts'
import type { Provenance } from '../../provenance.ts'
import { toSourceKey } from '../../source-key.ts'
import type { PageInsert, PageLead, PageOutcome } from '../types.ts'
import { joinValues, splitText } from './delimited-columns.ts'
import {
  inputColumns,
  insertNewRowsSql,
  originParameters,
  provenanceParameters,
  toDelimitedColumns,
} from './insert-leads.ts'

const page = originParameters + inputColumns.length
const pageColumns: readonly string[] = inputColumns.map((column) => (column === 'company_id' ? 'company_key' : column))
const splitColumn = (column: string): string => splitText(originParameters + 1 + pageColumns.indexOf(column))
const selectColumns = (columns: readonly string[]): string =>
  columns.map((column) => `unnest(${splitColumn(column)}) as ${column}`).join(', ')

const keyColumns = ['external_id', 'company_key', 'import_hashes', 'observed_at']

/** Without hashes any tombstone counts: nobody was deleted permanently when the page was planned. */
const hasTombstoneSql = `case when $${page + 18}::text is null then exists (select from identity_tombstones)
    else exists (
      select from unnest(string_to_array($${page + 18}::text, E'\\x1f')) as given(hash)
      cross join lateral (select 1 from identity_tombstones where identity_hash = given.hash offset 0) as tombstone
    ) end`

/**
 * Writes a page in one round trip that depends on no earlier response. `input` looks up the existing lead and the company
 * of each item: one index look-up each (see findByKey). The checkpoint advances only if there is nothing to merge, and
 * rows are inserted only if it did: a second consumer of the run waits for its row, finds that it moved, and inserts
 * nothing. The look-ups in here cost the server 6 ms per page; waiting for them before kept it idle for a third of the
 * time. See docs/decisions/004.
 *
 * `input` has no more columns than that takes, `plan` hands on what it found as arrays, and so does `drawn` the ids: rows,
 * with their raw items, are stored nowhere but in their tables.
 *
 * Leads are inserted before identities, and these before sightings, as {@link applyItems} does. Left to the server, which
 * begins with the last part, consumers of one run with leads in common deadlock: each waits a second for the other.
 */
const buildInsertPageSql = (checkpoint: { table: string; condition: string }): string => `with ${planSql},
checkpoint as (
  update ${checkpoint.table} set
    next_offset = next_offset + $${page + 3}::integer,
    total_records = total_records + $${page + 3}::integer,
    synced_records = synced_records + plan.created,
    duplicate_records = duplicate_records + $${page + 4}::integer - plan.created,
    failed_records = failed_records + $${page + 3}::integer - $${page + 4}::integer,
    dataset_offsets = $${page + 5}::json,
    metadata = $${page + 6}::json,
    sync_status = 'syncing',
    last_sync_at = $11::timestamptz,
    next_sync_at = null,
    retry_count = 0,
    lease_id = $${page + 16},
    lease_expires_at = clock_timestamp() + $${page + 17}::integer * interval '1 second',
    updated_at = $11::timestamptz,
    updated_by = $10
  from plan
  where ${checkpoint.condition} and next_offset = $${page + 2}::integer and not plan.is_more
    and coalesce((dataset_offsets ->> $7::text)::integer, 0) = $${page + 10}::integer
    and last_sync_at is not distinct from $${page + 11}::timestamptz
  returning 1
), ${newRowsSql}
select created, is_more, exists (select from checkpoint) as is_written from plan`

/** Which leads are new, and whether the page has anything to merge. */
const planSql = `identities as materialized (
  select item::integer, identity from unnest(
    string_to_array($${page + 12}::text, E'\\x1f', ''), string_to_array($${page + 13}::text, E'\\x1f', '')
  ) as given(item, identity)
), claimed as materialized (
  select distinct item from identities
  cross join lateral (select 1 from lead_identities where identity = identities.identity offset 0) as owner
), input as materialized (
  select i.item, i.observed_at, c.id as company_id, l.id as known_id,
    ${isNewSightingSql('l', '$6')} as is_met,
    ${changesLeadSql('l', { import_hashes: 'i.import_hashes', observed_at: 'i.observed_at::timestamptz' }, `$${page + 14}::text`, `$${page + 8}::boolean`)}
      or (i.company_key is not null and c.id is null)
      or l.merged_into_id is not null
      or (l.id is null and claimed.item is not null) as is_more
  from (select generate_series(1, $${page + 19}::integer) as item, ${selectColumns(keyColumns)}) as i
  left join lateral (
    select id, run_id, import_hashes, is_deleted, merged_into_id from sales_leads
    where provider_name = $3 and external_id = i.external_id
    offset 0
  ) as l on true
  left join lateral (select coalesce(merged_into_id, id) as id from companies where company_key = i.company_key offset 0) as c on true
  left join claimed on claimed.item = i.item
), plan as materialized (
  select (count(*) - count(known_id))::integer as created, coalesce(bool_or(is_more), false) or ${hasTombstoneSql} as is_more,
    array_agg(known_id order by item) as known_ids, array_agg(company_id order by item) as company_ids
  from input
)`

/** Ids by the items' positions; 0 for the item of a known lead. An array without null finds an element at once. */
const drawnSql = `drawn as materialized (
  select array_agg(case when known_id is null then next_lead_id() else 0 end) as ids
  from (select unnest(known_ids) as known_id from plan) as given
  where exists (select from checkpoint)
)`

const selectRows = (columns: readonly string[]): string => {
  const rows = ['unnest((select ids from drawn)) as id', ...columns.map(rowColumn)].join(', ')
  return `select * from (select ${rows}) as i where id <> 0 and exists (select from checkpoint)`
}

const rowColumn = (column: string): string =>
  column === 'company_id'
    ? 'unnest((select company_ids from plan)) as company_id'
    : `unnest(${splitColumn(column)}) as ${column}`

/** The rows of new leads, sightings of the others, rejections. Identities are in the order in which they were sent. */
const newRowsSql = `${drawnSql}, ${insertNewRowsSql(selectRows)}, stored_identities as (
  insert into lead_identities (identity, lead_id, seen_at)
  select identity, (select ids from drawn)[item], $11::timestamptz from identities
  where (select ids from drawn)[item] <> 0 and (select count(*) from leads) > 0
  returning 1
), sightings as (
  insert into lead_sightings (lead_id, source_type, source_id, seen_at, observed_at)
  select id, $1, $6, $11::timestamptz, max(observed_at)::timestamptz from (
    select known_id as id, case when $${page + 8}::boolean then observed_at end as observed_at from input where is_met
    union all
    select id::integer, observed_at from unnest(
      string_to_array($${page + 9}::text, E'\\x1f'), string_to_array($${page + 15}::text, E'\\x1f', '')
    ) as seen(id, observed_at)
  ) as met
  where exists (select from checkpoint) and (select count(*) from stored_identities) >= 0
  group by id
  order by id
  on conflict do nothing
), rejections as (
  insert into sync_rejections (run_id, dataset_id, item_offset, actor_id, reason, raw_data,
    created_at, updated_at, created_by, updated_by)
  select $${page + 1}, $7, r.item_offset, $4, r.reason, r.raw_data, $11::timestamptz, $11::timestamptz, $10, $10
  from json_to_recordset($${page + 7}::json) as r(item_offset integer, reason text, raw_data json)
  where exists (select from checkpoint)
  on conflict (run_id, dataset_id, item_offset) do update set actor_id = excluded.actor_id, reason = excluded.reason,
    raw_data = excluded.raw_data, updated_at = excluded.updated_at, updated_by = excluded.updated_by,
    resolved_at = null, resolved_lead_id = null
)`

export const insertPageSql = buildInsertPageSql({
  table: 'apify_sync_states',
  condition: `run_id = $${page + 1} and not is_split`,
})
const insertRangePageSql = buildInsertPageSql({ table: 'apify_sync_ranges', condition: `id = $${page + 20}::integer` })

/**
 * All identities with the positions of their leads, counted from 1; in the order in which {@link insertIdentities} stores
 * them, so that consumers which store the same ones wait for each other instead of deadlocking.
 */
const sortIdentities = (leads: readonly PageLead[]): { item: number; identity: string }[] =>
  leads
    .flatMap(({ identities }, index) => identities.map((identity) => ({ item: index + 1, identity })))
    .sort((a, b) => (a.identity < b.identity ? -1 : 1))

/** The raw item is JSON text already. */
const toRejectionJson = ({ item_offset, reason, raw_data }: NewRejection): string =>
  `{"item_offset":${item_offset},"reason":${JSON.stringify(toStorableReason(reason))},"raw_data":${raw_data}}`

export async function insertPage(db: Db, page: PageInsert, origin: Provenance): Promise<PageOutcome> {
  const { leads } = page
  const texts = toDelimitedColumns(
    leads,
    joinValues(leads, ({ company_key }) => company_key),
  )
  const identities = sortIdentities(leads)
  const { rows } = await db.kysely.executeQuery<{ created: number; is_more: boolean; is_written: boolean }>(
    CompiledQuery.raw(page.range_id === null ? insertPageSql : insertRangePageSql, [
      ...provenanceParameters(origin),
      ...texts,
      page.run_id,
      page.next_offset,
      page.items,
      page.lead_items,
      page.next.dataset_offsets,
      page.next.metadata,
      `[${page.rejections.map(toRejectionJson).join(',')}]`,
      page.is_merge_enabled,
      joinValues(page.seen_leads, ({ lead_id }) => lead_id),
      page.dataset_offset,
      page.last_sync_at,
      joinValues(identities, ({ item }) => item),
      joinValues(identities, ({ identity }) => identity),
      toSourceKey(origin),
      joinValues(page.seen_leads, ({ observed_at }) => observed_at),
      page.lease?.lease_id ?? null,
      page.lease?.lease_s ?? null,
      page.identity_hashes && joinValues(page.identity_hashes, (hash) => hash),
      leads.length,
      ...(page.range_id === null ? [] : [page.range_id]),
    ]),
  )
  const [{ created, is_more, is_written } = { created: 0, is_more: false, is_written: false }] = rows
  if (is_written) return { outcome: 'written', created }
  return { outcome: is_more ? 'needs_merge' : 'checkpoint_moved' }
}
