import type { BuiltInPreset } from '../preset.ts'

/** Google Maps places: full items of all versions, and exports of the overview, whose id is only in the URL. */
export const googlePlaces: BuiltInPreset = {
  name: 'google-places',
  order: 10,
  match: {
    all: ['title'],
    any: ['placeId', 'totalScore', 'categoryName', 'plusCode'],
    none: ['reviewId', 'reviewerId'],
    when: [{ path: 'url', contains: 'google.' }],
  },
  actors: [
    'compass/crawler-google-places',
    'nwua9Gu5YrADL7ZDj',
    'compass/google-maps-extractor',
    'lukaskrivka/google-maps-with-contact-details',
    'WnMxbsRLNbPeYL6ge',
  ],
  kind: 'company',
  fields: { company_name: 'title', industry: ['categoryName', 'categories'], external_url: 'url' },
  ignore: [
    'additionalInfo',
    'hotelAds',
    'images',
    'openingHours',
    'ownerUpdates',
    'peopleAlsoSearch',
    'popularTimesHistogram',
    'questionsAndAnswers',
    'rank',
    'reviews',
    'reviewsTags',
    'searchString',
    'webResults',
  ],
  identity: { namespace: 'google_cid', paths: ['cid', 'fid'] },
}
