import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-page.ts'
import type { Company } from '../model/company.ts'
import { toExactForms, toTextForms } from '../normalize/stored-text.ts'
import { companyColumns } from './get-company.ts'

/** Tables of countries and domains: loaded by the first filter that needs them. */
const loadForms = () => import('../normalize/stored-forms.ts')

export const companyListDefinition: ListDefinition = {
  table: 'companies',
  filters: {
    id: 'integer',
    name: 'prefix_text',
    domain: 'prefix_text',
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
  has_search: true,
  lower_case: ['domain'],
  stored_forms: {
    name: toTextForms,
    domain: async (text) => (await loadForms()).toDomainForms(text),
    country: async (text) => (await loadForms()).toCountryForms(text),
    city: toTextForms,
    industry: toTextForms,
    company_key: toExactForms,
    tags: toTextForms,
  },
}

/** Figures that a response can include. */
export const companyIncludes = ['leads_count'] as const
export type CompanyInclude = (typeof companyIncludes)[number]

export interface ListCompaniesInput extends ListInput {
  include?: readonly CompanyInclude[] | undefined
}

export type ListedCompany = Partial<Company> & { leads_count?: number }

/** Lists companies, newest first by default. */
export async function listCompanies(db: Db, input: ListCompaniesInput): Promise<ListResult<ListedCompany>> {
  const { fields } = input
  const needed = fields && [...new Set([...fields, 'id'])]
  const answer = await listRows<ListedCompany>(db, companyListDefinition, companyColumns, {
    ...input,
    ...(needed && { fields: needed }),
  })
  if (input.include?.includes('leads_count')) await attachLeadCounts(db, answer.data)
  if (fields && !fields.includes('id')) for (const row of answer.data) delete row.id
  return answer
}

/** Adds the number of active leads to each company. An index on company_id serves it. */
async function attachLeadCounts(db: Db, companies: ListedCompany[]): Promise<void> {
  const ids = companies.map(({ id }) => id as number)
  if (ids.length === 0) return
  const rows = await db.kysely
    .selectFrom('sales_leads')
    .select(({ fn }) => ['company_id', fn.countAll().as('leads_count')])
    .where('company_id', 'in', ids)
    .where('is_deleted', '=', false)
    .groupBy('company_id')
    .execute()
  const counts = new Map(rows.map(({ company_id, leads_count }) => [company_id, Number(leads_count)]))
  for (const company of companies) company.leads_count = counts.get(company.id as number) ?? 0
}
