import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/min'

/** Fewer digits are a national number that begins like a country code by chance. */
const INTERNATIONAL_DIGITS_MIN = 11

/**
 * Gives a number the country code of another column, or the plus that a spreadsheet has removed:
 * `4915123456789` of a lead in Germany. Numbers of which that is not certain are returned as they are.
 */
export function withCountryCode(phone: string, country: string | null, prefix: string): string {
  const text = phone.trim()
  if (text.startsWith('+') || text.startsWith('00')) return text
  if (prefix !== '') return withPrefix(text, prefix.trim())
  if (country === null || text.length < INTERNATIONAL_DIGITS_MIN || text.startsWith('0') || !/^\d+$/.test(text))
    return text
  if (!isSupportedCountry(country)) return text
  const code = getCountryCallingCode(country as CountryCode)
  if (!text.startsWith(code)) return text
  return isInternational(text) ? `+${text}` : text
}

const isInternational = (digits: string): boolean =>
  /^\d+$/.test(digits) && parsePhoneNumberFromString(`+${digits}`)?.isValid() === true

/** `+49` or `49` is a country code, `0431` an area code. */
function withPrefix(phone: string, prefix: string): string {
  const digits = prefix.replace(/\D/g, '')
  if (digits === '' || digits.length > 6) return phone
  if (!prefix.startsWith('0') || prefix.startsWith('00')) {
    const code = prefix.startsWith('00') ? digits.slice(2) : digits
    // Exports of chats write the code in a column and again in the number.
    if (phone.length >= INTERNATIONAL_DIGITS_MIN && phone.startsWith(code) && isInternational(phone)) return `+${phone}`
    return `+${code} ${phone.replace(/^0(?=\d)/, '')}`
  }
  return phone.startsWith('0') ? phone : `${prefix} ${phone}`
}
