import type { BuiltInPreset } from '../preset.ts'

/** LinkedIn company pages. */
export const linkedinCompanies: BuiltInPreset = {
  name: 'linkedin-companies',
  order: 70,
  match: {
    all: ['name'],
    any: ['universalName', 'employeeCountRange', 'pageType', 'headquarter', 'specialities'],
    none: ['firstName', 'lastName', 'placeId'],
    when: [{ path: 'followerCount', exists: true }],
  },
  actors: [
    'harvestapi/linkedin-company',
    'harvestapi/linkedin-company-search',
    'curious_coder/linkedin-company-scraper',
    'dev_fusion/linkedin-company-scraper',
  ],
  kind: 'company',
  fields: { company_name: 'name', website: ['website', 'websiteUrl', 'callToActionUrl'] },
  ignore: [
    'affiliatedOrganizations',
    'backgroundCovers',
    'crunchbaseFundingData',
    'fundingData',
    'logos',
    'similarOrganizations',
    'updates',
  ],
}
