import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findByKey } from '../database/find-by-key.ts'
import { orIgnore } from '../database/upsert.ts'
import { mergeCompaniesByKey, toEmptyColumnMask } from '../ingest/company-backfill.ts'
import { isBackfillable } from '../ingest/merge-rules.ts'
import type { Company } from '../model/company.ts'
import { backfillColumns } from '../model/company-columns.ts'
import type { Json } from '../model/fields.ts'
import type { ImportCompany } from '../model/import-batch.ts'
import type { MappedCompany } from '../model/mapped-item.ts'

/** What undo needs in addition to the events: leads before the import, and companies that did not exist. */

/**
 * Saves leads before the file changes them, once per lead and import, in the transaction of the page. The copy is made
 * inside the database, because the raw items are most of a lead's bytes.
 */
export async function saveLeadSnapshots(trx: Db, import_batch_id: string, lead_ids: readonly number[]): Promise<void> {
  for (const slice of chunkRows(trx, lead_ids, 2)) {
    await sql`insert into import_changes (import_batch_id, lead_id, company_id, import_hashes, raw_data)
      select ${import_batch_id}, id, company_id, import_hashes, raw_data from sales_leads
      where id in (${sql.join(slice)}) and not exists (select 1 from import_changes as known
        where known.import_batch_id = ${import_batch_id} and known.lead_id = sales_leads.id)`.execute(trx.kysely)
  }
}

/**
 * Records which companies the file is about to create and which empty columns it will fill. Companies are committed
 * before the page: without this record a kill in between would leave companies that undo does not find.
 */
export async function recordCompanyChanges(
  db: Db,
  import_batch_id: string,
  companies: readonly MappedCompany[],
): Promise<void> {
  const wanted = mergeCompaniesByKey(companies)
  if (wanted.length === 0) return
  const keys = wanted.map(({ company_key }) => company_key)
  const present = await findExistingCompanies(db, keys)
  const news = wanted.flatMap((company): CompanyChange[] => {
    const { company_key } = company
    const found = present.get(company_key)
    if (!found) return [{ import_batch_id, company_key, filled_columns: null }]
    const filled_columns = toBackfilledValues(company, found.empty)
    return filled_columns === null ? [] : [{ import_batch_id, company_key, filled_columns }]
  })
  const noted = await findRecordedChanges(
    db,
    import_batch_id,
    news.map(({ company_key }) => company_key),
  )
  await insertNotes(
    db,
    news.filter(({ company_key }) => !noted.has(company_key)),
  )
  for (const { company_key, filled_columns } of news) {
    const before = noted.get(company_key)
    if (before === undefined || before === null || filled_columns === null) continue
    await db.kysely
      .updateTable('import_companies')
      .set({ filled_columns: { ...filled_columns, ...before } })
      .where('import_batch_id', '=', import_batch_id)
      .where('company_key', '=', company_key)
      .execute()
  }
}

interface CompanyChange {
  import_batch_id: string
  company_key: string
  filled_columns: Record<string, Json> | null
}

/** Columns that are empty in the database and filled in the file. */
function toBackfilledValues(company: MappedCompany, empty: number): Record<string, Json> | null {
  const filled: Record<string, Json> = {}
  backfillColumns.forEach((column, bit) => {
    if ((empty & (1 << bit)) !== 0 && company[column] !== null) filled[column] = company[column]
  })
  return Object.keys(filled).length === 0 ? null : filled
}

type ExistingCompany = Pick<
  Company,
  'company_key' | 'created_by' | 'updated_by' | 'is_deleted' | (typeof backfillColumns)[number]
>

async function findExistingCompanies(db: Db, keys: readonly string[]): Promise<Map<string, { empty: number }>> {
  const columns = ['company_key', 'created_by', 'updated_by', 'is_deleted', ...backfillColumns]
  const rows = await findByKey<ExistingCompany>(db, { table: 'companies', key: 'company_key', columns }, keys)
  // Same rule as in the import: companies that a user has edited or deleted are not backfilled.
  return new Map(rows.map((row) => [row.company_key, { empty: isBackfillable(row) ? toEmptyColumnMask(row) : 0 }]))
}

async function findRecordedChanges(
  db: Db,
  import_batch_id: string,
  keys: readonly string[],
): Promise<Map<string, Record<string, Json> | null>> {
  const scope = { column: 'import_batch_id', value: import_batch_id }
  const columns = ['company_key', 'filled_columns']
  const rows = await findByKey<Pick<ImportCompany, 'company_key' | 'filled_columns'>>(
    db,
    { table: 'import_companies', key: 'company_key', columns, scope },
    keys,
  )
  return new Map(
    rows.map(({ company_key, filled_columns }) => [company_key, filled_columns as CompanyChange['filled_columns']]),
  )
}

async function insertNotes(db: Db, notes: readonly CompanyChange[]): Promise<void> {
  for (const slice of chunkRows(db, notes, 3)) {
    const insert = db.kysely.insertInto('import_companies').values([...slice])
    await orIgnore(db, insert, ['import_batch_id', 'company_key']).execute()
  }
}
