import { normalizeCompanyInput } from '../companies/company-inputs.ts'
import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { withTransaction } from '../database/transaction.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'
import { type CompanyColumnSpec, companyColumns, companyColumnsWith } from '../model/company-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import type { NormalizedRow, PageOptions } from './page.ts'

const specs: Readonly<Record<string, CompanyColumnSpec>> = companyColumns

const spelledColumns = companyColumnsWith('is_editable').filter((column) =>
  ['text', 'text_list'].includes(specs[column]?.kind ?? ''),
)

const selectCompanies = (db: Db) =>
  db.kysely
    .selectFrom('companies')
    .select(['id', 'version', ...spelledColumns])
    .where('is_deleted', '=', false)
    .orderBy('id')

/** As for leads. A company keeps its `company_key`, and `updated_by`, so that imports still fill its empty columns. */
export async function normalizeCompanies(
  { db, is_dry_run, now, writePosition }: PageOptions,
  ids: readonly number[],
): Promise<NormalizedRow[]> {
  const planned = await planCompanies(await selectCompanies(db).where('id', 'in', ids).execute())
  if (is_dry_run) return planned
  const due = planned.map(({ id }) => id)
  return retryOnConflict(db, () =>
    withTransaction(db, async (trx) => {
      await writePosition(trx)
      if (due.length === 0) return []
      const companies = await planCompanies(await selectForUpdate(trx, selectCompanies(trx).where('id', 'in', due)))
      for (const { id, version, changed_fields } of companies) {
        const values = Object.fromEntries(
          Object.entries(changed_fields).map(([column, { new: value }]) => [column, value]),
        )
        const update = trx.kysely.updateTable('companies').set({ ...values, version: version + 1, updated_at: now() })
        await update.where('id', '=', id).execute()
      }
      return companies
    }),
  )
}

type CompanyRow = Record<string, unknown> & { id: number; version: number }

async function planCompanies(companies: readonly CompanyRow[]) {
  const planned: (NormalizedRow & { version: number })[] = []
  for (const company of companies) {
    const before = Object.fromEntries(spelledColumns.map((column) => [column, company[column]]))
    const stored: Record<string, unknown> = await normalizeCompanyInput(before)
    const changed_fields: ChangedFields = {}
    for (const column of spelledColumns) {
      const [old, value] = [before[column], stored[column]]
      if (JSON.stringify(old) === JSON.stringify(value) || !fits(column, value)) continue
      changed_fields[column] = { old, new: value } as ChangedFields[string]
    }
    if (Object.keys(changed_fields).length > 0)
      planned.push({ id: company.id, version: company.version, changed_fields })
  }
  return planned
}

/** A name that consists of invisible characters only stays: a company needs one. */
function fits(column: (typeof spelledColumns)[number], value: unknown): boolean {
  const { length_max = Number.POSITIVE_INFINITY } = specs[column] ?? {}
  if (column === 'name' && value === null) return false
  return [value ?? []].flat().every((text) => typeof text === 'string' && text.length <= length_max)
}
