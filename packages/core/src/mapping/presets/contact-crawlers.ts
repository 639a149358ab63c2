import type { BuiltInPreset } from '../preset.ts'

/** Crawlers that collect email addresses, phones and profiles per page or per domain, without names. */
export const contactCrawlers: BuiltInPreset = {
  name: 'contact-crawlers',
  order: 130,
  match: {
    all: ['emails', 'phones'],
    any: ['linkedIns', 'facebooks', 'twitters', 'phonesUncertain'],
    none: ['title', 'name', 'companyName'],
  },
  actors: ['vdrmota/contact-info-scraper', '9Sk4JJhEma9vBKqrg'],
  kind: 'company',
}
