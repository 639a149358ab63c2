import type { ImportItem } from '../ingest/apply-items.ts'
import { toFileSourceKey } from '../ingest/source-key.ts'
import type { Mapper } from '../mapping/map-item.ts'
import { scoreDataQuality } from '../mapping/scores.ts'
import type { UnreadValue } from '../model/mapped-item.ts'
import { type ParsedCrmFields, parseCrmFields, type UnreadableCell } from './crm-fields.ts'
import {
  type ExportedRow,
  findDamagedCells,
  type ManualLeadKey,
  parseExportedRow,
  parseManualLeadKey,
} from './exported-rows.ts'
import { type FileColumn, findCrmColumns } from './match-columns.ts'
import type { FileRecord } from './reading/types.ts'
import { FOOTER_REASON, isFooter } from './report-footer.ts'
import { findUnreadCells, restoreRareName, toTableItem } from './table-rows.ts'

/** A record of the file, prepared to be written: a lead, or rejected with a reason. */
export type ImportRow = {
  record_number: number
  line_number: number | null
  /** The record as JSON, by the file's own column names. */
  toRaw: () => string
} & (
  | { reason: string }
  | {
      item: ImportItem
      /** Provider of the lead's identity; null = any lead with this identity, else `import`. */
      provider_name: string | null
      /** The values are those of a database (an export), not as a user wrote them. */
      is_export: boolean
      manual_key: ManualLeadKey | null
      /** Cells that could not be read. */
      misread: readonly UnreadableCell[]
    }
)

export interface RowReader {
  columns: readonly FileColumn[]
  is_export: boolean
  map: Mapper
  /** Name of the system that the file is from. */
  source?: string | undefined
}

/** Returns the record as an object by the file's own column names; cells beyond the header are numbered. */
export function recordObject(columns: readonly FileColumn[], cells: FileRecord['cells']): Record<string, unknown> {
  if (!Array.isArray(cells)) return cells
  const record: Record<string, unknown> = {}
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index]
    if (cell !== undefined && cell !== '') record[columns[index]?.header ?? `column ${index + 1}`] = cell
  }
  return record
}

/** Turns a record into a lead, or into a rejection with its reason. Pure; never throws. */
export function prepareRow(reader: RowReader, record: FileRecord, record_number: number): ImportRow {
  const { columns } = reader
  const { cells, line_number } = record
  const toRaw = () => JSON.stringify(recordObject(columns, cells))
  const place = { record_number, line_number, toRaw }
  if (record.problem !== undefined) return { ...place, reason: record.problem }
  if (reader.is_export) {
    const object = recordObject(columns, cells)
    const exported = parseExportedRow(object)
    if (typeof exported === 'string') return { ...place, reason: exported }
    if (exported !== null) return { ...place, ...toExportedRow(columns, exported, object) }
  }
  if (Array.isArray(cells) && isFooter(columns, cells)) return { ...place, reason: FOOTER_REASON }
  const { item, country } = Array.isArray(cells)
    ? toTableItem(columns, cells)
    : { item: applyOverrides(columns, cells), country: null }
  const mapped = reader.map(item)
  if (mapped.outcome === 'rejected') return { ...place, reason: mapped.reason }
  const { lead, company, source, former_external_id, identities } = mapped
  const { crm_fields, misread } = readCrmFields(columns, cells)
  if (Array.isArray(cells)) {
    restoreRareName(columns, cells, lead)
    misread.push(...findUnreadCells(columns, cells, lead, country))
  } else misread.push(...findUnreadKeys(columns, cells, mapped.unread ?? []))
  return {
    ...place,
    // What the mapping has read: mapping it again with a newer version reads the same.
    item: {
      lead,
      company,
      source,
      former_external_id,
      identities,
      raw_data: JSON.stringify(item),
      crm_fields,
      record_identity: findRecordIdentity(reader, cells),
    },
    provider_name: null,
    is_export: false,
    manual_key: reader.is_export ? parseManualLeadKey(recordObject(columns, cells)) : null,
    misread,
  }
}

const RECORD_ID_HEADER = /^(?:(?:record|contact|lead|person|row)[ _-]?)?id$/i
const RECORD_ID = /^[\w.-]{1,100}$/

/** The id that the file's system gave the record, within files of this source: of one name, else with this header. */
function findRecordIdentity({ columns, source }: RowReader, cells: FileRecord['cells']): string | undefined {
  if (!Array.isArray(cells)) return undefined
  const index = columns.findIndex(({ header, is_override }) => !is_override && RECORD_ID_HEADER.test(header.trim()))
  const id = index === -1 ? '' : (cells[index]?.trim() ?? '')
  return RECORD_ID.test(id) ? `${toFileSourceKey(columns, source).replace(':', '-')}:${id}` : undefined
}

/** Names the keys of a JSON object whose values the mapping could not read. */
function findUnreadKeys(
  columns: readonly FileColumn[],
  object: Record<string, unknown>,
  unread: readonly UnreadValue[],
): UnreadableCell[] {
  return unread.flatMap(({ column, value }) => {
    const found =
      columns.find(({ header }) => String(object[header] ?? '').trim() === value) ??
      columns.find(({ header }) => (JSON.stringify(object[header]) ?? '').includes(value)) ??
      columns.find((one) => one.column === column)
    return found === undefined ? [] : [{ header: found.header, value }]
  })
}

function readCrmFields(columns: readonly FileColumn[], cells: FileRecord['cells']): ParsedCrmFields {
  const found = findCrmColumns(columns)
  if (found.length === 0) return { crm_fields: undefined, misread: [] }
  const cellOf = (header: string): unknown =>
    Array.isArray(cells) ? cells[columns.findIndex((column) => column.header === header)] : cells[header]
  return parseCrmFields(found.map(({ header, field }) => ({ header, field, value: cellOf(header) })))
}

function toExportedRow(columns: readonly FileColumn[], exported: ExportedRow, object: Record<string, unknown>) {
  const { provider_name, lead, company, external_url } = exported
  const { crm_fields, misread } = readCrmFields(columns, object)
  misread.push(...findDamagedCells(object))
  const source = {
    external_id: lead.external_id,
    external_url,
    provider_id: null,
    scraped_at: null,
    data_quality_score: scoreDataQuality(lead, company),
    confidence_score: 100,
    metadata: { mapping: 'export' },
  }
  const item: ImportItem = { lead, company, source, raw_data: JSON.stringify(object), crm_fields }
  return { provider_name, item, is_export: true, manual_key: null, misread }
}

function applyOverrides(columns: readonly FileColumn[], object: Record<string, unknown>): Record<string, unknown> {
  const overridden = columns.filter(({ is_override }) => is_override)
  if (overridden.length === 0) return object
  const item: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object)) {
    const column = overridden.find(({ header }) => header === name)
    if (column?.key === null) continue
    const key = column?.key ?? name
    if (!Object.hasOwn(item, key)) item[key] = value
    else item[key] = [item[key], value].flat()
  }
  return item
}
