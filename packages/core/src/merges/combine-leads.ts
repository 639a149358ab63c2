import { foldText } from '../duplicates/fold-text.ts'
import type { Json } from '../model/fields.ts'
import type { Lead, LeadStatus } from '../model/lead.ts'
import type { ChangedFields } from '../model/lead-event.ts'

/** Fields that are one statement together: they are filled as a whole, and only where nothing contradicts. */
const fieldGroups = [
  ['full_name', 'first_name', 'last_name'],
  ['company_id', 'company_name', 'company_domain'],
  ['street', 'postal_code', 'city', 'state', 'country'],
] as const satisfies readonly (readonly (keyof Lead)[])[]
const singleFields = ['title', 'industry'] as const satisfies readonly (keyof Lead)[]
const contactFields = [
  ['email', 'email_verified', 'additional_emails'],
  ['phone', 'phone_verified', 'additional_phones'],
] as const

/** Fields that a merge can take from the other lead. A field of a group takes the group with it. */
export const choosableLeadFields = [
  'full_name',
  'first_name',
  'last_name',
  'company_name',
  'company_domain',
  'street',
  'postal_code',
  'city',
  'state',
  'country',
  'title',
  'industry',
  'email',
  'phone',
  'lead_status',
  'lead_score',
] as const satisfies readonly (keyof Lead)[]
export type ChoosableLeadField = (typeof choosableLeadFields)[number]

/** Values per list at most; the same limit as in the API. */
const LIST_ENTRIES_MAX = 100
const NOTES_CHARACTERS_MAX = 100_000
const statusOrder: readonly LeadStatus[] = ['new', 'contacted', 'qualified', 'converted']

/** The chosen fields and those that are one statement with them. */
export function expandChoice(fields: readonly ChoosableLeadField[]): ReadonlySet<keyof Lead> {
  const chosen = new Set<keyof Lead>(fields)
  for (const group of fieldGroups)
    if (group.some((field) => chosen.has(field))) for (const field of group) chosen.add(field)
  for (const [one, flag] of contactFields) if (chosen.has(one)) chosen.add(flag)
  return chosen
}

type Changes = Partial<Record<keyof Lead, unknown>>

/**
 * What a merge changes of the keeper: its own values stay, empty ones are filled, lists are joined. A chosen field has
 * the value of the other lead, unless that is empty.
 */
export function combineLeads(
  keeper: Lead,
  merged: Lead,
  chosen: ReadonlySet<keyof Lead> = new Set<keyof Lead>(),
): ChangedFields {
  const changes: Changes = {}
  for (const group of fieldGroups) {
    if (chosen.has(group[0])) takeGroup(keeper, merged, group, changes)
    else fillGroup(keeper, merged, group, changes)
  }
  for (const field of singleFields) {
    if (chosen.has(field)) takeGroup(keeper, merged, [field], changes)
    else if (keeper[field] === null && merged[field] !== null) changes[field] = merged[field]
  }
  joinContacts(keeper, merged, chosen, changes)
  const tags = joinLists(keeper.tags, merged.tags)
  if (tags.length > keeper.tags.length) changes.tags = tags
  combineWork(keeper, merged, changes)
  for (const field of ['lead_status', 'lead_score'] as const) {
    if (!chosen.has(field) || merged[field] === null) continue
    delete changes[field]
    if (merged[field] !== keeper[field]) changes[field] = merged[field]
  }
  return Object.fromEntries(
    Object.entries(changes).map(([field, value]) => [
      field,
      { old: keeper[field as keyof Lead] as Json, new: value as Json },
    ]),
  )
}

const isSame = (a: unknown, b: unknown): boolean =>
  typeof a === 'string' && typeof b === 'string' ? foldText(a).trim() === foldText(b).trim() : a === b

function fillGroup(keeper: Lead, merged: Lead, group: readonly (keyof Lead)[], changes: Changes): void {
  const contradicts = group.some(
    (field) => keeper[field] !== null && merged[field] !== null && !isSame(keeper[field], merged[field]),
  )
  if (contradicts) return
  for (const field of group) if (keeper[field] === null && merged[field] !== null) changes[field] = merged[field]
}

/** The group as a whole, so that half of one address never stands beside half of another one. */
function takeGroup(keeper: Lead, merged: Lead, group: readonly (keyof Lead)[], changes: Changes): void {
  if (group.every((field) => merged[field] === null)) return
  for (const field of group) if (keeper[field] !== merged[field]) changes[field] = merged[field]
}

/** Addresses and numbers of both; the keeper's first ones stay first. A verified value stays verified. */
function joinContacts(keeper: Lead, merged: Lead, chosen: ReadonlySet<keyof Lead>, changes: Changes): void {
  for (const [one, flag, more] of contactFields) {
    const first = chosen.has(one) ? (merged[one] ?? keeper[one]) : (keeper[one] ?? merged[one])
    const isVerified = (keeper[flag] && first === keeper[one]) || (merged[flag] && first === merged[one])
    if (first !== keeper[one]) changes[one] = first
    if (isVerified !== keeper[flag]) changes[flag] = isVerified
    const isOther = (value: string | null): value is string => value !== null && value !== first
    const own = keeper[more].filter(isOther)
    const joined = joinLists(own, [keeper[one], merged[one], ...merged[more]].filter(isOther))
    if (joined.length > own.length || own.length < keeper[more].length) changes[more] = joined
  }
}

const joinLists = (own: readonly string[], others: readonly string[]): string[] =>
  [...new Set([...own, ...others])].slice(0, Math.max(own.length, LIST_ENTRIES_MAX))

/** The furthest status, the higher score, both notes. */
function combineWork(keeper: Lead, merged: Lead, changes: Changes): void {
  if (statusOrder.indexOf(merged.lead_status) > statusOrder.indexOf(keeper.lead_status)) {
    changes.lead_status = merged.lead_status
  }
  if (merged.lead_score !== null && merged.lead_score > (keeper.lead_score ?? -1))
    changes.lead_score = merged.lead_score
  const notes = [keeper.notes, merged.notes].filter((text) => text !== null && text.trim() !== '')
  const joined = notes.join('\n\n')
  if (merged.notes !== null && !keeper.notes?.includes(merged.notes) && joined.length <= NOTES_CHARACTERS_MAX) {
    changes.notes = joined
  }
  if (keeper.enrichment_data === null && merged.enrichment_data !== null) {
    changes.enrichment_data = merged.enrichment_data
    changes.enrichment_status = merged.enrichment_status
  }
}

/** Which of two leads stays if the caller did not choose: the one with edits, else the older one. */
export function chooseKeeper(a: Lead, b: Lead): [keeper: Lead, merged: Lead] {
  const [older, younger] = a.id < b.id ? [a, b] : [b, a]
  return countWork(younger) > countWork(older) ? [younger, older] : [older, younger]
}

const countWork = (lead: Lead): number =>
  Number(lead.lead_status !== 'new') * 4 +
  Number(lead.notes !== null) * 2 +
  Number(lead.lead_score !== null) * 2 +
  Number(lead.updated_by !== lead.created_by)
