import { FREE_MAIL, PAGE_HOSTS, TRADES } from './business-categories.ts'
import { COUNTRIES, slug } from './countries.ts'
import { Dice, hash32, idSigns } from './random.ts'
import type { Generator, Item, Sighting } from './types.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const HOURS = ['9 AM to 5 PM', '8 AM to 6:30 PM', '10 AM to 9 PM', 'Closed', 'Open 24 hours'] as const
const START = Date.UTC(2026, 0, 5, 6)

function openingHours(dice: Dice): unknown {
  const hours = dice.pick(HOURS)
  // The Actor has written both forms over the years, and rows of both kinds are in people's datasets.
  if (dice.hits(0.3)) return Object.fromEntries(DAYS.map((day) => [day, day === 'Sunday' ? 'Closed' : hours]))
  return DAYS.map((day) => ({ day, hours: day === 'Sunday' ? 'Closed' : hours }))
}

function additionalInfo(dice: Dice): unknown {
  return {
    Accessibility: [{ 'Wheelchair accessible entrance': dice.hits(0.7) }, { 'Wheelchair accessible restroom': false }],
    Payments: [{ 'Credit cards': true }, { 'NFC mobile payments': dice.hits(0.5) }],
  }
}

function website(
  dice: Dice,
  title: string,
  tlds: readonly string[],
  signs: string,
): { url: unknown; host: string | null } {
  const way = dice.next()
  if (way < 0.12) return { url: dice.hits(0.5) ? null : undefined, host: null }
  if (way < 0.2) return { url: `${dice.pick(PAGE_HOSTS)}${slug(title, '')}`, host: null }
  const host = `${slug(title, '-')}-${signs.replace(/[-_]/g, 'q').slice(0, 3).toLowerCase()}.${dice.pick(tlds)}`
  if (way < 0.3) return { url: `https://www.${host}/?utm_source=google&utm_medium=gmb`, host }
  if (way < 0.35) return { url: host, host }
  return { url: dice.hits(0.8) ? `https://www.${host}/` : `http://${host}`, host }
}

/** A point up to a tenth of a degree away, with seven decimals as the map writes it. */
function near(city: { lat: number; lng: number }, dice: Dice): { lat: number; lng: number } {
  const lat = Math.round((city.lat + dice.next() / 10) * 1e7) / 1e7
  const lng = Math.round((city.lng + dice.next() / 10) * 1e7) / 1e7
  return { lat, lng }
}

const mailOf = (dice: Dice, name: string, host: string | null): string =>
  host ? `info@${host}` : `${slug(name, '.')}@${dice.pick(FREE_MAIL)}`

/** A changed place has a better score, more reviews and sometimes another title. */
function titleOf(name: string, odd: number, is_renamed: boolean): string {
  if (is_renamed) return `${name} & Co.`
  return odd < 0.004 ? `${name} 🌿 "№1"` : name
}

function phonesOf(dice: Dice, country: (typeof COUNTRIES)[number], rest: string | null) {
  if (rest === null) return { phone: null, phoneUnformatted: null }
  return {
    phone: dice.hits(0.6) ? `+${country.dial} ${rest}` : country.national(rest),
    phoneUnformatted: `+${country.dial}${rest.replace(/\D/g, '')}`,
  }
}

function reviewsOf(reviews: number | null, score: number | null, is_changed: boolean) {
  if (!is_changed) return { totalScore: score, reviewsCount: reviews }
  return {
    totalScore: score === null ? null : Math.min(5, Math.round((score + 0.2) * 10) / 10),
    reviewsCount: reviews === null ? null : reviews + 3,
  }
}

function place(seed: number, index: number, sighting: Sighting): Item {
  const dice = new Dice(hash32(seed, index, 1))
  const country = dice.pick(COUNTRIES)
  const where = dice.pick(country.cities)
  const trade = dice.pick(TRADES)
  const signs = idSigns(seed, index, 11)
  const name = `${trade.names[country.language]} ${dice.pick(country.last_names)}`
  const site = website(dice, name, country.tlds, signs)
  const street = `${dice.pick(country.streets)} ${dice.whole(1, 240)}`
  const postal = dice.fill(where.postal)
  const openings = openingHours(dice)
  const info = dice.hits(0.25) ? additionalInfo(dice) : undefined
  const reviews = dice.hits(0.06) ? null : dice.whole(1, 900)
  const score = reviews === null ? null : dice.whole(28, 50) / 10
  const mail = dice.hits(0.3) ? mailOf(dice, name, site.host) : null
  const location = near(where, dice)
  const has_phone = !dice.hits(0.08)
  const odd = dice.next()
  // A change has its own dice, so that the rest of the record stays the same.
  const change = new Dice(hash32(seed, index, 2))
  const rest = sighting.changed ? change.fill(where.phone) : has_phone ? dice.fill(where.phone) : null
  const title = titleOf(name, odd, sighting.changed && change.hits(0.3))
  const { totalScore, reviewsCount } = reviewsOf(reviews, score, sighting.changed)
  const place_id = `ChIJ${signs}AR${idSigns(seed, index, 15).slice(0, 10)}`
  const item: Item = {
    title,
    price: dice.hits(0.2) ? '$$' : null,
    categoryName: trade.categories[0],
    address: `${street}, ${postal} ${where.city}, ${country.name}`,
    neighborhood: dice.hits(0.4) ? street : null,
    street,
    city: where.city,
    postalCode: postal,
    state: where.state,
    countryCode: country.code,
    website: site.url,
    ...phonesOf(dice, country, rest),
    claimThisBusiness: dice.hits(0.1),
    location,
    totalScore,
    permanentlyClosed: odd > 0.995,
    temporarilyClosed: false,
    placeId: place_id,
    categories: trade.categories,
    cid: `${hash32(seed, index, 17)}${hash32(seed, index, 18)}`.slice(0, 19),
    reviewsCount,
    imagesCount: dice.whole(0, 60),
    scrapedAt: new Date(START + sighting.position * 250).toISOString(),
    openingHours: openings,
    plusCode: `${idSigns(seed, index, 13).replace(/[-_]/g, 'X').slice(0, 4).toUpperCase()}+Q2 ${where.city}`,
    url: `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(title)}&query_place_id=${place_id}`,
    searchString: `${trade.categories[0]} in ${where.city}`,
    rank: (sighting.position % 120) + 1,
    isAdvertisement: dice.hits(0.03),
  }
  if (info) item.additionalInfo = info
  if (mail) item.emails = [mail]
  if (odd > 0.4 && odd < 0.42)
    Object.assign(item, { '#debug': { requestId: signs, retryCount: 1, statusCode: 200 }, '#error': false })
  return item
}

function junk(seed: number, index: number): Item {
  const dice = new Dice(hash32(seed, index, 3))
  const search = `${dice.pick(TRADES).categories[0]} in ${dice.pick(dice.pick(COUNTRIES).cities).city}`
  if (dice.hits(0.5)) return { error: 'No results found for this search', searchString: search, rank: null }
  return { '#error': true, '#debug': { url: 'https://www.google.com/maps/', errorMessages: ['Navigation timed out'] } }
}

/** Records shaped like those of a Google Maps Actor, about 1 KB each. */
export const googlePlaces: Generator = { item: place, junk }
