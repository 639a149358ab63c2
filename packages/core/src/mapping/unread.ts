import type { UnreadValue } from '../model/mapped-item.ts'
import { toCountryCode } from '../normalize/country.ts'
import { readCountry } from '../normalize/stated-country.ts'
import { isPlaceholder, toCleanLine, truncateText } from '../normalize/text.ts'
import type { Facts } from './facts.ts'
import { COMPANY, SELF } from './fields.ts'

const UNREAD_MAX = 20
const VALUE_MAX = 100

/** Collects the values of an item that no normalizer could read. Texts that say nothing ("N/A") are not collected. */
export class UnreadValues {
  readonly values: UnreadValue[] = []

  add(column: UnreadValue['column'], value: unknown): void {
    if (this.values.length >= UNREAD_MAX) return
    if (typeof value !== 'string' && typeof value !== 'number') return
    const text = truncateText(toCleanLine(String(value).slice(0, VALUE_MAX * 4)), VALUE_MAX).trimEnd()
    if (isPlaceholder(text)) return
    if (this.values.some((known) => known.column === column && known.value === text)) return
    this.values.push({ column, value: text })
  }
}

/** Adds country values that name no country. A code in a second key makes up for them. */
export function addUnreadCountry(facts: Facts, unread: UnreadValues): void {
  for (const owner of [SELF, COMPANY] as const) {
    if (facts.has(owner, 'country_code')) continue
    for (const { value } of facts.all(owner, 'country'))
      if (
        typeof value === 'string' &&
        !value.includes(',') &&
        toCountryCode(value.trim()) === null &&
        readCountry(value) === null
      )
        unread.add('country', value)
  }
}
