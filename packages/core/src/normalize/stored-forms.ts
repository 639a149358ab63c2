import { getCountries } from 'libphonenumber-js/min'
import { toCountryCode, toCountryName } from './country.ts'
import { findCompanyDomain } from './domain.ts'
import { toReadableHost, toSpellings } from './host-spelling.ts'
import { cleanPhone } from './phone.ts'
import { readCountry } from './stated-country.ts'
import { distinct, toStoredEmail, toStoredText } from './stored-text.ts'
import { getHost } from './url.ts'

/** Stored forms that need tables of countries, phone numbers or domains (280 KB). A function loads them at first use. */

/** Returns a company's domain as an import finds it: `www.Example.co.uk` becomes `example.co.uk`. */
export function toStoredDomain(text: string): string {
  const line = toStoredText(text).toLowerCase()
  return findCompanyDomain(line) ?? toReadableHost((getHost(line) ?? line).replace(/^www\./, ''))
}

/** Returns a number in E.164 if it is international or the country is known, as it was written otherwise. */
export function toStoredPhone(text: string, country: string | null): string {
  const line = toStoredText(text)
  return cleanPhone(line, country === null ? null : toCountryCode(country)) ?? line
}

/** Returns the English name of a country that is stated by name or code, any other text as it is. */
export function toStoredCountry(text: string): string {
  const line = toStoredText(text)
  const code = toCountryCode(line) ?? readCountry(line)
  return (code === null ? null : toCountryName(code)) ?? line
}

export const toCountryForms = (text: string): string[] => distinct([toStoredCountry(text), text.normalize('NFC')])

export const toEmailForms = (text: string): string[] => distinct(toSpellings(toStoredEmail(text)))

export const toDomainForms = (text: string): string[] =>
  distinct([...toSpellings(toStoredDomain(text)), text.normalize('NFC').trim().toLowerCase()])

/**
 * Forms of a number. Without a country, a national number may be stored in the form of any country: about 200 lookups
 * in an index, 2 ms.
 */
export function toPhoneForms(text: string, countries: readonly string[]): string[] {
  const line = toStoredText(text)
  const codes = countries.map(toCountryCode).filter((code) => code !== null)
  const national = codes.length > 0 ? codes : getCountries()
  const isInternational = /^(?:\+|00)/.test(line)
  return distinct([
    cleanPhone(line, null) ?? line,
    line,
    ...(isInternational ? [] : national.map((code) => cleanPhone(line, code) ?? line)),
  ])
}
