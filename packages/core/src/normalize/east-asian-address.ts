import type { AddressParts } from './address-parts.ts'

/** Characters of Chinese, Japanese and Korean addresses, and the Japanese mark of a postal code. */
const EAST_ASIAN = /[〒一-鿿가-힣]/u

const TAIWAN_PLACE =
  /^(?:([台臺]北市|新北市|桃園市|[台臺]中市|[台臺]南市|高雄市|基隆市|新竹[市縣]|嘉義[市縣]|苗栗縣|彰化縣|南投縣|雲林縣|屏東縣|宜蘭縣|花蓮縣|[台臺]東縣|澎湖縣|金門縣|連江縣))(\p{Script=Han}{1,3}[鄉鎮市])?/u
const TAIWAN_CODE = /^(\d{3}(?:\d{2,3})?)\s*(?=\p{Script=Han})/u
const JAPAN_CODE = /^〒?\s*(\d{3})[-‐−–－ー]?(\d{4})(?!\d)\s*/u
const JAPAN_STATE = /^(東京都|北海道|(?:京都|大阪)府|(?!中国)\p{Script=Han}{2,3}県)/u
/** 四日市市, 武蔵村山市: a town's own name may contain what ends a name. */
const JAPAN_CITY =
  /^((?:\p{Script=Han}{1,4}郡)?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ヶ々]{1,6}?(?:市(?!市)|区|[町村](?!\p{Script=Han}{0,2}市)))/u
const CHINA_STATE = /^(\p{Script=Han}{2,3}省|(?:广西|内蒙古|宁夏|新疆|西藏)\p{Script=Han}{0,4}自治区)/u
const CHINA_CITY = /^(\p{Script=Han}{2,5}?(?:市|自治州))/u
const KOREA_STATE =
  /^((?:서울|부산|대구|인천|광주|대전|울산|세종)(?:특별시|광역시|특별자치시)|(?:경기|강원|충청북|충청남|전라북|전라남|전북|경상북|경상남|제주)(?:특별자치)?도)\s+/u
const KOREA_CITY = /^([가-힣]{1,6}[시군구])(?=\s|$)/u

const take = (text: string, pattern: RegExp): [string | null, string] => {
  const found = pattern.exec(text)
  return found === null ? [null, text] : [found[1] ?? null, text.slice(found[0].length).trim()]
}

/**
 * Reads an address in Chinese, Japanese or Korean script, which begins with the largest part, or returns null for any
 * other text. The forms of the names tell the country.
 */
export function parseEastAsianAddress(line: string): AddressParts | null {
  if (!EAST_ASIAN.test(line)) return null
  const text = line.slice(0, 200).replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
  return readJapan(text) ?? readTaiwan(text) ?? readHongKong(text) ?? readKorea(text) ?? readChina(text)
}

function readJapan(text: string): AddressParts | null {
  const bare = text.replace(/^(?:日本国?|Japan)[、,\s]*/u, '').trim()
  const code = JAPAN_CODE.exec(bare)
  const postal_code = code === null ? null : `${code[1]}-${code[2]}`
  const afterCode = code === null ? bare : bare.slice(code[0].length)
  const [state, rest] = take(afterCode, JAPAN_STATE)
  const isMarked = bare.startsWith('〒')
  if (!isMarked && state === null) return null
  const [city] = take(rest, JAPAN_CITY)
  if (state === null && city === null) return readJapanInLatin(afterCode, postal_code)
  return { city, state, postal_code, country: 'JP' }
}

/** "〒231-0023 Kanagawa, Yokohama, Naka Ward": prefecture, city and ward. Tokyo and Osaka are both. */
function readJapanInLatin(text: string, postal_code: string | null): AddressParts {
  const [first = '', second = ''] = text.split(/\s*,\s*/).filter((piece) => !/^\d/.test(piece))
  const isPlace = /^\p{Script=Latin}[\p{Script=Latin}' -]*$/u
  if (!isPlace.test(first)) return { city: null, state: null, postal_code, country: 'JP' }
  const isCity = second === '' || !isPlace.test(second) || /(?:Ward|City|-ku)$/.test(second)
  return { city: isCity ? first : second, state: isCity ? null : first, postal_code, country: 'JP' }
}

function readTaiwan(text: string): AddressParts | null {
  const bare = text.replace(/^(?:[台臺][灣湾]省?|中華民國)[,，、\s]*/u, '')
  const [code, afterCode] = take(bare, TAIWAN_CODE)
  const [, afterCountry] = take(afterCode, /^([台臺][灣湾]省?)/u)
  const found = TAIWAN_PLACE.exec(afterCountry)
  if (found?.[1] === undefined) return null
  const isCounty = found[1].endsWith('縣')
  const city = isCounty ? (found[2] ?? null) : found[1]
  return { city, state: isCounty ? found[1] : null, postal_code: code, country: 'TW' }
}

function readHongKong(text: string): AddressParts | null {
  const found = /^(?:中国|中國)?香港(?:特[别別]行政[区區])?[,，、\s]*(九[龍龙]|新界|香港島|香港岛)?/u.exec(text)
  return found === null ? null : { city: found[1] ?? '香港', state: null, postal_code: null, country: 'HK' }
}

function readKorea(text: string): AddressParts | null {
  const bare = text.replace(/^(?:대한민국|한국)\s+/u, '')
  const code = /^\(?(\d{5})\)?\s+(?=[가-힣])/u.exec(bare)
  const [state, rest] = take(code === null ? bare : bare.slice(code[0].length), KOREA_STATE)
  if (state === null) return null
  const [district] = take(rest, KOREA_CITY)
  // A metropolitan city is the city, and what follows is its district.
  const isCity = state.endsWith('시')
  return {
    city: isCity ? state : district,
    state: isCity ? null : state,
    postal_code: code?.[1] ?? null,
    country: 'KR',
  }
}

function readChina(text: string): AddressParts | null {
  const bare = text.replace(/^(?:中国|中华人民共和国)[,，、\s]*/u, '')
  const [state, rest] = take(bare, CHINA_STATE)
  const [municipality] = take(rest, /^((?:北京|上海|天津|重庆)市)/u)
  if (state === null && municipality === null) return null
  const [city] = municipality === null ? take(rest, CHINA_CITY) : [municipality]
  return { city: city ?? null, state, postal_code: null, country: 'CN' }
}
