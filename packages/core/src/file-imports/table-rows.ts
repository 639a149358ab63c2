import type { MappedLead } from '../model/mapped-item.ts'
import { cleanEmail, isFreeMail } from '../normalize/email.ts'
import { parseEmployeeSize } from '../normalize/employees.ts'
import { parseLinkedinPage } from '../normalize/linkedin.ts'
import { isCouple } from '../normalize/name.ts'
import { cleanPhone } from '../normalize/phone.ts'
import { readCountry } from '../normalize/stated-country.ts'
import { isPlaceholder } from '../normalize/text.ts'
import { cleanUrl } from '../normalize/url.ts'
import { classifyNameByEmail } from './cells/name-kind.ts'
import { withCountryCode } from './cells/phone-cell.ts'
import { repairCell, repairNumber } from './cells/repair-cell.ts'
import { firstOfJoined, splitEmails, splitList, splitPhones, splitTags } from './cells/split-values.ts'
import type { ColumnGroup } from './columns/recognize-column.ts'
import type { UnreadableCell } from './crm-fields.ts'
import type { FileColumn } from './match-columns.ts'

/** Rows of a table as items that the mapping reads. */

/** Values of columns that are not read, below a key that the mapping skips: kept in `raw_data`. */
export const OTHER_COLUMNS = '#other_columns'

type CellKind =
  | 'email'
  | 'phone'
  | 'country'
  | 'postal_code'
  | 'tags'
  | 'list'
  | 'website'
  | 'linkedin'
  | 'employees'
  | 'address'
  | 'text'

const kindByColumn: Readonly<Record<string, CellKind>> = {
  email: 'email',
  personal_email: 'email',
  additional_emails: 'email',
  'company.email': 'email',
  phone: 'phone',
  additional_phones: 'phone',
  'company.phone': 'phone',
  country: 'country',
  'company.country': 'country',
  postal_code: 'postal_code',
  'company.postal_code': 'postal_code',
  tags: 'tags',
  website: 'website',
  company_domain: 'website',
  linkedin_url: 'linkedin',
  'company.linkedin_url': 'linkedin',
  'company.employees': 'employees',
  address: 'address',
  'company.address': 'address',
}

interface PlannedColumn {
  index: number
  header: string
  key: string | null
  kind: CellKind
  group: ColumnGroup | null
  isNameByValue: boolean
  isPart: boolean
  label: number | null
  callingCode: number | null
}

/** What is worked out once per file. */
interface TablePlan {
  columns: readonly PlannedColumn[]
  countries: readonly PlannedColumn[]
  groups: readonly ColumnGroup[]
  email: number
  hasCompany: boolean
  first: number
  last: number
}

const plans = new WeakMap<readonly FileColumn[], TablePlan>()

function planOf(columns: readonly FileColumn[]): TablePlan {
  const known = plans.get(columns)
  if (known !== undefined) return known
  const plan = createPlan(columns)
  plans.set(columns, plan)
  return plan
}

function createPlan(columns: readonly FileColumn[]): TablePlan {
  const qualifier = (kind: string, at: number): number | null => {
    const found = columns.findIndex(({ qualifies }) => qualifies?.kind === kind && qualifies.columns.includes(at))
    return found < 0 ? null : found
  }
  const planned = columns.map(
    ({ header, column, key, group, decided_by, is_part }, index): PlannedColumn => ({
      index,
      header,
      key: column !== null && CRM_COLUMNS.has(column) ? null : key,
      kind: (column === null ? undefined : kindByColumn[column]) ?? 'text',
      group: column !== null && ADDRESS_COLUMNS.has(column) ? (group ?? 'own') : null,
      isNameByValue: decided_by === 'name',
      isPart: is_part === true || columns.some((each) => each.is_part === true && each.key === key),
      label: qualifier('label', index),
      callingCode: qualifier('calling_code', index),
    }),
  )
  const priority = ({ index }: PlannedColumn): number => columns[index]?.priority ?? 0
  const used = new Set(planned.flatMap(({ group }) => group ?? []))
  const at = (column: string): number => columns.findIndex((each) => each.column === column)
  return {
    columns: [...planned].sort((a, b) => priority(a) - priority(b)),
    countries: planned.filter(({ kind }) => kind === 'country'),
    groups: used.size < 2 ? [] : (['own', 'home', 'other', 'billing'] as const).filter((group) => used.has(group)),
    email: at('email'),
    hasCompany: at('company_name') >= 0,
    first: at('first_name'),
    last: at('last_name'),
  }
}

const ADDRESS_COLUMNS = new Set(['street', 'house_number', 'city', 'state', 'postal_code', 'country', 'address'])
/** Read from the record itself, see crm-fields. */
const CRM_COLUMNS = new Set(['lead_status', 'lead_score', 'notes'])

export interface TableItem {
  item: Record<string, unknown>
  /** Alpha-2 code, as far as a column states it. */
  country: string | null
}

/** Returns the item of a row. Pure; never throws. */
export function toTableItem(columns: readonly FileColumn[], cells: readonly string[]): TableItem {
  const plan = planOf(columns)
  const item: Record<string, unknown> = {}
  const others: Record<string, string> = {}
  const group = plan.groups.find((each) =>
    plan.columns.some((column) => column.group === each && (cells[column.index] ?? '').trim() !== ''),
  )
  const country = countryOf(plan, cells, group)
  for (const column of plan.columns) {
    const raw = cells[column.index]
    if (raw === undefined || raw === '') continue
    const { key } = column
    const isOtherAddress = isOfOtherAddress(column, group)
    const cell = repairCell(raw)
    const value =
      key === null || isOtherAddress || isFaxByLabel(column, cells) ? null : readCell(column, cell, cells, country)
    if (key === null || value === null || value.length === 0) others[column.header] = raw
    else (column.isPart ? addPart : add)(item, column.isNameByValue ? nameKey(plan, key, cell, cells) : key, value)
  }
  keepSurplusCells(others, columns.length, cells)
  for (const _ in others) {
    item[OTHER_COLUMNS] = others
    break
  }
  return { item, country }
}

/** Cells beyond the header. */
function keepSurplusCells(others: Record<string, string>, count: number, cells: readonly string[]): void {
  for (let index = count; index < cells.length; index += 1) {
    const raw = cells[index]
    if (raw !== undefined && raw !== '') others[`column ${index + 1}`] = raw
  }
}

const isOfOtherAddress = (column: PlannedColumn, group: ColumnGroup | undefined): boolean =>
  group !== undefined && column.group !== null && column.group !== group

function countryOf(plan: TablePlan, cells: readonly string[], group: ColumnGroup | undefined): string | null {
  for (const { index, group: own } of plan.countries) {
    const cell = cells[index]
    if (cell === undefined || cell === '' || (group !== undefined && own !== null && own !== group)) continue
    const code = readCountry(repairCell(cell))
    if (code !== null) return code
  }
  return null
}

const isFaxByLabel = ({ label }: PlannedColumn, cells: readonly string[]): boolean =>
  label !== null && /fax|pager|telex|faks/i.test(cells[label] ?? '')

/** Returns what the mapping reads in a cell; null or an empty list where nothing can be read. */
function readCell(
  { kind, callingCode }: PlannedColumn,
  cell: string,
  cells: readonly string[],
  country: string | null,
): string | string[] | null {
  switch (kind) {
    case 'email':
      return unwrap(splitEmails(withoutInvisible(cell)))
    case 'phone': {
      const prefix = callingCode === null ? '' : (cells[callingCode] ?? '')
      return unwrap(splitPhones(withoutInvisible(cell)).map((phone) => withCountryCode(phone, country, prefix)))
    }
    case 'country':
      return readCountry(cell)
    case 'postal_code':
      return repairNumber(cell.trim())
    case 'tags':
      return splitTags(cell)
    case 'website':
    case 'linkedin':
      return unwrap(splitList(withoutInvisible(cell)))
    case 'employees':
      return repairNumber(cell.trim())
    case 'address':
      // Mailchimp puts two spaces between the parts of an address.
      return firstOfJoined(cell).replace(/ {2,}/g, ', ')
    case 'list':
    case 'text':
      return firstOfJoined(cell)
  }
}

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** Addresses and numbers without characters that cannot be seen. */
const withoutInvisible = (cell: string): string => cell.replace(INVISIBLE, '')

const unwrap = (values: string[]): string | string[] => (values.length === 1 ? (values[0] ?? '') : values)

function add(item: Record<string, unknown>, key: string, value: string | string[]): void {
  if (!Object.hasOwn(item, key)) item[key] = value
  else item[key] = [item[key], value].flat()
}

function addPart(item: Record<string, unknown>, key: string, value: string | string[]): void {
  const text = [value].flat().join(' ')
  const before = item[key]
  item[key] = typeof before === 'string' && before !== text ? `${before} ${text}` : text
}

/** A row that is clearly the other kind is read as that. */
function nameKey({ email, hasCompany }: TablePlan, key: string, name: string, cells: readonly string[]): string {
  const address = cells[email] ?? ''
  // A couple uses a mailbox that anyone can have, a firm of two names mostly its own.
  if (key !== 'full_name' && isCouple(name) && isFreeMail(address.trim().toLowerCase())) return 'full_name'
  if (hasCompany) return key
  const kind = classifyNameByEmail(name, address === '' ? null : address)
  if (key === 'full_name' && kind === 'company') return 'company_name'
  // A mailbox named after the owner is no proof against the columns of a list of companies.
  return key
}

/** Names that are also words for "nothing": a user called Null is not left out where the rest of the name is given. */
const RARE_NAME = /^(?:Null|Na|Nan|None|Nil|True|False|Unknown|Empty)$/

/** Restores a first or last name that the mapping takes for a placeholder. */
export function restoreRareName(columns: readonly FileColumn[], cells: readonly string[], lead: MappedLead): void {
  const { first, last } = planOf(columns)
  if (first < 0 || last < 0) return
  const [given, family] = [cells[first]?.trim() ?? '', cells[last]?.trim() ?? '']
  if (given === '' || family === '' || (lead.first_name !== null && lead.last_name !== null)) return
  if (isMailboxOfBoth(given, family, lead)) Object.assign(lead, { first_name: given, last_name: family })
  else if (lead.first_name === null && RARE_NAME.test(given) && lead.last_name !== null) lead.first_name = given
  else if (lead.last_name === null && RARE_NAME.test(family) && lead.first_name !== null) lead.last_name = family
  else return
  lead.full_name = `${lead.first_name} ${lead.last_name}`
}

/** "Na Null" at na.null@…: two words for nothing are a name where the mailbox bears both. */
function isMailboxOfBoth(given: string, family: string, { first_name, last_name, email }: MappedLead): boolean {
  if (first_name !== null || last_name !== null || email === null || given === family) return false
  const words = email.slice(0, email.indexOf('@')).split(/[._-]/)
  return [given, family].every((part) => RARE_NAME.test(part) && words.includes(part.toLowerCase()))
}

/** Returns the cells that could not be read, by comparing them with the lead. */
export function findUnreadCells(
  columns: readonly FileColumn[],
  cells: readonly string[],
  lead: MappedLead,
  country: string | null,
): UnreadableCell[] {
  const unread: UnreadableCell[] = []
  for (const column of planOf(columns).columns) {
    const raw = cells[column.index]
    if (raw === undefined || raw === '' || column.key === null || column.kind === 'text') continue
    if (isRead(column, raw, cells, lead, country)) continue
    unread.push({ header: column.header, value: raw.trim().slice(0, 100) })
  }
  return unread
}

function isRead(
  column: PlannedColumn,
  raw: string,
  cells: readonly string[],
  lead: MappedLead,
  country: string | null,
): boolean {
  const cell = withoutInvisible(repairCell(raw))
  if (cell === '') return isFormulaError(raw)
  switch (column.kind) {
    case 'email':
      return (
        lead.email === cell.trim() ||
        isPlaceholder(cell.trim()) ||
        splitEmails(cell).every((email) => cleanEmail(email) !== null)
      )
    case 'phone':
      return isPlaceholder(cell.trim()) || isFaxByLabel(column, cells) || arePhonesRead(cell, lead, country)
    case 'country':
      return lead.country !== null || isPlaceholder(cell.trim()) || readCountry(cell) !== null
    case 'postal_code':
      return lead.postal_code !== null || isPlaceholder(cell.trim()) || repairNumber(cell.trim()) !== null
    case 'website':
      return (
        lead.company_domain !== null ||
        isPlaceholder(cell.trim()) ||
        splitList(cell).some((url) => cleanUrl(url) !== null)
      )
    case 'linkedin':
      return (
        isPlaceholder(cell.trim()) ||
        parseLinkedinPage(cell) !== null ||
        splitList(cell).some((url) => parseLinkedinPage(url) !== null)
      )
    case 'employees': {
      const { count, min, max } = parseEmployeeSize(cell)
      return count !== null || min !== null || max !== null || isPlaceholder(cell.trim())
    }
    case 'tags':
    case 'list':
    case 'address':
    case 'text':
      return true
  }
}

/** An error value says nothing; there is nothing to read. */
const isFormulaError = (raw: string): boolean => raw.trim().startsWith('#') || raw.trim() === ''

function arePhonesRead(cell: string, lead: MappedLead, country: string | null): boolean {
  const phones = splitPhones(cell)
  if (phones.length === 0) return /fax|pager/i.test(cell)
  if (phones.length === 1 && lead.phone === phones[0]) return true
  return phones.every((phone) => cleanPhone(withCountryCode(phone, country, ''), country) !== null)
}
