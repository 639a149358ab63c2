import type { BuiltInPreset } from '../preset.ts'

/** Apollo's people with their organisation, in the wording that its many copies keep. */
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
