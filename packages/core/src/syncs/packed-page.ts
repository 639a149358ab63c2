import type { DatasetPage } from '../apify/read-dataset-page.ts'
import { adoptHashes, type IngestItem, prepareItem } from '../ingest/lead-draft.ts'
import { companyColumnsWith } from '../model/company-columns.ts'
import { importedColumns } from '../model/lead-columns.ts'
import {
  type MappedCompany,
  type MappedLead,
  type MappedSource,
  sourceColumns,
  type UnreadValue,
} from '../model/mapped-item.ts'
import type { PageItem } from './write-page.ts'

/**
 * A page as threads hand it over: a list of values for each item. The algorithm that copies it writes and reads the names of
 * an object's properties with each object, and a page of 1,000 leads has 80,000 of them.
 */
export type PackedPage = Omit<DatasetPage, 'items' | 'readRest'> & { items: PackedItem[] }

type PackedItem =
  | { raw: string; reason: string; unread: readonly UnreadValue[] | undefined }
  | [raw: string, values: unknown[], unread: readonly UnreadValue[] | undefined]

const leadFields: (keyof MappedLead)[] = ['external_id', ...importedColumns.filter((column) => column !== 'company_id')]
const companyFields: (keyof MappedCompany)[] = companyColumnsWith('is_imported')
const sourceFields: (keyof MappedSource)[] = ['external_id', ...sourceColumns]

export function packPage({ items, readRest: _, ...page }: DatasetPage<PageItem>): PackedPage {
  return { ...page, items: items.map(packItem) }
}

/** Returns what {@link packPage} was given, with the leads prepared. */
export function unpackPage({ items, ...page }: PackedPage): DatasetPage<PageItem> {
  return { ...page, items: items.map(unpackItem) }
}

function packItem(item: PageItem): PackedItem {
  const { raw, unread } = item
  if (!('lead' in item)) return { raw, reason: item.reason, unread }
  const { lead, company, source, former_external_id, identities } = item.lead
  const values: unknown[] = [prepareItem(item.lead).import_hashes, former_external_id, identities]
  for (const field of leadFields) values.push(lead[field])
  for (const field of sourceFields) values.push(source[field])
  if (company) for (const field of companyFields) values.push(company[field])
  return [raw, values, unread]
}

const emptyOf = <Fields>(fields: readonly (keyof Fields)[]): Fields =>
  Object.fromEntries(fields.map((field) => [field, null])) as Fields

const emptyLead = emptyOf<MappedLead>(leadFields)
const emptySource = emptyOf<MappedSource>(sourceFields)
const emptyCompany = emptyOf<MappedCompany>(companyFields)
const LEAD_AT = 3
const SOURCE_AT = LEAD_AT + leadFields.length
const COMPANY_AT = SOURCE_AT + sourceFields.length

function unpackItem(packed: PackedItem): PageItem {
  if (!Array.isArray(packed)) return packed
  const [raw_data, values, unread] = packed
  const lead: IngestItem = {
    // Copies of an object that has all properties: built up one by one, so many of them would become slow.
    lead: fill({ ...emptyLead }, leadFields, values, LEAD_AT),
    company: values.length > COMPANY_AT ? fill({ ...emptyCompany }, companyFields, values, COMPANY_AT) : null,
    source: fill({ ...emptySource }, sourceFields, values, SOURCE_AT),
    former_external_id: values[1] as string | undefined,
    identities: values[2] as string[] | undefined,
    raw_data,
  }
  adoptHashes(lead, values[0] as string)
  return { raw: raw_data, lead, unread }
}

function fill<Fields>(
  target: Fields,
  fields: readonly (keyof Fields)[],
  values: readonly unknown[],
  from: number,
): Fields {
  for (const [index, field] of fields.entries()) target[field] = values[from + index] as never
  return target
}
