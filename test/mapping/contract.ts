import type { MappedItem } from '@leads/core/model/mapped-item'

/** Lengths of the columns, in characters as databases count them. */
export const LENGTHS: Record<string, number> = {
  full_name: 255,
  first_name: 255,
  last_name: 255,
  title: 255,
  email: 255,
  phone: 50,
  company_name: 255,
  company_domain: 255,
  country: 100,
  city: 100,
  state: 100,
  postal_code: 20,
  industry: 100,
  external_id: 255,
  external_url: 2048,
  provider_id: 255,
  company_key: 255,
  name: 255,
  domain: 255,
  company_type: 50,
  website: 2048,
  linkedin_url: 2048,
  description: 10_000,
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f]/

/** Faults that would make a database refuse a mapped item's rows, or break the columns apart; none is right. */
export function faultsOf(mapped: MappedItem): string[] {
  const faults: string[] = []
  const text = (path: string, value: string, max: number | undefined) => {
    if (value === '') faults.push(`${path} is empty text`)
    if (FORBIDDEN.test(value)) faults.push(`${path} holds a control character`)
    if (!value.isWellFormed()) faults.push(`${path} holds half a surrogate pair`)
    if (max !== undefined && [...value].length > max) faults.push(`${path} is longer than ${max}`)
  }
  const score = (path: string, value: number) => {
    if (!Number.isInteger(value) || value < 0 || value > 100) faults.push(`${path} is ${value}`)
  }
  if (mapped.outcome === 'rejected') {
    text('reason', mapped.reason, 500)
    return faults
  }
  const { lead, company, source } = mapped
  for (const [table, row] of Object.entries({ lead, company: company ?? {}, source })) {
    for (const [column, value] of Object.entries(row as Record<string, unknown>)) {
      const path = `${table}.${column}`
      if (typeof value === 'string') text(path, value, LENGTHS[column])
      else if (Array.isArray(value)) {
        if (value.length > 60) faults.push(`${path} has ${value.length} entries`)
        for (const entry of value) text(path, String(entry), 255)
      } else if (typeof value === 'number' && (!Number.isInteger(value) || value < 0 || value > 2_147_483_647)) {
        faults.push(`${path} is ${value}`)
      } else if (value === undefined) faults.push(`${path} is undefined`)
    }
  }
  score('data_quality_score', source.data_quality_score)
  score('confidence_score', source.confidence_score)
  if (lead.external_id !== source.external_id) faults.push('two identities')
  if (!/^[^\s:]+:.+/.test(lead.external_id)) faults.push(`external_id ${lead.external_id} has no namespace`)
  if (lead.email !== null && !lead.email.includes('@')) faults.push('email without @')
  if (lead.additional_emails.includes(lead.email ?? '')) faults.push('the e-mail is among the others too')
  if (lead.additional_phones.includes(lead.phone ?? '')) faults.push('the phone is among the others too')
  JSON.stringify(mapped)
  return faults
}
