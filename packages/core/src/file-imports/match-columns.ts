import { COMPANY, type Field, type Meaning, PERSON } from '../mapping/fields.ts'
import { recognizeKey } from '../mapping/recognize-key.ts'
import type { ColumnMatch } from '../model/import-batch.ts'
import { type CrmField, crmFields, importedColumns, leadColumnSpecs } from '../model/lead-columns.ts'
import { Problem } from '../problem.ts'
import { matchCrmField } from './crm-fields.ts'

/**
 * Which column of a file says what. The names are understood by the mapping's own dictionary, so that a CSV file and a
 * dataset item with the same names mean the same; a person may say otherwise.
 */

/** What a column of a file may be read as, and the name under which the mapping understands it. */
export const importColumns: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [...importedColumns, ...crmFields]
      .filter((column) => column !== 'company_id')
      .map((column) => [column, leadColumnSpecs[column].file_field ?? column]),
  ),
  personal_email: 'personal_email',
  website: 'website',
  address: 'address',
  street: 'street',
  linkedin_url: 'linkedin_url',
  external_id: 'id',
  external_url: 'page_url',
  scraped_at: 'scraped_at',
  'company.linkedin_url': 'company_linkedin_url',
  'company.employees': 'company_size',
  'company.description': 'company_description',
  'company.company_type': 'company_type',
  'company.country': 'company_country',
  'company.city': 'company_city',
}

/** A column of the file on its way into an item. */
export interface FileColumn extends ColumnMatch {
  /** Its name in the item that the mapping reads; null = left out of it. */
  key: string | null
}

/** Header to lead column, as given by `--map "Firmenname=company_name"`; null = not read at all. */
export type ColumnOverrides = Readonly<Record<string, string | null>>

/** @throws Problem invalid_request for an override that names no column of the file, or nothing that can be read */
export function matchColumns(headers: readonly string[], overrides: ColumnOverrides = {}): FileColumn[] {
  checkOverrides(headers, overrides)
  return headers.map((header) => {
    const chosen = Object.hasOwn(overrides, header) ? overrides[header] : undefined
    if (chosen === null) return { header, column: null, is_override: true, key: null }
    if (chosen !== undefined) return { header, column: chosen, is_override: true, key: importColumns[chosen] ?? null }
    return {
      header,
      column: toTargetColumn(recognizeKey(header)) ?? matchCrmField(header),
      is_override: false,
      key: header,
    }
  })
}

/** The columns that say how people got on with a lead. */
export const findCrmColumns = (columns: readonly FileColumn[]): { header: string; field: CrmField }[] =>
  columns.flatMap(({ header, column }) => {
    const field = crmFields.find((field) => field === column)
    return field === undefined ? [] : [{ header, field }]
  })

function checkOverrides(headers: readonly string[], overrides: ColumnOverrides): void {
  for (const [header, column] of Object.entries(overrides)) {
    if (!headers.includes(header))
      throw new Problem('invalid_request', `The file has no column "${header}". It has: ${headers.join(', ')}.`)
    if (column !== null && !Object.hasOwn(importColumns, column))
      throw new Problem(
        'invalid_request',
        `"${column}" is nothing that a column can be read as. Choose one of: ${Object.keys(importColumns).join(', ')}.`,
      )
  }
}

/** Names of the cells of a first record: blanks get a number, and so does a name that comes again. */
export function headerNames(cells: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return cells.map((cell, index) => {
    const name = cell.replace(/\s+/g, ' ').trim() || `column ${index + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} ${times}`
  })
}

const columnByField: Partial<Record<Field, string>> = {
  name: 'full_name or company_name',
  full_name: 'full_name',
  first_name: 'first_name',
  last_name: 'last_name',
  title: 'title',
  job_title: 'title',
  occupation: 'title',
  headline: 'title',
  email: 'email',
  personal_email: 'personal_email',
  email_status: 'email_verified',
  phone: 'phone',
  phone_status: 'phone_verified',
  website: 'website',
  domain: 'company_domain',
  url: 'external_url',
  social: 'external_url',
  linkedin: 'linkedin_url',
  linkedin_slug: 'linkedin_url',
  facebook: 'external_url',
  address: 'address',
  location: 'address',
  street: 'street',
  city: 'city',
  state: 'state',
  postal_code: 'postal_code',
  country: 'country',
  country_code: 'country',
  industry: 'industry',
  employees: 'company.employees',
  employees_min: 'company.employees',
  employees_max: 'company.employees',
  description: 'company.description',
  company_type: 'company.company_type',
  id: 'external_id',
  place_id: 'external_id',
  slug: 'external_id',
  tags: 'tags',
  scraped_at: 'scraped_at',
}

/** What people are shown of a meaning; null where it fills no column. */
function toTargetColumn({ owner, field, context }: Meaning): string | null {
  if (field === null || context === 'deny') return null
  const column = columnByField[field] ?? null
  if (column === null) return null
  if (owner === COMPANY) return companyColumns[field] ?? `company.${column}`
  return owner === PERSON && field === 'name' ? 'full_name' : column
}

const companyColumns: Partial<Record<Field, string>> = {
  name: 'company_name',
  domain: 'company_domain',
  website: 'website',
  industry: 'industry',
  employees: 'company.employees',
  employees_min: 'company.employees',
  employees_max: 'company.employees',
  description: 'company.description',
  company_type: 'company.company_type',
}
