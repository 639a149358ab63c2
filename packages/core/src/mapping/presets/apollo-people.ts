import type { BuiltInPreset } from '../preset.ts'

/** People of Apollo with their organization, under the keys that its many copies use. */
export const apolloPeople: BuiltInPreset = {
  name: 'apollo-people',
  order: 20,
  match: {
    all: ['first_name', 'last_name'],
    any: ['employment_history', 'organization', 'organization_id', 'email_status'],
  },
  actors: [
    'code_crafter/apollo-io-scraper',
    'jljBwyyQakqrL1wae',
    'curious_coder/apollo-io-scraper',
    'code_crafter/leads-finder',
  ],
  kind: 'person',
  fields: {
    company_name: ['organization_name', 'organization.name', 'company_name'],
    website: ['organization_website_url', 'organization.website_url', 'company_website'],
    'company.linkedin_url': ['organization_linkedin_url', 'organization.linkedin_url', 'company_linkedin'],
  },
  ignore: ['departments', 'functions', 'subdepartments', 'seniority', 'photo_url'],
}
