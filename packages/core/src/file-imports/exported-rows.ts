import { parseListCell, unescapeFormula } from '../csv-text.ts'
import { buildCompanyKey } from '../mapping/company-key.ts'
import type { ColumnSpec } from '../model/columns.ts'
import { type ImportedColumn, importedColumns, leadColumns } from '../model/lead-columns.ts'
import type { MappedCompany, MappedLead } from '../model/mapped-item.ts'
import { isErrorValue, repairCell, repairNumber } from './cells/repair-cell.ts'
import type { UnreadableCell } from './crm-fields.ts'

/**
 * Files that the product exported. Their values are normalized already and imported as is: an export that is imported
 * again changes nothing, and an edited cell changes that field. Numbers that a spreadsheet has shortened are not edits.
 */

/** A row of an export: the external id of the lead in the database that wrote it, and its columns. */
export interface ExportedRow {
  provider_name: string
  lead: MappedLead
  company: MappedCompany | null
  external_url: string | null
}

/** Identifies a manual lead, which has no external id, in the database that wrote the file. */
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
  const plain = unescapeFormula(value).replaceAll('\u0000', '').toWellFormed()
  return isErrorValue(plain) ? null : plain
}

/** Columns whose values look like numbers to a spreadsheet. */
const NUMBER_COLUMNS: ReadonlySet<string> = new Set(['phone', 'postal_code', 'additional_phones'])

/** Null where a spreadsheet has left nothing but an exponent. */
const number = (value: string): string | null => repairNumber(repairCell(value))

function list(cells: Cells, column: string): string[] {
  const value = cells[column]
  if (Array.isArray(value)) return value.filter((entry): entry is string => typeof entry === 'string')
  return typeof value === 'string' ? parseListCell(value) : []
}

/** Spreadsheets write logical values in the language of their user. */
const flag = (cells: Cells, column: string): boolean =>
  /^(?:true|1|yes|wahr|vrai|verdadero|vero|verdadeiro|waar|prawda)$/i.test(String(cells[column] ?? '').trim())

/** Returns the key of a manual lead, or null if the row has none. */
export function parseManualLeadKey(cells: Cells): ManualLeadKey | null {
  if (text(cells, 'external_id') !== null) return null
  const id = Number(text(cells, 'id') ?? Number.NaN)
  const created_at = text(cells, 'created_at')
  return Number.isSafeInteger(id) && created_at !== null ? { id, created_at } : null
}

/** Returns a row of an export, the reason why it cannot be a lead, or null if it has no external id. */
export function parseExportedRow(cells: Cells): ExportedRow | string | null {
  const provider_name = text(cells, 'provider_name')
  const external_id = text(cells, 'external_id')
  if (provider_name === null || external_id === null) return null
  if (external_id.length > 255 || provider_name.length > 100) return 'provider_name or external_id is too long'
  if (external_id.endsWith(' ') || provider_name.endsWith(' ')) return 'external_id ends in a blank'
  const lead = { external_id } as MappedLead
  for (const column of textColumns) {
    lead[column] = parseText(cells, column)
    const { length_max } = leadColumns[column]
    if ([...(lead[column] ?? '')].length > length_max) return `${column} is longer than ${length_max} characters`
  }
  for (const column of listColumns) {
    lead[column] = parseList(cells, column)
    const { length_max, entries_max } = leadColumns[column]
    const isTooLong = lead[column].length > entries_max || lead[column].some((value) => value.length > length_max)
    if (isTooLong) return `${column} is too long`
  }
  for (const column of flagColumns) lead[column] = flag(cells, column)
  return {
    provider_name,
    lead,
    company: companyOf(lead),
    external_url: text(cells, 'external_url')?.slice(0, 2048) ?? null,
  }
}

function parseText(cells: Cells, column: string): string | null {
  const stated = text(cells, column)
  return stated !== null && NUMBER_COLUMNS.has(column) ? number(stated) : stated
}

function parseList(cells: Cells, column: string): string[] {
  const stated = list(cells, column)
  return NUMBER_COLUMNS.has(column) ? stated.flatMap((value) => number(value) ?? []) : stated
}

/** Used only if the lead is new to this database: an export does not contain the company of a lead. */
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

/** Returns the cells of an export in which a spreadsheet has left no value: exponents and error values. */
export const findDamagedCells = (cells: Cells): UnreadableCell[] =>
  [...textColumns, ...listColumns].flatMap((column): UnreadableCell[] => {
    const value = cells[column]
    if (typeof value !== 'string' || value === '') return []
    const isDamaged = isErrorValue(value.trim()) || (NUMBER_COLUMNS.has(column) && number(value.trim()) === null)
    return isDamaged ? [{ header: column, value: value.trim().slice(0, 100) }] : []
  })
