import type { PairReasons } from './score-pair.ts'

/** Field and level → words for people. A level that says nothing either way is left out. */
const words: Record<string, Record<string, string>> = {
  bridged: { yes: 'an imported item identifies both' },
  first_name: {
    same: 'same first name',
    short_form: 'first name is a short form of the other',
    close: 'first name is spelled almost the same',
    part: 'first names share a part',
    near: 'first names are similar',
    initial: 'same initial of the first name',
    other_name: 'first names are similar, but two names',
    differs: 'first name differs',
    unmatched: 'one name has no counterpart',
  },
  last_name: {
    same: 'same last name',
    short_form: 'last name is a short form of the other',
    close: 'last name is spelled almost the same',
    part: 'last names share a part',
    near: 'last names are similar',
    initial: 'same initial of the last name',
    differs: 'last name differs',
    unmatched: 'one name has no counterpart',
  },
  names_swapped: { yes: 'first and last name are swapped' },
  email: {
    same: 'same email',
    close: 'email is spelled almost the same',
    same_local_part: 'same email name at another host',
    similar: 'similar email',
    shared: 'same shared mailbox',
    differs: 'email differs',
  },
  phone: {
    same: 'same phone',
    shared: 'same phone, which others at the company use as well',
    close: 'phone differs by one digit',
    differs: 'phone differs',
  },
  linkedin: { same: 'same LinkedIn page', differs: 'another LinkedIn page' },
  google: { same: 'same place on Google Maps', differs: 'another place on Google Maps' },
  domain: { same: 'same website', differs: 'another website' },
  street: {
    same: 'same street and number',
    close_number: 'same street, number differs by one digit',
    no_number: 'same street, one without a number',
    half: 'similar street',
    half_other_number: 'similar street, another number',
    other_number: 'same street, another number',
    number_only: 'same house number, another street',
    differs: 'street differs',
  },
  postal_code: {
    same: 'same postal code',
    near: 'postal code differs by one character',
    differs: 'postal code differs',
  },
  city: { same: 'same city', near: 'similar city', differs: 'city differs' },
  state: { same: 'same state', differs: 'state differs' },
  company: {
    same: 'same company name',
    close: 'company name is nearly the same',
    part: 'company names share a part',
    near: 'company names are similar, but not the same',
    other_type: 'same company name, another kind of place',
    differs: 'company differs',
  },
}

/** The reasons of a pair in words, in the order of the table: `["same email", "last names are similar"]`. */
export function explainPair(reasons: PairReasons): string[] {
  const sentences = Object.entries(words).flatMap(([field, levels]) => {
    const level = reasons[field]
    const sentence = level === undefined ? undefined : levels[level]
    return sentence === undefined ? [] : [sentence]
  })
  return [...new Set(sentences)]
}
