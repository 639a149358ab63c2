/** Keys of records that name the lead beside the usual keys. */

/** What a finder of addresses was asked: `{input: {first_name, last_name, domain}, email}`, `{inputName, foundEmail}`. */
export const ASKED_KEY =
  /^(?:input|query|request|search|lookup|params|parameters|original|source)(?:data|row|record|item|values?|person|contact|lead)?$/
export const ASKED_PREFIX = /^(?:input|query|request|search|lookup|original)$/

/**
 * A school or an investor that bears its role in every key: `{schoolName, schoolPhone}`, `{investor_name, investor_website}`.
 * Next to another name the role is one that someone else has.
 */
export const INSTITUTION =
  /^(?:school|university|college|escuela|ecole|schule|scuola|universidad|universitat|hochschule|investor|acquirer|competitor)$/

/** `first` is the first word of the key. */
export const isRelatedKey = (key: string, first: string): boolean =>
  ASKED_KEY.test(key) || ASKED_PREFIX.test(first) || INSTITUTION.test(first)

/** The author of a post: `{text, author: {name, url}}`, `{postText, authorName, authorProfileUrl}`. */
export const AUTHOR_KEY =
  /^(?:post|comment|tweet)?(?:author|poster|commenter|user|owner|creator|uploader|profile)(?:meta|info|data|details|profile)?$/
export const AUTHOR_PREFIX = /^(?:author|poster|commenter|user|owner|creator|uploader)$/

/** `first` is the first word of the key. */
export const isAuthorKey = (key: string, first: string): boolean => AUTHOR_KEY.test(key) || AUTHOR_PREFIX.test(first)
