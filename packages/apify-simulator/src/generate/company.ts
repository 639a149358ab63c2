import { TRADES, type Trade } from './business-categories.ts'
import { type City, COUNTRIES, type Country, slug } from './countries.ts'
import { Dice, hash32, idSigns } from './random.ts'

/** A made-up employer; people of one seed share employers, as colleagues do. */
export interface Company {
  name: string
  domain: string
  linkedin_slug: string
  uid: string
  country: Country
  place: City
  trade: Trade
  founded: number
  employees: number
  size_range: string
  phone_rest: string
  street: string
}

const SIZE_RANGES: readonly [number, number, string][] = [
  [2, 10, '2-10'],
  [11, 50, '11-50'],
  [51, 200, '51-200'],
  [201, 500, '201-500'],
  [501, 1000, '501-1000'],
  [1001, 5000, '1001-5000'],
  [5001, 10000, '5001-10000'],
  [10001, 250000, '10001+'],
]

/** About four people work for each company. */
export function companyOf(seed: number, person_index: number): Company {
  const index = Math.floor(person_index / 4)
  const dice = new Dice(hash32(seed, index, 901))
  const country = dice.pick(COUNTRIES)
  const place = dice.pick(country.cities)
  const trade = dice.pick(TRADES)
  const name = `${dice.pick(country.last_names)} ${trade.names[country.language]} ${idSigns(seed, index, 911).replace(/[-_]/g, 'x').slice(0, 4).toUpperCase()}`
  const base = slug(name, '-')
  const [least, most, size_range] = dice.pick(SIZE_RANGES)
  return {
    name,
    domain: `${base}.${dice.pick(country.tlds)}`,
    linkedin_slug: base,
    uid: String(hash32(seed, index, 921)),
    country,
    place,
    trade,
    founded: dice.whole(1921, 2024),
    employees: dice.whole(least, most),
    size_range,
    phone_rest: dice.fill(place.phone),
    street: dice.pick(country.streets),
  }
}
