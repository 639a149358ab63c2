import type { Preset } from '../preset.ts'

/** Crawlers of websites that collect e-mails, phones and profiles per page or merged per domain. No names in them. */
export const contactCrawlers: Preset = {
  name: 'contact-crawlers',
  match: {
    all: ['emails', 'phones'],
    any: ['linkedIns', 'facebooks', 'twitters', 'phonesUncertain'],
    none: ['title', 'name', 'companyName'],
  },
  actors: ['vdrmota/contact-info-scraper', '9Sk4JJhEma9vBKqrg'],
  kind: 'company',
}
