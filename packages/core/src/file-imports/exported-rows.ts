import { parseListCell, unescapeFormula } from '../csv-text.ts'
import { buildCompanyKey } from '../mapping/company-key.ts'
import type { ColumnSpec } from '../model/columns.ts'
import { type ImportedColumn, importedColumns, leadColumns } from '../model/lead-columns.ts'
import type { MappedCompany, MappedLead } from '../model/mapped-item.ts'

/**
 * Files that the product exported itself. Their columns are the lead's own and their values are normalised already, so
 * they are taken as they are: an export that is imported again changes nothing, and an edited cell changes that cell.
 */

/** A row of an own file: the identity that the lead has in the database it came from, and its columns. */
export interface ExportedRow {
  provider_name: string
  lead: MappedLead
  company: MappedCompany | null
  external_url: string | null
}

/** A lead that was made by hand has no identity at a source; the database that it came from knows it by these. */
export interface ManualLeadKey {
  id: number
  created_at: string
}

type ImportedOfKind<Kind> = {
  [Column in ImportedColumn]: (typeof leadColumns)[Column]['kind'] extends Kind ? Column : never
}[ImportedColumn]

const importedOfKind = <Kind extends ColumnSpec['kind']>(kind: Kind): ImportedOfKind<Kind>[] =>
  importedColumns.filter((column): column is ImportedOfKind<Kind> => leadColumns[column].kind === kind)

const textColumns = importedOfKind('text')
const listColumns = importedOfKind('text_list')
const flagColumns = importedOfKind('flag')

/** Only an export has both columns of a lead's identity. */
export const isExportedFile = (headers: readonly string[]): boolean =>
  headers.includes('provider_name') && headers.includes('external_id')

type Cells = Readonly<Record<string, unknown>>

const text = (cells: Cells, column: string): string | null => {
  const value = cells[column]
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value === '') return null
  return unescapeFormula(value).replaceAll('\u0000', '').toWellFormed()
}

function list(cells: Cells, column: string): string[] {
  const value = cells[column]
  if (Array.isArray(value)) return value.filter((entry): entry is string => typeof entry === 'string')
  return typeof value === 'string' ? parseListCell(value) : []
}

const flag = (cells: Cells, column: string): boolean => /^(true|1|yes)$/i.test(String(cells[column] ?? ''))

/** The lead made by hand that a row speaks of, or null where it says nothing of one. */
export function parseManualLeadKey(cells: Cells): ManualLeadKey | null {
  if (text(cells, 'external_id') !== null) return null
  const id = Number(text(cells, 'id') ?? Number.NaN)
  const created_at = text(cells, 'created_at')
  return Number.isSafeInteger(id) && created_at !== null ? { id, created_at } : null
}

/** A row of an own file; a text says why it cannot be a lead; null where it has no identity at a source. */
export function parseExportedRow(cells: Cells): ExportedRow | string | null {
  const provider_name = text(cells, 'provider_name')
  const external_id = text(cells, 'external_id')
  if (provider_name === null || external_id === null) return null
  if (external_id.length > 255 || provider_name.length > 100) return 'provider_name or external_id is too long'
  if (external_id.endsWith(' ') || provider_name.endsWith(' ')) return 'external_id ends in a blank'
  const lead = { external_id } as MappedLead
  for (const column of textColumns) {
    const { length_max } = leadColumns[column]
    const value = text(cells, column)
    if (value !== null && [...value].length > length_max) return `${column} is longer than ${length_max} characters`
    lead[column] = value
  }
  for (const column of listColumns) {
    const { length_max, entries_max } = leadColumns[column]
    const values = list(cells, column)
    if (values.length > entries_max || values.some((value) => value.length > length_max)) return `${column} is too long`
    lead[column] = values
  }
  for (const column of flagColumns) lead[column] = flag(cells, column)
  return {
    provider_name,
    lead,
    company: companyOf(lead),
    external_url: text(cells, 'external_url')?.slice(0, 2048) ?? null,
  }
}

/** Used only where the lead is new to this database: which company a known lead belongs to, no export says. */
function companyOf(lead: MappedLead): MappedCompany | null {
  const { company_domain: domain, company_name, country, city, industry } = lead
  const company_key = buildCompanyKey(domain, null, company_name, country, city)
  const name = company_name ?? domain
  if (company_key === null || name === null) return null
  const unknown = {
    company_type: null,
    employee_count: null,
    employee_size_min: null,
    employee_size_max: null,
    description: null,
    website: null,
    linkedin_url: null,
  }
  return { ...unknown, company_key, name, domain, country: null, city: null, industry, tags: [] }
}
