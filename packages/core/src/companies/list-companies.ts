import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-rows.ts'
import type { Company } from '../model/company.ts'
import { companyColumns } from './get-company.ts'

export const companyListDefinition: ListDefinition = {
  table: 'companies',
  filters: {
    id: 'integer',
    domain: 'text',
    country: 'text',
    city: 'text',
    industry: 'text',
    company_key: 'text',
    tags: 'tags',
    created_at: 'time',
    is_deleted: 'boolean',
  },
  sorts: { created_at: { kind: 'time' }, name: { kind: 'text' }, id: { kind: 'integer' } },
  default_sort: '-created_at',
  has_soft_delete: true,
  has_search: false,
}

/** Lists companies, newest first by default. */
export function listCompanies(db: Db, input: ListInput): Promise<ListResult<Partial<Company>>> {
  return listRows<Partial<Company>>(db, companyListDefinition, companyColumns, input)
}
