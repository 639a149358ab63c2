import { hashColumns, hashOf, type ImportedLead, joinHashes, readFieldHashes } from '@leads/core/ingest/field-hashes'
import { mergeLead } from '@leads/core/ingest/merge-lead'
import { LeadDetail } from '@leads/core/leads/lead-views'
import {
  exportColumns,
  importedColumns,
  leadColumnNames,
  leadColumnSpecs,
  leadExample,
  type MergedColumn,
  mergedColumns,
} from '@leads/core/model/lead-columns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** Stored hashes are read by position: an entry may be appended, never moved. */
const pinnedHashOrder =
  `full_name first_name last_name title email email_verified phone phone_verified additional_emails
  additional_phones company_name company_domain country city state postal_code industry tags company_key lead_status
  lead_score notes`.split(/\s+/)

/** Scripts read exported files by position. */
const pinnedExportOrder = `id full_name first_name last_name title email email_verified phone phone_verified
  additional_emails additional_phones company_name company_domain country city state postal_code industry tags lead_status
  lead_score enrichment_status notes source provider_name external_id actor_id run_id created_at updated_at`.split(
  /\s+/,
)

const positions = (field: 'hash_position' | 'export_position'): number[] =>
  leadColumnNames.flatMap((column) => leadColumnSpecs[column][field] ?? []).sort((a, b) => a - b)

describe('the table of lead columns', () => {
  test('keeps the order in which hashes are stored', () => {
    expect(mergedColumns.slice(0, pinnedHashOrder.length)).toEqual(pinnedHashOrder)
  })

  test('keeps the order of the columns of an export', () => {
    expect(exportColumns.slice(0, pinnedExportOrder.length)).toEqual(pinnedExportOrder)
  })

  test.each(['hash_position', 'export_position'] as const)('uses each %s once and leaves no gap', (field) => {
    expect(positions(field)).toEqual(positions(field).map((_, index) => index))
  })

  test('has an example of every column that the API returns, and each is valid', () => {
    expect(LeadDetail().parse(leadExample)).toEqual(leadExample)
  })
})

/** Columns of later versions are empty, as an item of an earlier one left them. */
const emptyValues = Object.fromEntries(importedColumns.map((column) => [column, null])) as unknown as ImportedLead

const imported: ImportedLead = {
  ...emptyValues,
  full_name: 'Mira Okafor',
  first_name: 'Mira',
  last_name: 'Okafor',
  title: 'Buyer',
  email: 'mira@okafor.example',
  email_verified: false,
  phone: '+4930123456',
  phone_verified: false,
  additional_emails: [],
  additional_phones: [],
  company_name: 'Okafor Textiles',
  company_domain: 'okafor.example',
  country: 'Germany',
  city: 'Berlin',
  state: null,
  postal_code: '10115',
  street: null,
  industry: null,
  tags: ['fair'],
  company_key: 'domain:okafor.example',
}

/** As stored by the first release for {@link imported}, without and with CRM fields. */
const STORED = 'w05yekwrjnaph3pvb715gw66yhnhyv-u63u3m---lpqad7cpshjblyyopwstprk0-3l9pou-d51wesy043f1'
const STORED_CRM = 'w05yekwrjnaph3pvb715gw66yhnhyv-u63u3m---lpqad7cpshjblyyopwstprk0-3l9pou-d51wesy043f11wo1b1--'

describe('hashes that an earlier version stored', () => {
  test('are those that the current version computes', () => {
    expect(hashColumns(imported)).toBe(STORED)
    expect(hashColumns({ ...imported, lead_status: 'contacted' })).toBe(STORED_CRM)
  })

  test('of all columns are those of each column', () => {
    const value = fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(null, '', false, true, [], ['a', 'b']) },
      fc.string({ unit: 'binary' }),
      fc.integer(),
    )
    const columns = fc.tuple(...mergedColumns.map(() => value), fc.nat(mergedColumns.length))
    fc.assert(
      fc.property(columns, (values) => {
        const used = mergedColumns.slice(0, values.pop() as number)
        const lead = Object.fromEntries(used.map((column, position) => [column, values[position]]))
        const each = mergedColumns.map((column) => hashOf((lead[column] ?? null) as string | null))
        expect(hashColumns(lead as unknown as ImportedLead)).toBe(joinHashes(each))
      }),
    )
  })

  test.each([
    ['without CRM fields', STORED],
    ['with CRM fields', STORED_CRM],
  ])('tell an edited field from one that no one has edited (%s)', (_, stored) => {
    const edited = { ...imported, title: 'Head of Purchasing' }
    const later = { ...imported, title: 'Senior Buyer', city: 'Hamburg' }
    const { merged, changed_fields } = mergeLead(edited, stored, later)
    expect(merged).toMatchObject({ title: 'Head of Purchasing', city: 'Hamburg' })
    expect(Object.keys(changed_fields)).toEqual(['city'])
  })

  test('read as empty for a column that was added later, which an import then fills', () => {
    const added = mergedColumns.slice(pinnedHashOrder.length)
    for (const column of added as MergedColumn[]) {
      for (const stored of [STORED, STORED_CRM]) {
        expect(readFieldHashes(stored).isUntouched(column, null)).toBe(true)
        expect(readFieldHashes(stored).isUntouched(column, 'typed by someone')).toBe(false)
      }
    }
  })

  test('stay as they are when an import brings nothing new', () => {
    expect(readFieldHashes(STORED).toString()).toBe(STORED)
    expect(readFieldHashes(STORED_CRM).toString()).toBe(STORED_CRM)
  })
})
