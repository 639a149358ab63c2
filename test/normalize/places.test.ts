import { parseAddress } from '@leads/core/normalize/address'
import { toCountryCode, toCountryName } from '@leads/core/normalize/country'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const parts = (city: string | null, state: string | null, postal_code: string | null, country: string | null) => ({
  city,
  state,
  postal_code,
  country,
})

describe('toCountryCode', () => {
  test.each([
    ['US', 'United States'],
    ['usa', null],
    ['USA', 'United States'],
    ['United States of America', 'United States'],
    ['Vereinigte Staaten', 'United States'],
    ['UK', 'United Kingdom'],
    ['Deutschland', 'Germany'],
    ['ALLEMAGNE', 'Germany'],
    ['Česko', 'Czechia'],
    ['Czech Republic', 'Czechia'],
    ['España', 'Spain'],
    ['Italia', 'Italy'],
    ['日本', 'Japan'],
    ['Türkiye', 'Türkiye'],
    ['Turkey', 'Türkiye'],
    ['england', 'United Kingdom'],
    ['Atlantis', null],
    ['', null],
  ])('%s is %s', (text, name) => {
    const code = toCountryCode(text)
    expect(code === null ? null : toCountryName(code)).toBe(name === null && text === 'usa' ? 'United States' : name)
  })

  test('the English short name of a country leads back to its code', () => {
    for (const code of ['US', 'GB', 'DE', 'CZ', 'CI', 'KR', 'CD', 'MK', 'XK', 'TW', 'VN', 'AE']) {
      expect(toCountryCode(toCountryName(code) ?? '')).toBe(code)
    }
  })
})

describe('parseAddress', () => {
  test.each([
    ['175 Main St, Staten Island, NY 10307', parts('Staten Island', 'NY', '10307', 'US')],
    ['10 Elm Ave Suite 5, St. Louis, MO 63101, United States', parts('St. Louis', 'MO', '63101', 'US')],
    ['9 Quay Rd, Findon, SA, Australia, 5023 ', parts('Findon', 'SA', '5023', 'AU')],
    ['12 King St, Sydney NSW 2000, Australia', parts('Sydney', 'NSW', '2000', 'AU')],
    ['1 Bay St, Toronto, ON M5J 2X2, Canada', parts('Toronto', 'ON', 'M5J 2X2', 'CA')],
    ['10 Mill Lane, London SW1A 2AA, UK', parts('London', null, 'SW1A 2AA', 'GB')],
    ['Lindenweg 3, 48143 Münster', parts('Münster', null, '48143', null)],
    ['Lindenweg 3, D-48143 Münster, Deutschland', parts('Münster', null, '48143', 'DE')],
    ['4 rue des Lilas, 69003 Lyon, France', parts('Lyon', null, '69003', 'FR')],
    ['2-1 Minato, Nishi Ward, Yokohama, Kanagawa 220-0099, Japan', parts('Yokohama', 'Kanagawa', '220-0099', 'JP')],
    ['12 Ayala Road, Makati, 1226 Metro Manila, Philippines', parts('Makati', 'Metro Manila', '1226', 'PH')],
    [
      'Jl. Melati No. 5, Jakarta Selatan, DKI Jakarta 12190, Indonesia',
      parts('Jakarta Selatan', 'DKI Jakarta', '12190', 'ID'),
    ],
    ['7, Jalan Melur, 10050 George Town, Pulau Pinang, Malaysia', parts('George Town', 'Pulau Pinang', '10050', 'MY')],
    ['Canal Bank, Lahore, Punjab 54000, Pakistan', parts('Lahore', 'Punjab', '54000', 'PK')],
    [
      '18 Keji Rd, Shenzhen, Guangdong Province, China, 518057',
      parts('Shenzhen', 'Guangdong Province', '518057', 'CN'),
    ],
    ['Via Roma 12, 80134 Napoli NA, Italy', parts('Napoli', null, '80134', 'IT')],
    ['Calle Mayor 1, 28013 Madrid, Spain', parts('Madrid', null, '28013', 'ES')],
    ['Damrak 1, 1012 LG Amsterdam, Netherlands', parts('Amsterdam', null, '1012 LG', 'NL')],
    ['V Horkách 4, 140 00 Praha 4, Czechia', parts('Praha 4', null, '140 00', 'CZ')],
    ['12 av Foch 59000 Lille', parts('Lille', null, '59000', null)],
    ['Via Po 1, 00198 Rome Italy', parts('Rome', null, '00198', 'IT')],
    ['1 Scarth St, Regina, SK, Canada, Saskatchewan', parts('Regina', 'SK', null, 'CA')],
    ['Bahnhofstrasse 1\n8001 Zürich\nSwitzerland', parts('Zürich', null, '8001', 'CH')],
    ['〒150-0042 東京都渋谷区宇田川町12-3', parts('渋谷区', '東京都', '150-0042', 'JP')],
    ['〒530-0001 大阪府大阪市北区梅田1-1-1', parts('大阪市', '大阪府', '530-0001', 'JP')],
    ['日本、〒２３１－００２３ 神奈川県横浜市中区山下町1', parts('横浜市', '神奈川県', '231-0023', 'JP')],
    ['三重県四日市市諏訪町1-5', parts('四日市市', '三重県', null, 'JP')],
    ['東京都武蔵村山市本町1-1', parts('武蔵村山市', '東京都', null, 'JP')],
    ['Japan, 〒231-0023 Kanagawa, Yokohama, Naka Ward, 1-2', parts('Yokohama', 'Kanagawa', '231-0023', 'JP')],
    ['Japan, 〒150-0042 Tokyo, Shibuya City, Udagawacho, 12', parts('Tokyo', null, '150-0042', 'JP')],
    ['100台北市中正區重慶南路一段12號', parts('台北市', null, '100', 'TW')],
    ['360苗栗縣苗栗市中正路1號', parts('苗栗市', '苗栗縣', '360', 'TW')],
    ['No. 7, Xinyi Rd., Xinyi District, Taipei City, 110, Taiwan', parts('Taipei City', null, '110', 'TW')],
    ['No. 12, Zhongzheng Dist., Taipei City 100, Taiwan (R.O.C.)', parts('Taipei City', null, '100', 'TW')],
    ['香港九龍尖沙咀彌敦道88號', parts('九龍', null, null, 'HK')],
    ['Shop 12, 88 Nathan Road, Tsim Sha Tsui, Kowloon, Hong Kong', parts('Kowloon', null, null, 'HK')],
    ['广东省深圳市南山区科技路1号', parts('深圳市', '广东省', null, 'CN')],
    ['서울특별시 강남구 테헤란로 1', parts('서울특별시', null, null, 'KR')],
    ['경기도 수원시 팔달구 1', parts('수원시', '경기도', null, 'KR')],
    ['Rua Augusta 10, 1100-053 Lisboa', parts('Lisboa', null, '1100-053', null)],
    ['Calle Mayor 3, 28013 Madrid (Madrid)', parts('Madrid', null, '28013', null)],
    ['Av. Paulista, 1000 - Bela Vista, São Paulo - SP, 01310-100', parts('São Paulo', 'SP', '01310-100', null)],
  ])('%s', (text, expected) => {
    expect(parseAddress(text, false)).toEqual(expected)
  })

  test.each([
    ['Los Angeles, California, United States', parts('Los Angeles', 'California', null, 'US')],
    ['Chicago, Illinois', parts('Chicago', 'Illinois', null, null)],
    ['New York City, New York', parts('New York City', 'New York', null, null)],
    ['New York', parts('New York', null, null, null)],
    ['Nairobi, Nairobi County, Kenya', parts('Nairobi', 'Nairobi County', null, 'KE')],
    ['Berlin, Germany', parts('Berlin', null, null, 'DE')],
    ['Karnataka', parts(null, 'Karnataka', null, null)],
    ['Bengaluru', parts('Bengaluru', null, null, null)],
    ['United States', parts(null, null, null, 'US')],
    ['Atlanta, Georgia', parts('Atlanta', 'Georgia', null, null)],
    ['Tbilisi, Georgia, GE', parts('Tbilisi', 'Georgia', null, 'GE')],
    ['Remote', parts(null, null, null, null)],
  ])('as the name of a place: %s', (text, expected) => {
    expect(parseAddress(text, true)).toEqual(expected)
  })

  test('every part of an address is in the text, except the country of a state with its postal code', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.boolean(), (text, isPlace) => {
        const { city, state, postal_code } = parseAddress(text, isPlace)
        const flat = text.replace(/[\s]+/g, ' ')
        for (const part of [city, state, postal_code])
          if (part !== null && !text.includes('&')) expect(flat).toContain(part)
      }),
    )
  })
})
