import type { Preset } from '../preset.ts'

/** Google Maps places: full items of every generation, and exports of the overview view, whose id is only in the URL. */
export const googlePlaces: Preset = {
  name: 'google-places',
  match: {
    all: ['title'],
    any: ['placeId', 'totalScore', 'categoryName', 'plusCode', 'googleMapsUrl'],
    when: [{ path: 'url', contains: 'google.' }],
  },
  actors: [
    'compass/crawler-google-places',
    'nwua9Gu5YrADL7ZDj',
    'lukaskrivka/google-maps-with-contact-details',
    'WnMxbsRLNbPeYL6ge',
  ],
  kind: 'company',
  fields: { company_name: 'title', industry: ['categoryName', 'categories'], external_url: 'url' },
  ignore: [
    'reviews',
    'peopleAlsoSearch',
    'additionalInfo',
    'reviewsTags',
    'openingHours',
    'images',
    'searchString',
    'rank',
  ],
}
