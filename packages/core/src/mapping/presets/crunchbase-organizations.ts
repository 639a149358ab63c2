import type { BuiltInPreset } from '../preset.ts'

/** Crunchbase organizations, regardless of the key that contains their page. */
export const crunchbaseOrganizations: BuiltInPreset = {
  name: 'crunchbase-organizations',
  order: 100,
  match: {
    all: ['name'],
    any: ['link', 'short_description', 'uuid'],
    when: [{ path: 'link', contains: 'crunchbase.com/organization/' }],
  },
  actors: ['curious_coder/crunchbase-scraper'],
  kind: 'company',
  fields: {
    company_name: 'name',
    industry: 'categories.0.value',
    website: ['website.value', 'website'],
    'company.employees': 'numberOfEmployees',
  },
}
