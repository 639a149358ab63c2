import type { BuiltInPreset } from '../preset.ts'

/** Entries of business directories: a name, an address and a phone, but no person. */
export const directoryListings: BuiltInPreset = {
  name: 'directory-listings',
  order: 150,
  match: {
    all: ['phone'],
    any: ['businessName', 'yearsInBusiness', 'streetAddress', 'openingHours', 'listingUrl'],
    none: ['firstName', 'first_name', 'lastName', 'fullName', 'full_name', 'jobTitle', 'agentName'],
    when: [{ path: 'categories', exists: true }],
  },
  kind: 'company',
}
