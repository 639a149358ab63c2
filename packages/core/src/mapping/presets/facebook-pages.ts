import type { BuiltInPreset } from '../preset.ts'

/** Facebook pages. `title` is the page's name, `pageName` its handle. Profiles of people are among them. */
export const facebookPages: BuiltInPreset = {
  name: 'facebook-pages',
  order: 80,
  match: { any: ['facebookUrl', 'pageUrl'], all: ['pageId', 'title'] },
  actors: [
    'apify/facebook-pages-scraper',
    'apify/facebook-page-contact-information',
    'oJ48ceKNY7ueGPGL0',
    'curious_coder/facebook-profile-scraper',
  ],
  kind: 'company',
  fields: { industry: ['category'], external_url: ['pageUrl', 'facebookUrl', 'url'], website: ['website', 'websites'] },
  reject: [
    {
      when: [
        { path: 'personalProfile', exists: true },
        { path: 'email', exists: false },
        { path: 'phone', exists: false },
      ],
      reason: 'a private profile without contact data',
    },
  ],
  ignore: ['additionalProperties', 'pageAdLibrary', 'profilePhoto'],
}
