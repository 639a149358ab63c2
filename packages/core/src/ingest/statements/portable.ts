import { sql } from 'kysely'
import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { findByKey } from '../../database/find-by-key.ts'
import { orUpdate } from '../../database/upsert.ts'
import type { Company } from '../../model/company.ts'
import type { MappedCompany } from '../../model/mapped-item.ts'
import { backfillColumns, mergeCompaniesByKey, toEmptyColumnMask } from '../company-backfill.ts'
import type { ExistingLead, NewEvent, Provenance } from './types.ts'

/** The ingest statements that every engine runs alike, written once with Kysely. */

const leadColumns = ['id', 'external_id', 'run_id', 'import_hashes', 'is_deleted'] as const

export const findLeads = (db: Db, provider_name: string, external_ids: readonly string[]): Promise<ExistingLead[]> => {
  const scope = { column: 'provider_name', value: provider_name }
  return findByKey(db, { table: 'sales_leads', key: 'external_id', columns: leadColumns, scope }, external_ids)
}

interface ExistingCompany {
  id: number
  /** The fillable columns that an import may still fill; none where a person has edited the company. */
  empty: number
}

const companyColumns = ['id', 'company_key', 'created_by', 'updated_by', 'is_deleted', ...backfillColumns] as const

async function findExistingCompanies(db: Db, keys: readonly string[]): Promise<Map<string, ExistingCompany>> {
  const found = new Map<string, ExistingCompany>()
  const find = { table: 'companies', key: 'company_key', columns: companyColumns } as const
  for (const row of await findByKey<Company>(db, find, keys)) {
    const isUnedited = row.updated_by === row.created_by && !row.is_deleted
    found.set(row.company_key, { id: row.id, empty: isUnedited ? toEmptyColumnMask(row) : 0 })
  }
  return found
}

/**
 * One idempotent statement that creates companies and fills the empty columns of those that exist. It commits by
 * itself: inside a page's transaction a new company would make other consumers wait for the whole page.
 */
async function upsertCompanies(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<void> {
  for (const slice of chunkRows(db, companies, 20)) {
    const insert = db.kysely.insertInto('companies').values(
      slice.map((company) => ({
        ...company,
        created_at: origin.at,
        updated_at: origin.at,
        created_by: origin.actor,
        updated_by: origin.actor,
      })),
    )
    await orUpdate(db, insert, ['company_key'], (incoming) => ({
      ...Object.fromEntries(
        backfillColumns.map((column) => [
          column,
          sql<never>`coalesce(${sql.ref(`companies.${column}`)}, ${incoming(column)})`,
        ]),
      ),
      version: sql<never>`companies.version + 1`,
      updated_at: incoming('updated_at'),
    })).execute()
  }
}

export async function ensureCompanies(
  db: Db,
  companies: readonly MappedCompany[],
  origin: Provenance,
): Promise<Map<string, number>> {
  const wanted = mergeCompaniesByKey(companies)
  const known = await findExistingCompanies(
    db,
    wanted.map(({ company_key }) => company_key),
  )
  const outstanding = wanted.filter((company) => {
    const found = known.get(company.company_key)
    return !found || (found.empty & ~toEmptyColumnMask(company)) !== 0
  })
  await upsertCompanies(db, outstanding, origin)
  const ids = new Map([...known].map(([key, { id }]) => [key, id]))
  const created = outstanding.map(({ company_key }) => company_key).filter((key) => !ids.has(key))
  for (const [key, { id }] of await findExistingCompanies(db, created)) ids.set(key, id)
  return ids
}

export async function insertEvents(trx: Db, events: readonly NewEvent[], origin: Provenance): Promise<void> {
  for (const slice of chunkRows(trx, events, 12)) {
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
export function toImportEventData(origin: Provenance): Record<string, string> {
  const { actor_id, run_id, import_batch_id } = origin
  return Object.fromEntries(
    Object.entries({ actor_id, run_id, import_batch_id }).filter(([, value]) => value !== null),
  ) as Record<string, string>
}
