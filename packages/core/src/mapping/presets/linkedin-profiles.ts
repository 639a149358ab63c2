import type { Preset } from '../preset.ts'

/** LinkedIn people: profiles, company employees and search hits, flat or deep. */
export const linkedinProfiles: Preset = {
  name: 'linkedin-profiles',
  match: {
    all: ['firstName', 'lastName'],
    any: [
      'publicIdentifier',
      'publicId',
      'profileId',
      'connectionsCount',
      'openToWork',
      'currentPosition',
      'experiences',
    ],
  },
  actors: [
    'harvestapi/linkedin-profile-scraper',
    'harvestapi/linkedin-profile-search',
    'harvestapi/linkedin-company-employees',
    'dev_fusion/linkedin-profile-scraper',
    '2SyF0bVxmgGr8IVCZ',
    'curious_coder/linkedin-profile-scraper',
    'curious_coder/linkedin-people-search-scraper',
  ],
  kind: 'person',
  ignore: [
    'certifications',
    'courses',
    'education',
    'educations',
    'highlights',
    'honorsAndAwards',
    'interests',
    'languages',
    'licenseAndCertificates',
    'moreProfiles',
    'patents',
    'profilePicAllDimensions',
    'projects',
    'publications',
    'receivedRecommendations',
    'recommendations',
    'skills',
    'updates',
    'volunteering',
  ],
}
