/** First bytes of a place id that contains the two numbers of a place, and the byte between the numbers. */
const HEAD = [0x0a, 0x12, 0x09]
const PLACE_ID_BYTES = 20
const SECOND_NUMBER_AT = 12
const SEPARATOR_AT = 11
const SEPARATOR = 0x11

/**
 * The number by which Google Maps knows a place (`cid`), from its place id: `ChIJ…` is 20 bytes of which the last eight
 * are the number, little end first. Null for other ids. As text, because it exceeds 2^53.
 */
export function toGoogleCid(place_id: string): string | null {
  if (!place_id.startsWith('ChIJ')) return null
  const bytes = Buffer.from(place_id, 'base64url')
  const isKnownForm =
    bytes.length === PLACE_ID_BYTES &&
    HEAD.every((byte, index) => bytes[index] === byte) &&
    bytes[SEPARATOR_AT] === SEPARATOR
  return isKnownForm ? bytes.readBigUInt64LE(SECOND_NUMBER_AT).toString() : null
}

const DECIMAL = /^\d{1,20}$/
const FEATURE_ID = /^0x[0-9a-f]{1,16}:(0x[0-9a-f]{1,16})$/i

/** The same number from its decimal form or from a feature id (`fid`, `data_id`), whose second half it is. */
export function parseGoogleCid(text: string): string | null {
  const number = FEATURE_ID.exec(text)?.[1] ?? (DECIMAL.test(text) ? text : undefined)
  return number === undefined ? null : BigInt(number).toString()
}
