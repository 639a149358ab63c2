import type { BuiltInPreset } from '../preset.ts'

/** Instagram profiles of businesses and people, recognized by the counts next to the user name. */
export const instagramProfiles: BuiltInPreset = {
  name: 'instagram-profiles',
  order: 90,
  match: { all: ['username', 'followersCount'], any: ['biography', 'postsCount', 'isBusinessAccount'] },
  actors: ['apify/instagram-profile-scraper', 'apify/instagram-scraper'],
  ignore: ['latestPosts', 'latestIgtvVideos', 'relatedProfiles', 'profilePicUrl', 'profilePicUrlHD'],
  identity: { namespace: 'instagram', paths: ['username'] },
}
