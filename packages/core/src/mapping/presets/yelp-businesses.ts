import type { BuiltInPreset } from '../preset.ts'

/** Yelp businesses. Users and events are in the same dataset. */
export const yelpBusinesses: BuiltInPreset = {
  name: 'yelp-businesses',
  order: 110,
  match: { all: ['url'], any: ['title', 'name'], when: [{ path: 'url', contains: 'yelp.' }] },
  actors: ['epctex/yelp-scraper'],
  kind: 'company',
  reject: [
    { when: [{ path: 'type', equals: ['user'] }], reason: 'not a lead: a reviewer' },
    { when: [{ path: 'type', equals: ['event'] }], reason: 'not a lead: an event' },
    { when: [{ path: 'type', equals: ['review'] }], reason: 'not a lead: a review' },
  ],
  ignore: ['reviews', 'amenities', 'faq', 'questions', 'operationHours'],
}
