import { isPrivacyEmail, isRoleEmail, toEmailKey } from '../normalize/email.ts'
import { toAsciiId, toSpellings } from '../normalize/host-spelling.ts'
import { toMemberNumber } from '../normalize/linkedin.ts'
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
  'google_place google_cid linkedin facebook instagram tiktok twitter x xing youtube yelp domain'.split(' '),
)
const EMAILS_MAX = 5
const IDENTITY_CHARACTERS_MAX = 255

/** Whether an external id is another with its host in ASCII, as earlier versions stored it. */
export const isAsciiFormOf = (former_id: string, external_id: string): boolean => former_id === toAsciiId(external_id)

/**
 * The identities by which imports recognize a lead, regardless of the source that states them. Shared mailboxes, phone numbers and
 * the domain of a person are none: several leads have them.
 */
export function toStrongIdentities(lead: IdentifiedLead): string[] {
  const identities: string[] = []
  const { external_id } = lead
  const namespace = external_id === null ? '' : external_id.slice(0, external_id.indexOf(':'))
  if (external_id !== null && NETWORKS.has(namespace)) identities.push(...toCommonForms(external_id, namespace))
  // Branches share even mailboxes that look personal.
  const isPlace = lead.full_name === null && lead.street !== null
  if (!isPlace) identities.push(...toEmailIdentities(lead))
  return [...new Set(identities)].filter((identity) => identity.length <= IDENTITY_CHARACTERS_MAX)
}

/** An id and a page have several spellings. Those that earlier versions stored are kept beside the common one. */
function toCommonForms(external_id: string, namespace: string): string[] {
  const value = external_id.slice(namespace.length + 1)
  if (namespace === 'google_place' || namespace === 'google_cid') {
    const cid = namespace === 'google_cid' ? parseGoogleCid(value) : toGoogleCid(value)
    return [cid === null ? external_id : `google_cid:${cid}`]
  }
  if (namespace === 'twitter' || namespace === 'x') return [`x:${value}`, `twitter:${value}`]
  if (namespace === 'xing') return [external_id.toLowerCase()]
  if (namespace === 'domain') return toSpellings(value).map((host) => `domain:${host}`)
  const number = namespace === 'linkedin' ? toMemberNumber(value) : null
  return number === null ? [external_id] : [external_id, `linkedin_member:${number}`]
}

function toEmailIdentities({ email, additional_emails }: IdentifiedLead): string[] {
  const addresses = email === null ? additional_emails : [email, ...additional_emails]
  return addresses
    .map((address) => address.toLowerCase())
    .filter((address) => address.includes('@') && !isRoleEmail(address) && !isPrivacyEmail(address))
    .slice(0, EMAILS_MAX)
    .flatMap((address) => toSpellings(toEmailKey(address)))
    .map((key) => `email:${key}`)
}
