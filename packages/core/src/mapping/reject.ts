import type { Facts } from './facts.ts'
import { COMPANY, SELF } from './fields.ts'
import { cleanText } from './normalise/text.ts'
import { pathOf } from './normalise/url.ts'

const NO_LEAD_TYPE =
  /^(?:user|reviewer|review|comment|post|article|blogposting|newsarticle|group|event|photo|image|video|sidecar|question|answer|hashtag|search|query|news|tweet|reel|story|product|webpage|website_page|ad)$/
const KINDS_OF_PAGE: readonly [RegExp, string][] = [
  [/(?:^|\/)groups?\//, 'a group'],
  [/(?:^|\/)events?\//, 'an event'],
  [/(?:^|\/)(?:users?|user_details|members?|memberprofile[^/]*|reviewers?|contrib)(?:\/|$)/, 'a user or reviewer'],
]

const isTrue = (value: unknown) => (value === true || value === 'true' ? true : null)

/** Why an item that states nothing more can be no lead, in plain words, or null. `reachable`: it has an e-mail or phone. */
export function whyNoLead(facts: Facts, pageUrl: string | null, reachable: boolean, named: boolean): string | null {
  const error = facts.first(SELF, 'error', (value) =>
    value === true ? 'the Actor reported an error' : typeof value === 'object' ? null : cleanText(value, 200),
  )
  const failed = facts.all(SELF, 'failed').some((flag) => flag.value === false)
  if ((error !== null || failed) && !reachable && !named)
    return `error record: ${error ?? 'the Actor reported a failure'}`
  const type = cleanText(facts.all(SELF, 'type')[0]?.value, 40)?.toLowerCase() ?? ''
  if (NO_LEAD_TYPE.test(type) && !(type === 'user' && reachable)) return `not a lead: an item of type "${type}"`
  const isPrivate = facts.first(SELF, 'private', isTrue) === true || facts.has(SELF, 'personal_profile')
  if (isPrivate && !reachable) return 'a private profile without contact data'
  if (pageUrl !== null) {
    const path = pathOf(pageUrl).toLowerCase()
    for (const [pattern, what] of KINDS_OF_PAGE) if (pattern.test(path) && !reachable) return `not a lead: ${what}`
  }
  if (facts.all(SELF, 'review_evidence').length >= 2 && !reachable) return 'not a lead: a review'
  if (facts.all(SELF, 'post_evidence').length >= 3 && !reachable && !facts.has(COMPANY, 'name'))
    return 'not a lead: a post or product'
  return null
}
