import { type ColumnSpec, type NamesWith, namesByPosition, namesWith, type RowOf, type ValueOfSpec } from './columns.ts'

/** What the table says about a column of `sales_leads`. */
export interface LeadColumnSpec extends ColumnSpec {
  /**
   * An import writes the column and keeps a hash of the value: its place in `import_hashes`. Append only, without gaps,
   * because stored hashes are read by position.
   */
  readonly hash_position?: number
  /** What is hashed and merged in its place: the number of a company differs between databases. */
  readonly hashed_as?: 'company_key'
  /** People work with it in a CRM: files have it, Actors do not. */
  readonly is_crm?: true
  /** Its place among the columns of an export. */
  readonly export_position?: number
  /** The API and the command can change it. */
  readonly is_editable?: true
  readonly is_lower_case?: true
  /** Never part of a response. */
  readonly is_internal?: true
  /** Part of a single lead, not of lists. */
  readonly is_detail_only?: true
  /** It describes the value of this column, so it changes only with it. */
  readonly depends_on?: string
  /** The key by which the mapping recognizes the column of a file, where it is not the column's own name. */
  readonly file_field?: string
  /** The database numbers the rows. */
  readonly is_generated?: true
}

/**
 * The columns of `sales_leads`, in the order of the API's fields. Schemas, hashes, merging, statements, exports, files
 * and documentation derive from this table; CONTRIBUTING.md lists what else a new column needs.
 */
export const leadColumns = {
  id: { kind: 'id', is_generated: true, example: 42, export_position: 0 },
  full_name: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'Asha Rao',
    hash_position: 0,
    export_position: 1,
    is_editable: true,
  },
  first_name: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'Asha',
    hash_position: 1,
    export_position: 2,
    is_editable: true,
  },
  last_name: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'Rao',
    hash_position: 2,
    export_position: 3,
    is_editable: true,
  },
  title: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'Head of Purchasing',
    file_field: 'job_title',
    hash_position: 3,
    export_position: 4,
    is_editable: true,
  },
  email: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'asha.rao@example.com',
    is_lower_case: true,
    hash_position: 4,
    export_position: 5,
    is_editable: true,
  },
  email_verified: {
    kind: 'flag',
    default: false,
    example: true,
    depends_on: 'email',
    hash_position: 5,
    export_position: 6,
    is_editable: true,
  },
  phone: {
    kind: 'text',
    length_max: 50,
    nullable: true,
    example: '+912048001234',
    hash_position: 6,
    export_position: 7,
    is_editable: true,
  },
  phone_verified: {
    kind: 'flag',
    default: false,
    example: false,
    depends_on: 'phone',
    hash_position: 7,
    export_position: 8,
    is_editable: true,
  },
  additional_emails: {
    kind: 'text_list',
    length_max: 255,
    entries_max: 100,
    default: [],
    example: [],
    is_lower_case: true,
    hash_position: 8,
    export_position: 9,
    is_editable: true,
  },
  additional_phones: {
    kind: 'text_list',
    length_max: 50,
    entries_max: 100,
    default: [],
    example: [],
    hash_position: 9,
    export_position: 10,
    is_editable: true,
  },
  company_id: {
    kind: 'id',
    nullable: true,
    example: 7,
    hashed_as: 'company_key',
    hash_position: 18,
    is_editable: true,
  },
  company_name: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'Example Instruments',
    hash_position: 10,
    export_position: 11,
    is_editable: true,
  },
  company_domain: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'example.com',
    is_lower_case: true,
    hash_position: 11,
    export_position: 12,
    is_editable: true,
  },
  country: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'India',
    hash_position: 12,
    export_position: 13,
    is_editable: true,
  },
  city: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'Pune',
    hash_position: 13,
    export_position: 14,
    is_editable: true,
  },
  state: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'Maharashtra',
    hash_position: 14,
    export_position: 15,
    is_editable: true,
  },
  postal_code: {
    kind: 'text',
    length_max: 20,
    nullable: true,
    example: '411001',
    hash_position: 15,
    export_position: 16,
    is_editable: true,
  },
  street: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: '12 Fergusson Road',
    hash_position: 22,
    export_position: 30,
    is_editable: true,
  },
  industry: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'Instruments',
    hash_position: 16,
    export_position: 17,
    is_editable: true,
  },
  tags: {
    kind: 'text_list',
    length_max: 100,
    entries_max: 100,
    default: [],
    example: ['trade-fair'],
    hash_position: 17,
    export_position: 18,
    is_editable: true,
  },
  source: { kind: 'choice', choices: ['apify', 'manual', 'import', 'api'], example: 'apify', export_position: 23 },
  provider_name: { kind: 'text', length_max: 100, nullable: true, example: 'apify', export_position: 24 },
  external_id: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'linkedin:in/asha-rao-example',
    export_position: 25,
  },
  actor_id: { kind: 'text', length_max: 100, nullable: true, example: 'nwua9Gu5YrADL7ZDj', export_position: 26 },
  run_id: { kind: 'text', length_max: 100, nullable: true, example: 'HG7ML7M8z78YcAPEB', export_position: 27 },
  dataset_id: { kind: 'text', length_max: 100, nullable: true, example: 'wmKPijuyDnPZAPRMk' },
  enrichment_status: {
    kind: 'choice',
    choices: ['pending', 'enriched', 'failed'],
    default: 'pending',
    example: 'pending',
    export_position: 21,
    is_editable: true,
  },
  enrichment_data: { kind: 'json_object', nullable: true, example: null, is_editable: true },
  lead_score: {
    kind: 'score',
    nullable: true,
    example: 70,
    is_crm: true,
    hash_position: 20,
    export_position: 20,
    is_editable: true,
  },
  /** How complete the imported item was. Imports set it when they create a lead. */
  data_quality_score: { kind: 'score', nullable: true, example: 85 },
  lead_status: {
    kind: 'choice',
    choices: ['new', 'contacted', 'qualified', 'converted'],
    default: 'new',
    example: 'new',
    is_crm: true,
    hash_position: 19,
    export_position: 19,
    is_editable: true,
  },
  notes: {
    kind: 'text',
    length_max: 100000,
    nullable: true,
    example: null,
    is_crm: true,
    hash_position: 21,
    export_position: 22,
    is_editable: true,
  },
  raw_data: { kind: 'json', nullable: true, example: { fullName: 'Asha Rao' }, is_detail_only: true },
  import_hashes: { kind: 'text', nullable: true, example: null, is_internal: true },
  observed_at: { kind: 'time', nullable: true, example: null, is_internal: true },
  merged_into_id: { kind: 'id', nullable: true, example: null },
  version: { kind: 'integer', min: 1, default: 1, example: 3 },
  created_at: { kind: 'time', example: '2026-03-02T07:38:32.674Z', export_position: 28 },
  updated_at: { kind: 'time', example: '2026-03-04T10:12:00.000Z', export_position: 29 },
  created_by: { kind: 'text', length_max: 255, nullable: true, example: 'sync' },
  updated_by: { kind: 'text', length_max: 255, nullable: true, example: 'crm' },
  is_deleted: { kind: 'flag', default: false, example: false },
  deleted_at: { kind: 'time', nullable: true, example: null },
  deleted_by: { kind: 'text', length_max: 255, nullable: true, example: null },
} as const satisfies Record<string, LeadColumnSpec>

type LeadColumns = typeof leadColumns
export type LeadColumn = keyof LeadColumns
export type LeadColumnsWith<Flag extends keyof LeadColumnSpec> = NamesWith<LeadColumns, Flag>
export type LeadRow = RowOf<LeadColumns>
export type LeadValue<Column extends LeadColumn> = ValueOfSpec<LeadColumns[Column]>

/** Every column, with all fields that a specification may have. */
export const leadColumnSpecs: Readonly<Record<LeadColumn, LeadColumnSpec>> = leadColumns

export const leadColumnNames = Object.keys(leadColumns) as LeadColumn[]

export const leadColumnsWith = <Flag extends keyof LeadColumnSpec>(flag: Flag): LeadColumnsWith<Flag>[] =>
  namesWith(leadColumns, flag)

/** The columns that an import writes, and those among them that only files have. */
export type ImportedColumn = Exclude<LeadColumnsWith<'hash_position'>, CrmField>
export type CrmField = LeadColumnsWith<'is_crm'>

const isCrm = (column: LeadColumn): column is CrmField => 'is_crm' in leadColumns[column]

const byHashPosition = namesByPosition(leadColumns, 'hash_position')

/** In one order for all statements. */
export const importedColumns = byHashPosition.filter((column): column is ImportedColumn => !isCrm(column))
export const crmFields = byHashPosition.filter(isCrm)

/** A column as imports hash and merge it. */
export type MergedColumn = Exclude<LeadColumnsWith<'hash_position'>, LeadColumnsWith<'hashed_as'>> | 'company_key'

/** The merged columns in the order of their hashes. */
export const mergedColumns = byHashPosition.map(
  (column) => leadColumnSpecs[column].hashed_as ?? column,
) as MergedColumn[]

export const editableColumns = leadColumnsWith('is_editable')

export const exportColumns = namesByPosition(leadColumns, 'export_position')

/** Default values of merged columns. An import may replace them, as it may fill an empty column. */
export const columnDefaults: Partial<Record<MergedColumn, string>> = Object.fromEntries(
  byHashPosition.flatMap((column) => {
    const value = leadColumnSpecs[column].default
    return typeof value === 'string' ? [[column, value]] : []
  }),
)

/** A verified flag describes one address or number, so it changes only with that. */
export const leadingColumns: Partial<Record<MergedColumn, MergedColumn>> = Object.fromEntries(
  leadColumnsWith('depends_on').map((column) => [column, leadColumns[column].depends_on]),
)

/** A lead as the API returns it. */
export const leadExample = Object.fromEntries(
  leadColumnNames.flatMap((column) =>
    leadColumnSpecs[column].is_internal ? [] : [[column, leadColumnSpecs[column].example]],
  ),
) as Omit<LeadRow, LeadColumnsWith<'is_internal'>>
