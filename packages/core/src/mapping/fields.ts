/** What a key can mean. Each is told apart for the item's own subject, its company and a contact person named in it. */
export const FIELDS = [
  'name',
  'full_name',
  'first_name',
  'last_name',
  'title',
  'job_title',
  'occupation',
  'headline',
  'email',
  'personal_email',
  'email_status',
  'phone',
  'phone_status',
  'website',
  'domain',
  'url',
  'social',
  'linkedin',
  'linkedin_slug',
  'facebook',
  'instagram',
  'address',
  'location',
  'street',
  'city',
  'state',
  'postal_code',
  'country',
  'country_code',
  'industry',
  'employees',
  'employees_min',
  'employees_max',
  'description',
  'text',
  'company_type',
  'id',
  'place_id',
  'slug',
  'tags',
  'scraped_at',
  'type',
  'error',
  'failed',
  'private',
  'business_account',
  'personal_profile',
  'place_evidence',
  'company_evidence',
  'person_evidence',
  'job_evidence',
  'page_evidence',
  'post_evidence',
  'review_evidence',
] as const

export type Field = (typeof FIELDS)[number]

/** Whose field it is: of what the item is about, of the company in it, or of a contact person in it. */
export const SELF = 0
export const COMPANY = 1
export const PERSON = 2
export type Owner = typeof SELF | typeof COMPANY | typeof PERSON

const INDEX = new Map<string, number>(FIELDS.map((field, index) => [field, index]))

/** The place of an owner's field in the collected facts. */
export function toSlot(owner: Owner, field: Field): number {
  return owner * FIELDS.length + (INDEX.get(field) ?? 0)
}

export const SLOTS = FIELDS.length * 3

/** How the inside of an object is read. */
export type Context =
  | 'open'
  | 'company'
  | 'person'
  | 'contact'
  | 'name'
  | 'address'
  | 'locations'
  | 'position'
  | 'positions'
  | 'people'
  | 'social'
  | 'weak'
  | 'deny'

/** What a key means: as a field where its value is plain, as a context where its value is an object or a list of them. */
export interface Meaning {
  owner: Owner
  field: Field | null
  /** Lower is better: 10 for the usual key, 50 for a loose one. */
  rank: number
  context: Context | null
  /** True for the keys of crawlers that collect contacts per page or domain: `emails`, `linkedIns`, `depth`. */
  crawl?: boolean
}
