import { unescapeFormula } from '../csv-text.ts'
import type { ImportItem } from '../ingest/apply-items.ts'
import type { Mapper } from '../mapping/map-item.ts'
import { scoreDataQuality } from '../mapping/scores.ts'
import { parseCrmFields, type UnreadableCell } from './crm-fields.ts'
import { type ExportedRow, type ManualLeadKey, parseExportedRow, parseManualLeadKey } from './exported-rows.ts'
import { type FileColumn, findCrmColumns } from './match-columns.ts'
import type { FileRecord } from './read-records.ts'

/** A record of the file on its way: a lead, or refused with a reason. */
export type ImportRow = { record_number: number; line_number: number | null; raw: string } & (
  | { reason: string }
  | {
      item: ImportItem
      /** Where the lead's identity lives; null = wherever a lead with this identity is, else `import`. */
      provider_name: string | null
      /** Values are as a database holds them (an own export), not as somebody wrote them. */
      is_export: boolean
      handmade: ManualLeadKey | null
      /** Cells that were left out because nothing could be made of them. */
      misread: readonly UnreadableCell[]
    }
)

export interface RowReader {
  columns: readonly FileColumn[]
  is_export: boolean
  map: Mapper
}

/** The record as an object by the file's own column names, as people know it; cells beyond the header are numbered. */
export function recordObject(headers: readonly string[], cells: FileRecord['cells']): Record<string, unknown> {
  if (!Array.isArray(cells)) return cells
  const record: Record<string, unknown> = {}
  for (let index = 0; index < cells.length; index += 1) {
    const cell = cells[index]
    if (cell !== undefined && cell !== '') record[headers[index] ?? `column ${index + 1}`] = cell
  }
  return record
}

/** Makes a lead of a record, or says why it is none. Pure; never throws. */
export function prepareRow(reader: RowReader, record: FileRecord, record_number: number): ImportRow {
  const object = recordObject(
    reader.columns.map(({ header }) => header),
    record.cells,
  )
  const raw = JSON.stringify(object)
  const place = { record_number, line_number: record.line_number, raw }
  if (reader.is_export) {
    const own = parseExportedRow(object)
    if (typeof own === 'string') return { ...place, reason: own }
    if (own !== null) {
      const { work, misread } = workOf(reader.columns, object)
      const { provider_name, item } = toExportedItem(own, raw)
      return { ...place, provider_name, item: { ...item, work }, is_export: true, handmade: null, misread }
    }
  }
  const item = Array.isArray(record.cells)
    ? toItem(reader.columns, record.cells)
    : applyOverrides(reader.columns, record.cells)
  const mapped = reader.map(item)
  if (mapped.outcome === 'rejected') return { ...place, reason: mapped.reason }
  const { lead, company, source } = mapped
  const { work, misread } = workOf(reader.columns, object)
  return {
    ...place,
    // What the mapping read, so that mapping it again, when the mapping has improved, reads the same.
    item: { lead, company, source, raw_data: JSON.stringify(item), work },
    provider_name: null,
    is_export: false,
    handmade: reader.is_export ? parseManualLeadKey(object) : null,
    misread,
  }
}

function workOf(columns: readonly FileColumn[], object: Record<string, unknown>) {
  return parseCrmFields(findCrmColumns(columns).map(({ header, field }) => ({ header, field, value: object[header] })))
}

function toExportedItem({ provider_name, lead, company, external_url }: ExportedRow, raw_data: string) {
  const source = {
    external_id: lead.external_id,
    external_url,
    provider_id: null,
    scraped_at: null,
    data_quality_score: scoreDataQuality(lead, company),
    confidence_score: 100,
    metadata: { mapping: 'export' },
  }
  return { provider_name, item: { lead, company, source, raw_data } }
}

/** The item of a record: columns under the names that the mapping understands; two of one name become a list. */
function toItem(columns: readonly FileColumn[], cells: readonly string[]): Record<string, unknown> {
  const item: Record<string, unknown> = {}
  for (let index = 0; index < cells.length; index += 1) {
    const column = columns[index]
    const cell = cells[index]
    if (cell === undefined || cell === '' || column?.key === null) continue
    add(item, column?.key ?? `column ${index + 1}`, cell.startsWith("'") ? unescapeFormula(cell) : cell)
  }
  return item
}

function applyOverrides(columns: readonly FileColumn[], object: Record<string, unknown>): Record<string, unknown> {
  const overridden = columns.filter(({ is_override }) => is_override)
  if (overridden.length === 0) return object
  const item: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object)) {
    const column = overridden.find(({ header }) => header === name)
    if (column?.key !== null) add(item, column?.key ?? name, value)
  }
  return item
}

function add(item: Record<string, unknown>, key: string, value: unknown): void {
  if (!Object.hasOwn(item, key)) item[key] = value
  else item[key] = [item[key], value].flat()
}
