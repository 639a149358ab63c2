import { isPrivacyEmail, isRoleEmail, toEmailKey } from '../normalize/email.ts'
import { parseGoogleCid, toGoogleCid } from './google-place.ts'

/** What identities of a lead are read from. */
export interface IdentifiedLead {
  external_id: string | null
  full_name: string | null
  company_name: string | null
  street: string | null
  email: string | null
  additional_emails: readonly string[]
}

/**
 * Networks whose pages and ids mean the same wherever they are stated. Ids of an Actor or a file mean something only
 * there: the lead is found by its external id.
 */
const NETWORKS: ReadonlySet<string> = new Set(
  'google_place google_cid linkedin facebook instagram tiktok twitter x youtube yelp domain'.split(' '),
)
const EMAILS_MAX = 5
const IDENTITY_CHARACTERS_MAX = 255

/**
 * The identities by which imports recognize a lead, regardless of the source that states them. Shared mailboxes, phone numbers and
 * the domain of a person are none: several leads have them.
 */
export function toStrongIdentities(lead: IdentifiedLead): string[] {
  const identities: string[] = []
  const { external_id } = lead
  const namespace = external_id === null ? '' : external_id.slice(0, external_id.indexOf(':'))
  if (external_id !== null && NETWORKS.has(namespace)) identities.push(toCommonForm(external_id, namespace))
  // Branches share even mailboxes that look personal.
  const isPlace = lead.full_name === null && lead.street !== null
  if (!isPlace) identities.push(...toEmailIdentities(lead))
  return [...new Set(identities)].filter((identity) => identity.length <= IDENTITY_CHARACTERS_MAX)
}

function toCommonForm(external_id: string, namespace: string): string {
  if (namespace !== 'google_place' && namespace !== 'google_cid') return external_id
  const value = external_id.slice(namespace.length + 1)
  const cid = namespace === 'google_cid' ? parseGoogleCid(value) : toGoogleCid(value)
  return cid === null ? external_id : `google_cid:${cid}`
}

function toEmailIdentities({ email, additional_emails }: IdentifiedLead): string[] {
  const addresses = email === null ? additional_emails : [email, ...additional_emails]
  return addresses
    .map((address) => address.toLowerCase())
    .filter((address) => address.includes('@') && !isRoleEmail(address) && !isPrivacyEmail(address))
    .slice(0, EMAILS_MAX)
    .map((address) => `email:${toEmailKey(address)}`)
}
