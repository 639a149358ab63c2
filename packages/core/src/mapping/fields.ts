/** What a key can mean. Each field exists three times: for the item's subject, its company and a contact person. */
export const FIELDS = [
  'name',
  'full_name',
  'first_name',
  'last_name',
  'infix',
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
  'member_id',
  'network_page',
  'facebook',
  'instagram',
  'address',
  'location',
  'street',
  'house_number',
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
  'seller_type',
  'source_page',
  'error',
  'failed',
  'private',
  'business_account',
  'personal_profile',
  'place_evidence',
  'company_evidence',
  'registration',
  'person_evidence',
  'job_evidence',
  'page_evidence',
  'post_evidence',
  'review_evidence',
] as const

export type Field = (typeof FIELDS)[number]

/** Fields that say where the subject is. */
export const PLACE_FIELDS: ReadonlySet<Field> = new Set<Field>([
  'street',
  'house_number',
  'city',
  'state',
  'postal_code',
  'country',
  'country_code',
  'address',
  'location',
])

/** Whose field it is: the subject of the item, the company in it, or a contact person in it. */
export const SELF = 0
export const COMPANY = 1
export const PERSON = 2
export type Owner = typeof SELF | typeof COMPANY | typeof PERSON

/** A map, because an object of this many keys is looked up three times slower, some 200 times an item. */
const INDEX: ReadonlyMap<string, number> = new Map(FIELDS.map((field, index) => [field, index]))

/** Returns the index of an owner's field in the collected facts. */
export function toSlot(owner: Owner, field: Field): number {
  return owner * FIELDS.length + (INDEX.get(field) as number)
}

export const SLOTS = FIELDS.length * 3

/** How the walk reads the inside of an object. */
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

/** What a key means: a field if its value is plain, a context if its value is an object or a list of objects. */
export interface Meaning {
  owner: Owner
  field: Field | null
  /** Lower is better: 10 for the usual key, 50 for a loose one. */
  rank: number
  context: Context | null
  /** A second field that the same plain value fills: a `jobId` is evidence of a job post and its id. */
  also?: Field | undefined
  /** True for a role that people and companies have. The form of its name tells which. */
  either?: boolean | undefined
  /** The key may hold what names the lead beside the usual keys, see related-keys. */
  related?: boolean | undefined
  /** True for the keys of crawlers that collect contacts per page or domain: `emails`, `linkedIns`, `depth`. */
  crawl?: boolean | undefined
  /** Set for an unknown `<noun>Id`, `<noun>Url`, `<noun>Name` or `<noun>Owner`: what its ending suggests, in items of Actors. */
  guess?: 'id' | 'url' | 'name' | 'person' | undefined
  /** The key may hold the author of a post, see `openAuthor`. */
  author?: boolean | undefined
  /** True for a contact person of a company: `contactPoint`, `ansprechpartner`. */
  point?: boolean | undefined
  /** True if the form of the value tells whose it is. Worked out once per key. */
  dependsOnForm?: boolean | undefined
  /** True for a key that only means something in the record of a person: `given`, `pos`. */
  personal?: boolean | undefined
  /** The first word of a key of several words, and the others. */
  split?: { prefix: string; rest: string } | undefined
}
