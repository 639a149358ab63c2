import type { BuiltInPreset } from '../preset.ts'

/** LinkedIn Sales Navigator hits: `profileUrl` and `companyUrl` lead into the paid tool. Public pages have other keys. */
export const salesNavigator: BuiltInPreset = {
  name: 'sales-navigator',
  order: 30,
  match: {
    any: ['vmid', 'regularCompanyUrl', 'linkedInProfileUrl', 'salesNavigatorUrl'],
    none: ['placeId'],
    when: [{ path: 'companyName', exists: true }],
  },
  actors: ['curious_coder/linkedin-sales-navigator-search-scraper'],
  kind: 'person',
  fields: {
    title: 'title',
    external_url: ['linkedInProfileUrl', 'defaultProfileUrl', 'profileUrl'],
    linkedin_url: ['linkedInProfileUrl', 'defaultProfileUrl', 'profileUrl'],
    'company.linkedin_url': ['regularCompanyUrl', 'companyUrl'],
    'company.address': 'companyLocation',
  },
}
