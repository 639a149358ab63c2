import type { BuiltInPreset } from '../preset.ts'

/** LinkedIn people whose profile comes in sections: `basic_info`, `experience`, `education`. */
export const linkedinSections: BuiltInPreset = {
  name: 'linkedin-sections',
  order: 50,
  match: { all: ['basic_info'], when: [{ path: 'basic_info.public_identifier', exists: true }] },
  kind: 'person',
  fields: {
    full_name: 'basic_info.fullname',
    first_name: 'basic_info.first_name',
    last_name: 'basic_info.last_name',
    email: 'basic_info.email',
    company_name: 'basic_info.current_company',
    linkedin_url: 'basic_info.profile_url',
    'company.linkedin_url': 'basic_info.current_company_url',
  },
  ignore: ['education', 'certifications', 'languages', 'projects', 'skills'],
}
