import { COMPANY, type Field, type Meaning, PERSON } from '../mapping/fields.ts'
import { recognizeKey } from '../mapping/recognize-key.ts'
import type { ColumnMatch } from '../model/import-batch.ts'
import { type CrmField, crmFields, importedColumns, leadColumnSpecs } from '../model/lead-columns.ts'
import { parseLinkedinPage } from '../normalize/linkedin.ts'
import { readCountry } from '../normalize/stated-country.ts'
import { Problem } from '../problem.ts'
import { classifyColumn } from './cells/name-kind.ts'
import { type ColumnGroup, type ColumnMeaning, FALLBACK_PRIORITY, recognizeColumn } from './columns/recognize-column.ts'
import { matchCrmField } from './crm-fields.ts'

/**
 * Matches the columns of a file to lead columns: by the words of their names in eight languages, by the other columns
 * and by their values. A user can override every match.
 */

/** The lead columns that a column of a file can fill, and the key under which the mapping reads them. */
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
  house_number: 'house_number',
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
  'company.street': 'company_street',
  'company.state': 'company_state',
  'company.postal_code': 'company_postal_code',
  'company.address': 'company_address',
  'company.email': 'company_email',
  'company.phone': 'company_phone',
}

/** A column of the file on its way into an item. */
export interface FileColumn extends ColumnMatch {
  /** Its name in the item that the mapping reads; null = not read. */
  key: string | null
  /** Of several columns with one key, the lower one is read first. */
  priority?: number
  /** Of several addresses in a row, the first group with a value is read. */
  group?: ColumnGroup
  /** The cells of all columns with this key are one value: `van der` and `Meulen`. */
  is_part?: boolean
  /** `name`: a person or a company, as in most rows; a row that is clearly the other is read as that. */
  decided_by?: 'name'
  /** Qualifies the phone number or address in other columns, by position. */
  qualifies?: { kind: 'label' | 'calling_code'; columns: readonly number[] }
}

/** Header to lead column, as given by `--map "Firmenname=company_name"`; null = not read. */
export type ColumnOverrides = Readonly<Record<string, string | null>>

/** Matches the keys of JSON records, which the mapping reads as they are. @throws Problem invalid_request */
export function matchItemKeys(headers: readonly string[], overrides: ColumnOverrides = {}): FileColumn[] {
  checkOverrides(headers, overrides)
  return headers.map(
    (header) =>
      overrideOf(header, overrides) ?? {
        header,
        column: toTargetColumn(recognizeKey(header)) ?? matchCrmField(header),
        is_override: false,
        key: header,
      },
  )
}

function overrideOf(header: string, overrides: ColumnOverrides): FileColumn | undefined {
  const chosen = Object.hasOwn(overrides, header) ? overrides[header] : undefined
  if (chosen === null) return { header, column: null, is_override: true, key: null }
  if (chosen === undefined) return undefined
  return { header, column: chosen, is_override: true, key: importColumns[chosen] ?? null, priority: -1 }
}

/**
 * Matches the columns of a table. `values` are cells of the first rows by column, which settle what a name leaves open.
 * @throws Problem invalid_request for an override that names no column of the file, or no lead column
 */
export function matchColumns(
  headers: readonly string[],
  overrides: ColumnOverrides = {},
  values: readonly (readonly string[])[] = [],
): FileColumn[] {
  checkOverrides(headers, overrides)
  const meanings = findHouseNumbers(
    headers,
    headers.map((header, index) =>
      overrideOf(header, overrides) === undefined ? meaningOf(header, values[index] ?? []) : null,
    ),
  )
  const given = headers.flatMap((header) => overrideOf(header, overrides)?.column ?? [])
  const resolved = resolveTogether(headers, meanings, given, values)
  return headers.map((header, index): FileColumn => {
    const override = overrideOf(header, overrides)
    if (override !== undefined) return override
    const { column, key, group, priority, decided_by, qualifies, is_part } = resolved[index] ?? { column: null }
    return {
      header,
      column,
      is_override: false,
      key: column === null ? null : (key ?? importColumns[column] ?? header),
      ...(priority !== undefined && { priority }),
      ...(group !== undefined && { group }),
      ...(decided_by && { decided_by }),
      ...(is_part && { is_part }),
      ...(qualifies && { qualifies }),
    }
  })
}

/** Fields that the dictionary of items knows and the grammar of column names does not. */
const DICTIONARY_COLUMNS = new Set<Field>([
  'scraped_at',
  'place_id',
  'linkedin',
  'linkedin_slug',
  'facebook',
  'social',
  'url',
  'full_name',
  'name',
  'employees_min',
  'employees_max',
  'tags',
  'industry',
  'location',
  'address',
  'city',
  'state',
  'website',
  'domain',
  'email',
  'phone',
  'title',
  'job_title',
  'headline',
  'description',
  'company_type',
  'country_code',
  'postal_code',
])
/** Weaker than every column that the grammar knows. */
const LATE_PRIORITY = 8

function meaningOf(header: string, values: readonly string[]): ColumnMeaning {
  const found = recognizeColumn(header)
  if (found.is_denied || found.column !== null) return found.column === null ? found : checkByValues(found, values)
  const known = recognizeKey(header)
  if (known.field !== null && (DICTIONARY_COLUMNS.has(known.field) || isImported(known.field))) {
    const column = toTargetColumn(known)
    const guess = column === 'external_url' ? guessByValues(values) : null
    if (guess !== null) return { ...found, column: guess, priority: LATE_PRIORITY }
    if (column !== null)
      return {
        ...found,
        column: column === 'full_name or company_name' ? 'name' : column,
        priority: LATE_PRIORITY,
        is_from_dictionary: true,
      }
  }
  if (known.context === 'deny') return { ...found, is_denied: true }
  const crm = matchCrmField(header)
  if (crm !== null) return { ...found, column: crm }
  const column = guessByValues(values)
  return column === null ? found : { ...found, column, priority: LATE_PRIORITY }
}

const share = (values: readonly string[], test: (value: string) => boolean): number => {
  const filled = values.filter((value) => value.trim() !== '')
  return filled.length === 0 ? 0 : filled.filter(test).length / filled.length
}

const isEmailText = (value: string): boolean => /^[^\s@]+@[^\s@]+\.\p{L}{2,}$/u.test(value.trim())
const isLinkedinText = (value: string): boolean => /linkedin\.com\/(?:in|pub|company|school)\//i.test(value)

/** A column whose name says nothing is read by its values only where those explain themselves. */
function guessByValues(values: readonly string[]): string | null {
  if (share(values, isEmailText) > 0.6) return 'email'
  if (share(values, isLinkedinText) > 0.6)
    return share(values, (value) => parseLinkedinPage(value)?.kind === 'company') > 0.5
      ? 'company.linkedin_url'
      : 'linkedin_url'
  if (share(values, (value) => /^\+\d[\d ()./-]{7,20}$/.test(value.trim())) > 0.6) return 'phone'
  return null
}

const ACADEMIC =
  /^(?:(?:dr|prof|pd|dipl|mag|mr|mrs|ms|miss|herr|frau|m|mme|mlle|sr|sra|sig|dott|ing|mba|lic)\b[\s.,/-]*(?:ing|med|habil|rer|nat|phil|jur|h\.?c|-)*[\s.]*)+$/i

/** Corrects what a name says by what the cells hold. */
function checkByValues(found: ColumnMeaning, values: readonly string[]): ColumnMeaning {
  const { column } = found
  if (column === 'state' && share(values, (value) => value.trim().length > 2 && readCountry(value) !== null) > 0.6)
    return { ...found, column: 'country' }
  if (column === 'country' && share(values, (value) => /^(?:\+|00)?\d{1,3}$/.test(value.trim())) > 0.6)
    return { ...found, column: 'calling_code' }
  if (column === 'title' && !found.is_certain && share(values, (value) => ACADEMIC.test(value.trim())) > 0.6)
    return { ...found, column: null, is_denied: true }
  if (column === 'name' || column === 'full_name') {
    const guess = guessByValues(values)
    if (guess !== null) return { ...found, column: guess }
  }
  return found
}

interface ResolvedColumn extends Partial<Omit<FileColumn, 'column'>> {
  column: string | null
}

/** Settles what columns leave open by the other columns of the file. */
function resolveTogether(
  headers: readonly string[],
  meanings: readonly (ColumnMeaning | null)[],
  given: readonly string[],
  values: readonly (readonly string[])[],
): ResolvedColumn[] {
  const present = new Set([
    ...given,
    ...meanings.flatMap((each) => (each === null || each.priority >= FALLBACK_PRIORITY ? [] : (each.column ?? []))),
  ])
  const hasJob = meanings.some((each) => each?.column === 'title' && (each.is_certain || each.priority < 2))
  const hasAddress = meanings.some((each) => each !== null && isAddress(each.column) && each.group !== 'billing')
  const names = meanings.flatMap((each, index) => (each?.column === 'name' ? [{ index, priority: each.priority }] : []))
  names.sort((a, b) => a.priority - b.priority)
  return meanings.map((each, index): ResolvedColumn => {
    if (each === null || each.column === null || each.is_denied) return denied(each, index, meanings)
    const { column, group, priority } = each
    if (column === 'calling_code')
      return { column: null, qualifies: { kind: column, columns: phonesNear(index, meanings) } }
    if (column === 'title' && !each.is_certain && hasJob && priority >= 2) return { column: null }
    if (group === 'billing' && hasAddress) return { column: null }
    if (column === 'name_continued') return continueName(headers, names, present, values)
    if (column !== 'name') {
      const own = each.is_from_dictionary === true && headers[index]
      return {
        column,
        group,
        priority,
        ...(each.is_part && { is_part: true }),
        ...(own && { key: own }),
      }
    }
    return resolveNameAt(index, names, meanings, present, values)
  })
}

function resolveNameAt(
  index: number,
  names: readonly { index: number }[],
  meanings: readonly (ColumnMeaning | null)[],
  present: ReadonlySet<string>,
  values: readonly (readonly string[])[],
): ResolvedColumn {
  const rank = names.findIndex((name) => name.index === index)
  if (rank === 0 && !present.has('company_name') && isBesideParts(index, meanings, values))
    return { column: 'company_name' }
  return resolveName(present, rank, names.length, values[index] ?? [])
}

/** A name beside a first and a last name that contains neither is the company's: `CUST_NM`, `CONTACT_FIRST`, `CONTACT_LAST`. */
function isBesideParts(
  index: number,
  meanings: readonly (ColumnMeaning | null)[],
  values: readonly (readonly string[])[],
): boolean {
  const cellsOf = (column: string) => values[meanings.findIndex((each) => each?.column === column)] ?? []
  const [first, last] = [cellsOf('first_name'), cellsOf('last_name')]
  const names = values[index] ?? []
  const rows = names.flatMap((name, row) => {
    const parts = [first[row] ?? '', last[row] ?? ''].map((part) => part.trim().toLowerCase())
    return name.trim() === '' || parts.includes('') ? [] : [{ name: name.toLowerCase(), parts }]
  })
  return rows.length > 0 && rows.every(({ name, parts }) => !parts.some((part) => name.includes(part)))
}

const BARE_NUMBER = /^(?:n[uú]mero|num|number|nr|n[º°o])\.?$/iu

/** A bare "Number" behind a street is its house's. */
function findHouseNumbers(
  headers: readonly string[],
  meanings: readonly (ColumnMeaning | null)[],
): (ColumnMeaning | null)[] {
  return meanings.map((each, index) => {
    const before = meanings[index - 1]
    const isBehindStreet = before?.column === 'street' || before?.column === 'address'
    if (each === null || each.column !== null || !isBehindStreet) return each
    return BARE_NUMBER.test(headers[index]?.trim() ?? '')
      ? { ...before, column: 'house_number', is_from_dictionary: false }
      : each
  })
}

/** "Name 1", "Name 2": the second line of a company's name. A repeated "Name" is a column of its own. */
function continueName(
  headers: readonly string[],
  names: readonly { index: number }[],
  present: ReadonlySet<string>,
  values: readonly (readonly string[])[],
): ResolvedColumn {
  const first = names[0]
  if (first === undefined || !/\b1\b|\D1$/.test(headers[first.index] ?? '')) return { column: null }
  const { column } = resolveName(present, 0, names.length, values[first.index] ?? [])
  return column === 'company_name' ? { column, priority: 1, is_part: true } : { column: null }
}

const isAddress = (column: string | null): boolean =>
  column !== null && ['street', 'city', 'state', 'postal_code', 'country', 'address'].includes(column)

/** `Phone 1 - Type` names the kind of `Phone 1 - Value`. */
function denied(
  each: ColumnMeaning | null,
  index: number,
  meanings: readonly (ColumnMeaning | null)[],
): ResolvedColumn {
  if (each?.column !== 'label') return { column: null }
  const next = [index + 1, index - 1].filter((at) => meanings[at]?.column === 'phone')
  return { column: null, qualifies: { kind: 'label', columns: next.slice(0, 1) } }
}

/** The phone numbers that an area or country code belongs to: those behind it, else all. */
function phonesNear(index: number, meanings: readonly (ColumnMeaning | null)[]): number[] {
  if (meanings[index + 1]?.column === 'phone') return [index + 1]
  return meanings.flatMap((each, at) => (each?.column === 'phone' ? [at] : []))
}

const COMPANY_EVIDENCE = [
  'website',
  'company_domain',
  'industry',
  'company.employees',
  'company.company_type',
  'company.description',
  'company.phone',
]

/**
 * A column called `Name` or `Contact`: the other part of a person's name, the person, or the company. Of a name and a
 * contact in one file the name comes first.
 */
function resolveName(
  present: ReadonlySet<string>,
  rank: number,
  count: number,
  values: readonly string[],
): ResolvedColumn {
  const hasFirst = present.has('first_name')
  const hasLast = present.has('last_name')
  const hasCompany = present.has('company_name')
  if (rank > 0) return { column: rank === 1 && !hasCompany && !hasFirst ? 'full_name' : null }
  if (hasFirst !== hasLast) return { column: hasFirst ? 'last_name' : 'first_name' }
  if (hasCompany || hasFirst) return { column: 'full_name' }
  if (present.has('full_name') || count > 1) return { column: 'company_name' }
  if (present.has('title')) return { column: 'full_name' }
  const kind = classifyColumn(
    values,
    COMPANY_EVIDENCE.some((column) => present.has(column)),
  )
  return { column: kind === 'person' ? 'full_name' : 'company_name', decided_by: 'name' }
}

/** The columns with CRM fields of a lead. */
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
        `"${column}" is not a lead column. Choose one of: ${Object.keys(importColumns).join(', ')}.`,
      )
  }
}

/** Control characters, terminal sequences and invisible marks. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters and escape sequences are removed.
  /\u001b\[[\d;]*[A-Za-z]|\u001b\][^\u0007]*\u0007|[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** A column name as people see it. */
export const toVisible = (text: string): string =>
  text
    .replace(INVISIBLE, (found) => (found === '\n' || found === '\t' || found === '\r' ? ' ' : ''))
    .replace(/\s+/g, ' ')
    .trim()

/** Returns the column names of a header: an empty name and a repeated name get a number. */
export function headerNames(cells: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return cells.map((cell, index) => {
    const name = toVisible(cell) || `column ${index + 1}`
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return times === 1 ? name : `${name} ${times}`
  })
}

/** The columns of fields that have another name than theirs. */
const columnByField: Partial<Record<Field, string>> = {
  name: 'full_name or company_name',
  job_title: 'title',
  occupation: 'title',
  headline: 'title',
  personal_email: 'personal_email',
  email_status: 'email_verified',
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
  country_code: 'country',
  employees: 'company.employees',
  employees_min: 'company.employees',
  employees_max: 'company.employees',
  description: 'company.description',
  company_type: 'company.company_type',
  id: 'external_id',
  place_id: 'external_id',
  slug: 'external_id',
  scraped_at: 'scraped_at',
}

const isImported = (field: string): boolean => (importedColumns as readonly string[]).includes(field)

/** The lead column that a key of an item fills; null if none. */
function toTargetColumn({ owner, field, context }: Meaning): string | null {
  if (field === null || context === 'deny') return null
  const column = columnByField[field] ?? (isImported(field) ? field : null)
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
