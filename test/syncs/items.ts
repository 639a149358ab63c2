/** A place as a Google Maps Actor would store it, told by its number. */
export function place(number: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: `Bakery ${number}`,
    placeId: `ChIJbakery${String(number).padStart(10, '0')}`,
    categoryName: 'Bakery',
    street: `${number} Main Street`,
    city: 'Springfield',
    countryCode: 'US',
    website: `https://www.bakery-${number}.com/`,
    phone: `+1 217 555 ${String(number % 10_000).padStart(4, '0')}`,
    url: `https://www.google.com/maps/place/?q=place_id:ChIJbakery${String(number).padStart(10, '0')}`,
    scrapedAt: '2026-03-01T10:00:00.000Z',
    ...changes,
  }
}

/** `count` different places, the first of them with the number `from`. */
export const places = (count: number, from = 0): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, index) => place(from + index))
