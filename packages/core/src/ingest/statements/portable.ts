import { type Expression, sql } from 'kysely'
import { slices } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { findByKey } from '../../database/find-by-key.ts'
import type { Company } from '../../model/company.ts'
import type { MappedCompany } from '../../model/mapped-item.ts'
import { collapseCompanies, emptyColumns, fillableColumns } from '../company-backfill.ts'
import type { KnownLead, NewEvent, Origin } from './types.ts'

/** The ingest statements that every engine runs alike, written once with Kysely. */

const leadColumns = ['id', 'external_id', 'run_id', 'import_hashes', 'is_deleted'] as const

export const findLeads = (db: Db, provider_name: string, external_ids: readonly string[]): Promise<KnownLead[]> => {
  const within = { column: 'provider_name', value: provider_name }
  return findByKey(db, { table: 'sales_leads', key: 'external_id', columns: leadColumns, within }, external_ids)
}

interface KnownCompany {
  id: number
  /** The fillable columns that an import may still fill; none where a person has edited the company. */
  empty: number
}

const companyColumns = ['id', 'company_key', 'created_by', 'updated_by', 'is_deleted', ...fillableColumns] as const

async function findCompanies(db: Db, keys: readonly string[]): Promise<Map<string, KnownCompany>> {
  const found = new Map<string, KnownCompany>()
  const find = { table: 'companies', key: 'company_key', columns: companyColumns } as const
  for (const row of await findByKey<Company>(db, find, keys)) {
    const isOurs = row.updated_by === row.created_by && !row.is_deleted
    found.set(row.company_key, { id: row.id, empty: isOurs ? emptyColumns(row) : 0 })
  }
  return found
}

/**
 * One idempotent statement that creates companies and fills the empty columns of those that exist. It commits by
 * itself: inside a page's transaction a new company would make other consumers wait for the whole page.
 */
async function upsertCompanies(db: Db, companies: readonly MappedCompany[], origin: Origin): Promise<void> {
  for (const slice of slices(db, companies, 20)) {
    const insert = db.kysely.insertInto('companies').values(
      slice.map((company) => ({
        ...company,
        created_at: origin.at,
        updated_at: origin.at,
        created_by: origin.actor,
        updated_by: origin.actor,
      })),
    )
    const fills = (incoming: (column: string) => Expression<never>): Record<string, Expression<never>> => ({
      ...Object.fromEntries(
        fillableColumns.map((column) => [
          column,
          sql<never>`coalesce(${sql.ref(`companies.${column}`)}, ${incoming(column)})`,
        ]),
      ),
      version: sql<never>`companies.version + 1`,
      updated_at: incoming('updated_at'),
    })
    await (db.engine.has_on_conflict
      ? insert.onConflict((conflict) =>
          conflict.column('company_key').doUpdateSet(fills((column) => sql<never>`${sql.ref(`excluded.${column}`)}`)),
        )
      : insert.onDuplicateKeyUpdate(fills((column) => sql<never>`values(${sql.ref(column)})`))
    ).execute()
  }
}

export async function ensureCompanies(
  db: Db,
  companies: readonly MappedCompany[],
  origin: Origin,
): Promise<Map<string, number>> {
  const wanted = collapseCompanies(companies)
  const known = await findCompanies(
    db,
    wanted.map(({ company_key }) => company_key),
  )
  const outstanding = wanted.filter((company) => {
    const found = known.get(company.company_key)
    return !found || (found.empty & ~emptyColumns(company)) !== 0
  })
  await upsertCompanies(db, outstanding, origin)
  const ids = new Map([...known].map(([key, { id }]) => [key, id]))
  const created = outstanding.map(({ company_key }) => company_key).filter((key) => !ids.has(key))
  for (const [key, { id }] of await findCompanies(db, created)) ids.set(key, id)
  return ids
}

export async function insertEvents(trx: Db, events: readonly NewEvent[], origin: Origin): Promise<void> {
  for (const slice of slices(trx, events, 12)) {
    await trx.kysely
      .insertInto('lead_events')
      .values(
        slice.map((event) => ({
          ...event,
          event_source: origin.source,
          event_timestamp: origin.at,
          actor: origin.actor,
          created_at: origin.at,
          updated_at: origin.at,
          created_by: origin.actor,
          updated_by: origin.actor,
        })),
      )
      .execute()
  }
}

/** What the event of an import says: which run, or which file, brought it. */
export function importEventData(origin: Origin): Record<string, string> {
  const { actor_id, run_id, import_batch_id } = origin
  return Object.fromEntries(
    Object.entries({ actor_id, run_id, import_batch_id }).filter(([, value]) => value !== null),
  ) as Record<string, string>
}
