/**
 * Evidence in bits for each level of agreement: the binary logarithm of how much more often two records of one person
 * (or place) agree like this than two records of different ones. Fixed: training at run time needs labels, and two
 * databases would judge differently. docs/decisions has how they were found.
 */

/** Before any evidence: one pair in 8,192 that share a match key is one person. */
export const PRIOR_BITS = -13

export const personWeights = {
  first_name: {
    same: 6.5,
    short_form: 5.5,
    close: 6,
    part: 4,
    near: 2.5,
    initial: 1.5,
    other_name: 1.5,
    differs: -5,
    unmatched: -2,
  },
  last_name: { same: 7.5, short_form: 6.5, close: 6.5, part: 4, near: 2.5, initial: 1.5, differs: -4, unmatched: -2 },
  names_swapped: { yes: -1 },
  email: { same: 16, close: 12, same_local_part: 9, similar: 6, shared: 3, differs: -1.5 },
  phone: { same: 10, shared: 4, close: 4, differs: -1.5 },
  linkedin: { same: 24, differs: -8 },
  street: {
    same: 11,
    close_number: 6,
    no_number: 6,
    half: 6,
    half_other_number: 1,
    other_number: 4,
    number_only: 3,
    differs: -2.5,
  },
  postal_code: { same: 6, near: 2.5, differs: -2 },
  city: { same: 3, near: 3, differs: -1.5 },
  state: { same: 0.5, differs: -1 },
  company: { same: 2.5, close: 2, part: 1, differs: -2 },
} as const

export const companyWeights = {
  company: { same: 8, close: 5.5, part: 4, near: -1, other_type: -6, differs: -9 },
  phone: { same: 9, shared: 9, close: 2, differs: -3 },
  domain: { same: 5, differs: -1 },
  email: { same: 5, close: 5, same_local_part: 0, similar: 0, shared: 5, differs: -0.5 },
  street: {
    same: 8,
    close_number: 2,
    no_number: 3,
    half: 4,
    half_other_number: -4,
    other_number: -4,
    number_only: 3.5,
    differs: -3,
  },
  postal_code: { same: 4, near: 1, differs: -2.5 },
  city: { same: 2, near: 1, differs: -1.5 },
  state: { same: 0.5, differs: -2 },
  linkedin: { same: 6, differs: -2 },
  google: { same: 24, differs: -6 },
} as const

/** Address, company and shared contacts say who lives or works together. They count together at most this much. */
export const SHARED_BITS_MAX = 15
/** The same where both leads have a company: colleagues share nearly everything but their names. */
export const COLLEAGUE_BITS_MAX = 8
/** Places whose names do not agree: everything else counts at most this much. */
export const OTHER_NAME_BITS_MAX = 11

/** A telephone number of more leads than this says nothing. */
export const VALUE_LEADS_MAX = 25
/** From this many leads on, a number is a switchboard. */
export const SWITCHBOARD_LEADS_MIN = 4
/** A full name that more leads have loses a bit with each doubling. */
export const NAME_LEADS_MAX = 10
export const NAME_BITS_LOST_MAX = 6

/** More likely than not: listed. */
export const LISTED_CERTAINTY_MIN = 0.5
/** Certain, provided that nothing contradicts. */
export const CERTAIN_MIN = 0.99

export const toCertainty = (bits: number): number => 1 / (1 + 2 ** -bits)
