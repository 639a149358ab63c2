import { lazily } from '../model/lazily.ts'
import { Lead } from '../model/lead.ts'
import { type LeadColumnsWith, leadColumnNames, leadColumnSpecs, leadColumnsWith } from '../model/lead-columns.ts'

type Internal = LeadColumnsWith<'is_internal'>
type DetailOnly = LeadColumnsWith<'is_detail_only'>

const toMask = <Column extends string>(columns: readonly Column[]) =>
  Object.fromEntries(columns.map((column) => [column, true])) as Record<Column, true>

/** A complete lead with its scraped item. */
export const LeadDetail = lazily(() =>
  Lead()
    .omit(toMask(leadColumnsWith('is_internal')))
    .meta({ id: 'Lead' }),
)
export type LeadDetail = Omit<Lead, Internal>

/** A lead in a list: without internal columns and without the scraped item, which is most of its bytes. */
export const LeadView = lazily(() =>
  Lead().omit(toMask([...leadColumnsWith('is_internal'), ...leadColumnsWith('is_detail_only')])),
)
export type LeadView = Omit<Lead, Internal | DetailOnly>

export const leadDetailColumns = leadColumnNames.filter(
  (column): column is keyof LeadDetail => !leadColumnSpecs[column].is_internal,
)
export const leadViewColumns = leadDetailColumns.filter(
  (column): column is keyof LeadView => !leadColumnSpecs[column].is_detail_only,
)
