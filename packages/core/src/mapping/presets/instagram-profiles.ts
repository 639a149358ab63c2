import type { BuiltInPreset } from '../preset.ts'

/** Instagram profiles, recognised by the counts beside the user name; businesses and persons alike. */
export const instagramProfiles: BuiltInPreset = {
  name: 'instagram-profiles',
  order: 90,
  match: { all: ['username', 'followersCount'], any: ['biography', 'postsCount', 'isBusinessAccount'] },
  actors: ['apify/instagram-profile-scraper', 'apify/instagram-scraper'],
  ignore: ['latestPosts', 'latestIgtvVideos', 'relatedProfiles', 'profilePicUrl', 'profilePicUrlHD'],
  identity: { namespace: 'instagram', paths: ['username'] },
}
