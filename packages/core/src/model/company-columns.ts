import { type ColumnSpec, type NamesWith, namesWith, type RowOf } from './columns.ts'

/** What the table says about a column of `companies`. */
export interface CompanyColumnSpec extends ColumnSpec {
  /** An item can fill the column. */
  readonly is_imported?: true
  /** A later item fills the column where it is still empty, unless a person has edited the company. */
  readonly is_backfilled?: true
  /** The API can change it. */
  readonly is_editable?: true
  readonly is_lower_case?: true
  /** The database numbers the rows. */
  readonly is_generated?: true
}

/** The columns of `companies`, in the order of the API's fields. */
export const companyColumns = {
  id: { kind: 'id', is_generated: true, example: 7 },
  /** `domain:…`, else `linkedin:…`, else `name:…|country|city`. Unique, so writers cannot create a company twice. */
  company_key: { kind: 'text', length_max: 255, example: 'domain:example.com', is_imported: true },
  name: {
    kind: 'text',
    length_min: 1,
    length_max: 255,
    example: 'Example Instruments',
    is_imported: true,
    is_editable: true,
  },
  domain: {
    kind: 'text',
    length_max: 255,
    nullable: true,
    example: 'example.com',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
    is_lower_case: true,
  },
  company_type: {
    kind: 'text',
    length_max: 50,
    nullable: true,
    example: 'PRIVATE',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  country: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'India',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  city: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'Pune',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  industry: {
    kind: 'text',
    length_max: 100,
    nullable: true,
    example: 'Instruments',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  employee_count: {
    kind: 'integer',
    min: 0,
    max: 2_147_483_647,
    nullable: true,
    example: 120,
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  employee_size_min: {
    kind: 'integer',
    min: 0,
    max: 2_147_483_647,
    nullable: true,
    example: 51,
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  employee_size_max: {
    kind: 'integer',
    min: 0,
    max: 2_147_483_647,
    nullable: true,
    example: 200,
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  description: {
    kind: 'text',
    length_max: 100_000,
    nullable: true,
    example: null,
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  website: {
    kind: 'text',
    length_max: 2048,
    nullable: true,
    example: 'https://example.com',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  linkedin_url: {
    kind: 'text',
    length_max: 2048,
    nullable: true,
    example: 'https://www.linkedin.com/company/example',
    is_imported: true,
    is_backfilled: true,
    is_editable: true,
  },
  tags: {
    kind: 'text_list',
    length_max: 100,
    entries_max: 100,
    default: [],
    example: [],
    is_imported: true,
    is_editable: true,
  },
  version: { kind: 'integer', min: 1, default: 1, example: 1 },
  created_at: { kind: 'time', example: '2026-03-02T07:38:32.674Z' },
  updated_at: { kind: 'time', example: '2026-03-02T07:38:32.674Z' },
  created_by: { kind: 'text', length_max: 255, nullable: true, example: 'sync' },
  updated_by: { kind: 'text', length_max: 255, nullable: true, example: 'sync' },
  merged_into_id: { kind: 'id', nullable: true, example: null },
  is_deleted: { kind: 'flag', default: false, example: false },
  deleted_at: { kind: 'time', nullable: true, example: null },
  deleted_by: { kind: 'text', length_max: 255, nullable: true, example: null },
} as const satisfies Record<string, CompanyColumnSpec>

type CompanyColumns = typeof companyColumns
export type CompanyColumnsWith<Flag extends keyof CompanyColumnSpec> = NamesWith<CompanyColumns, Flag>
export type CompanyRow = RowOf<CompanyColumns>

export const companyColumnsWith = <Flag extends keyof CompanyColumnSpec>(flag: Flag): CompanyColumnsWith<Flag>[] =>
  namesWith(companyColumns, flag)

/** An item never replaces a value of these: many leads describe one company, and none of them is the authority on it. */
export const backfillColumns = companyColumnsWith('is_backfilled')
