import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListAnswer, type ListInput, listRows } from '../lists/list.ts'
import type { Company } from './entity.ts'
import { companyColumns } from './get.ts'

export const companyList: ListDefinition = {
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
  },
  sorts: { created_at: { kind: 'time' }, name: { kind: 'text' }, id: { kind: 'integer' } },
  default_sort: '-created_at',
  has_soft_delete: true,
  has_search: false,
}

/** Companies, newest first unless asked otherwise. */
export function listCompanies(db: Db, input: ListInput): Promise<ListAnswer<Partial<Company>>> {
  return listRows<Partial<Company>>(db, companyList, companyColumns, input)
}
