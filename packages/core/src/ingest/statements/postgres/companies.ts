import { CompiledQuery } from 'kysely'
import { backfillColumns, companyColumns } from '../../../model/company-columns.ts'
import { mergeCompaniesByKey } from '../../company-backfill.ts'
import { isBackfillableSql } from '../../merge-rules.ts'
import type { IngestStatements } from '../types.ts'
import { typeByKind } from './column-types.ts'
import { joinValues, selectSplit } from './delimited-columns.ts'

const columns = ['company_key', 'name', ...backfillColumns, 'tags'] as const

const castColumn = (column: (typeof columns)[number]): string => {
  const type = typeByKind[companyColumns[column].kind]
  return type ? `${column}::${type}` : column
}

/** A company that no one has edited, with an empty column for which the item has a value. */
const isFillable = `${isBackfillableSql('c')} and (${backfillColumns
  .map((column) => `(c.${column} is null and i.${column} is not null)`)
  .join(' or ')})`

/**
 * Finds companies by key, those of merged companies as their keepers, creates missing ones and backfills empty columns, in one round trip that commits by itself. The
 * look-up comes first: an existing company costs an index look-up and no sequence value. Sorted, so that
 * consumers that create the same companies wait for each other instead of deadlocking.
 * $1 is the time, $2 who does it, the rest one text a column.
 */
export const ensureCompaniesSql = `
with input as materialized (
  select i.*, c.id, coalesce(c.id is null or c.is_fillable, true) as is_written
  from (${selectSplit(3, columns)}) as i
  left join lateral (
    select coalesce(c.merged_into_id, c.id) as id, ${isFillable} as is_fillable
    from companies as c
    where c.company_key = i.company_key
    offset 0
  ) as c on true
), written as (
  insert into companies (${columns.join(', ')}, created_at, updated_at, created_by, updated_by)
  select ${columns.map(castColumn).join(', ')}, $1::timestamptz, $1::timestamptz, $2, $2
  from input
  where is_written
  order by company_key collate "C"
  on conflict (company_key) do update set
    ${backfillColumns.map((column) => `${column} = coalesce(companies.${column}, excluded.${column})`).join(', ')},
    version = companies.version + 1,
    updated_at = excluded.updated_at
  returning coalesce(merged_into_id, id) as id, company_key
)
select id, company_key from input where not is_written
union all
select id, company_key from written`

export const ensureCompanies: IngestStatements['ensureCompanies'] = async (db, companies, origin) => {
  const wanted = mergeCompaniesByKey(companies)
  if (wanted.length === 0) return new Map()
  const texts = columns.map((column) => joinValues(wanted, (company) => company[column]))
  const query = CompiledQuery.raw(ensureCompaniesSql, [origin.at, origin.actor, ...texts])
  const { rows } = await db.kysely.executeQuery<{ id: number; company_key: string }>(query)
  return new Map(rows.map(({ id, company_key }) => [company_key, id]))
}
