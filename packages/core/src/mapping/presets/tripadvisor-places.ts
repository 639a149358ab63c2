import type { BuiltInPreset } from '../preset.ts'

/** TripAdvisor restaurants, hotels and attractions. `id` is a number in some items and a text in others. */
export const tripadvisorPlaces: BuiltInPreset = {
  name: 'tripadvisor-places',
  order: 120,
  match: { all: ['name'], any: ['webUrl', 'url'], when: [{ path: 'webUrl', contains: 'tripadvisor.' }] },
  actors: ['epctex/tripadvisor-scraper', 'maxcopell/tripadvisor'],
  kind: 'company',
  fields: { company_name: 'name', industry: ['subcategories', 'category'] },
  ignore: [
    'ancestorLocations',
    'awards',
    'booking',
    'cuisines',
    'nearestMetroStations',
    'neighborhoodLocations',
    'offerGroup',
    'offers',
    'roomTips',
  ],
  identity: { namespace: 'tripadvisor', paths: ['id', 'locationId'] },
}
