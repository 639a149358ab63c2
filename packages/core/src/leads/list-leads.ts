import { type RawBuilder, sql } from 'kysely'
import { companyColumns } from '../companies/get-company.ts'
import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows, listRowsJson } from '../lists/list-page.ts'
import type { Company } from '../model/company.ts'
import { SourceType } from '../model/fields.ts'
import { EnrichmentStatus, LeadStatus } from '../model/lead.ts'
import type { LeadSource } from '../model/lead-source.ts'
import { toExactForms, toTextForms } from '../normalize/stored-text.ts'
import { stringifyJson } from '../stringify-json.ts'
import { readLeadSources } from './lead-sources.ts'
import { type LeadDetail, leadViewColumns } from './lead-views.ts'

/** Tables of countries and phone numbers: loaded by the first filter that needs them. */
let forms: Promise<typeof import('../normalize/stored-forms.ts')> | undefined
const loadForms = () => {
  forms ??= import('../normalize/stored-forms.ts')
  return forms
}

/** The list of leads. Migrations 002 and 007 have an index for each filter and each order. */
export const leadListDefinition: ListDefinition = {
  table: 'sales_leads',
  filters: {
    id: 'integer',
    email: 'prefix_text',
    phone: 'text',
    company_id: 'integer',
    company_name: 'prefix_text',
    company_domain: 'prefix_text',
    country: 'text',
    city: 'prefix_text',
    state: 'prefix_text',
    industry: 'prefix_text',
    source: SourceType.options,
    provider_name: 'text',
    external_id: 'text',
    actor_id: 'text',
    run_id: 'text',
    enrichment_status: EnrichmentStatus.options,
    lead_status: LeadStatus.options,
    lead_score: 'integer',
    data_quality_score: 'integer',
    tags: 'tags',
    created_at: 'time',
    updated_at: 'time',
    created_by: 'text',
    import_batch_id: 'relation',
    is_deleted: 'boolean',
  },
  sorts: {
    created_at: { kind: 'time' },
    updated_at: { kind: 'time' },
    lead_score: { kind: 'integer', is_nullable: true },
    data_quality_score: { kind: 'integer', is_nullable: true },
    id: { kind: 'integer' },
  },
  default_sort: '-created_at',
  has_soft_delete: true,
  has_search: true,
  ordered_indexes: [
    { columns: ['run_id'] },
    { columns: ['country', 'lead_status'], merged_values: { lead_status: LeadStatus.options }, is_active_only: true },
    { columns: ['city'] },
    { columns: ['company_name'] },
    { columns: ['state'] },
    { columns: ['industry'] },
    { columns: ['enrichment_status'], excluded_value: 'pending' },
    { columns: ['lead_status'], excluded_value: 'new' },
    { columns: ['source'], excluded_value: 'apify' },
    { columns: ['actor_id'] },
    { columns: ['created_by'], excluded_value: 'apify-sync' },
  ],
  lower_case: ['email', 'company_domain'],
  stored_forms: {
    email: async (text) => (await loadForms()).toEmailForms(text),
    phone: async (text, { country = [] }) => (await loadForms()).toPhoneForms(text, [country].flat()),
    company_name: toTextForms,
    company_domain: async (text) => (await loadForms()).toDomainForms(text),
    country: async (text) => (await loadForms()).toCountryForms(text),
    city: toTextForms,
    state: toTextForms,
    industry: toTextForms,
    provider_name: toExactForms,
    external_id: toExactForms,
    actor_id: toExactForms,
    run_id: toExactForms,
    created_by: toExactForms,
    tags: toTextForms,
  },
  relations: {
    import_batch_id: (values) =>
      sql`id in (select lead_id from lead_sources where import_batch_id in (${sql.join(values)}))`,
  },
  default_order_time: 'created_at',
  needs_leading_column: { enrichment_status: { column: 'lead_status', values: LeadStatus.options } },
}

/** Related rows that a response can include. */
export const leadIncludes = ['company', 'source'] as const
export type LeadInclude = (typeof leadIncludes)[number]

export interface ListLeadsInput extends ListInput {
  include?: readonly LeadInclude[] | undefined
}

export type ListedLead = Partial<LeadDetail> & { company?: Company | null; lead_source?: LeadSource | null }

/** Lists leads, newest first by default. Includes raw_data only if `fields` names it. */
export async function listLeads(
  db: Db,
  input: ListLeadsInput,
  /** Restricts the list to leads of this company. */
  company_id: number | null = null,
): Promise<ListResult<ListedLead>> {
  const include = input.include ?? []
  const fields = input.fields ?? leadViewColumns
  const needed = include.length === 0 ? fields : [...new Set([...fields, 'id', 'company_id'])]
  const answer = await listRows<ListedLead>(
    db,
    leadListDefinition,
    leadViewColumns,
    { ...input, fields: needed },
    ...ofCompany(company_id),
    include.length === 0
      ? undefined
      : {
          columns: include.map((name) => (name === 'source' ? 'lead_source' : name)),
          read: (rows) => attachIncludes(db, rows, include, input),
        },
  )
  const extra = needed.filter((field) => !fields.includes(field))
  for (const row of answer.data) for (const field of extra) delete row[field as keyof ListedLead]
  return answer
}

/** JSON of what {@link listLeads} returns. */
export async function listLeadsJson(db: Db, input: ListLeadsInput, company_id: number | null = null): Promise<string> {
  if (input.include && input.include.length > 0) return stringifyJson(await listLeads(db, input, company_id))
  return listRowsJson(db, leadListDefinition, leadViewColumns, input, ...ofCompany(company_id))
}

/** The conditions and the scope of a list of a company's leads. */
const ofCompany = (company_id: number | null): [RawBuilder<unknown>[], (string | number)[]] =>
  company_id === null ? [[], []] : [[sql`company_id = ${company_id}`], ['company', company_id]]

/** Adds companies and sources to a page of leads, with one concurrent query per table. */
export async function attachIncludes(
  db: Db,
  leads: ListedLead[],
  include: readonly LeadInclude[],
  options: { include_deleted?: boolean | undefined } = {},
): Promise<void> {
  if (leads.length === 0) return
  const companies = include.includes('company') ? readCompanies(db, leads, options.include_deleted ?? false) : null
  const sources = include.includes('source')
    ? readLeadSources(
        db,
        leads.map(({ id }) => id as number),
      )
    : null
  const [byCompany, bySource] = await Promise.all([companies, sources])
  if (byCompany) for (const lead of leads) lead.company = byCompany.get(lead.company_id ?? 0) ?? null
  if (!bySource) return
  const byLead = new Map(bySource.map((row) => [row.lead_id, row]))
  for (const lead of leads) lead.lead_source = byLead.get(lead.id as number) ?? null
}

async function readCompanies(
  db: Db,
  leads: readonly ListedLead[],
  include_deleted: boolean,
): Promise<Map<number, Company>> {
  const ids = [...new Set(leads.map(({ company_id }) => company_id))].filter((id) => typeof id === 'number')
  const rows = await findById<Company>(db, { table: 'companies', key: 'id', columns: companyColumns }, ids)
  return new Map(rows.filter(({ is_deleted }) => include_deleted || !is_deleted).map((row) => [row.id, row]))
}
