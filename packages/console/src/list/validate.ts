/** What the API would refuse, said before it is asked. */

const LENGTH_MAX = 255

export function validateEmail(text: string): string | undefined {
  if (
    text.length <= LENGTH_MAX &&
    /^(?!\.)(?!.*\.\.)[a-z0-9_'+\-.]*[a-z0-9_+-]@([a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/i.test(text)
  )
    return undefined
  return 'Not an email address, such as ada@example.com.'
}

export const validatePhone = (text: string): string | undefined =>
  /^[+0-9][-0-9 ()./x]{2,49}$/.test(text) ? undefined : 'Digits, with a + before the country code.'

export const validateDomain = (text: string): string | undefined =>
  text.length <= LENGTH_MAX && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)
    ? undefined
    : 'Not a domain, such as example.com.'

export const validateScore = (text: string): string | undefined =>
  /^\d{1,3}$/.test(text) && Number(text) <= 100 ? undefined : 'A whole number from 0 to 100.'

export const validateUrl = (text: string): string | undefined =>
  /^https?:\/\/\S+$/i.test(text) ? undefined : 'An address that begins with http:// or https://.'

export const validateCount = (text: string): string | undefined =>
  /^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647 ? undefined : 'A whole number.'

/** Newer keys end with a checksum; one of the environment may have its own form. */
const KEY_PATTERN = /^lk_\w{20,197}$/

export const validateKey = (text: string): string | undefined =>
  KEY_PATTERN.test(text) ? undefined : 'An API key is lk_ and at least 40 letters and digits.'
