import type { Mapper } from '../mapping/map-item.ts'
import type { FileColumn } from './match-columns.ts'
import { prepareRow } from './prepare-row.ts'
import type { FileLayout } from './read-layout.ts'
import type { FileRecord } from './reading/types.ts'
import type { LeadRow } from './resolve-rows.ts'

/** What a column of a file fills, shown by the first records. */
export interface ColumnDescription {
  header: string
  /** The lead column that it fills; null = kept in raw_data, not read. */
  column: string | null
  is_override: boolean
  /** The first value of the column. */
  example: string
  /** What that value becomes in the lead; null where it fills nothing. */
  becomes: string | null
  /** Cells with a value among the first records, and how many of them could not be read. */
  cells: number
  unread: number
  /** The column is called "Name": its values decide between people and companies. */
  is_decided_by_values: boolean
}

/** Describes the columns of a file by what its first records become. Pure; reads nothing more. */
export function describeColumns(layout: FileLayout, map: Mapper): ColumnDescription[] {
  const { columns, is_export, sample_records, samples } = layout
  const prepared = sample_records.map((record, index) => ({
    record,
    row: prepareRow({ columns, is_export, map }, record, index + 1),
  }))
  return columns.map((column, index): ColumnDescription => {
    const { header, column: target, is_override, decided_by } = column
    const filled = prepared.filter(({ record }) => cellText(record, column, index) !== '')
    const first = filled.find(({ row }) => 'item' in row)
    const example = first === undefined ? (samples[index]?.[0] ?? '') : cellText(first.record, column, index)
    const unread = filled.filter(
      ({ row }) => 'item' in row && row.misread.some((cell) => cell.header === header),
    ).length
    return {
      header,
      column: target,
      is_override,
      example,
      becomes: target === null || first === undefined ? null : valueIn(first.row as LeadRow, target, example),
      cells: filled.length,
      unread,
      is_decided_by_values: decided_by === 'name',
    }
  })
}

function cellText({ cells }: FileRecord, { header }: FileColumn, index: number): string {
  const value = Array.isArray(cells) ? cells[index] : cells[header]
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value.trim() : JSON.stringify(value)
}

const digitsOf = (text: string): string => text.replace(/\D/g, '').slice(-6)

function valueIn({ item }: LeadRow, column: string, example: string): string | null {
  const { lead, company, source, crm_fields } = item
  if (column.includes('phone') && !column.includes('verified'))
    return list(
      [lead.phone, ...lead.additional_phones].filter((phone) => phone !== null && matchesDigits(example, phone)),
    )
  if (column.includes('email') && !column.includes('verified'))
    return list(
      [lead.email, ...lead.additional_emails].filter(
        (email) => email !== null && example.toLowerCase().includes(email),
      ),
    )
  if (column === 'linkedin_url') return source.external_url
  if (column === 'website') return company?.website ?? lead.company_domain
  if (column === 'company.employees')
    return list([
      company?.employee_count ?? null,
      company?.employee_size_min ?? null,
      company?.employee_size_max ?? null,
    ])
  const inCompany = column.startsWith('company.') ? column.slice('company.'.length) : null
  const values: Record<string, unknown> = inCompany === null ? { ...lead, ...withoutNulls(crm_fields) } : { ...company }
  const value = values[inCompany ?? column]
  return Array.isArray(value) ? list(value) : value === undefined || value === null ? null : String(value)
}

/** The number is one of those in the cell. */
const matchesDigits = (cell: string, phone: string): boolean => cell.replace(/\D/g, '').includes(digitsOf(phone))

const list = (values: readonly unknown[]): string | null => {
  const stated = values.filter((value) => value !== null)
  return stated.length === 0 ? null : stated.join('; ')
}

const withoutNulls = (fields: object | undefined): object =>
  Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== null))
