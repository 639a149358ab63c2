import { recognizeKey } from '@leads/core/mapping/recognize-key'
import { parseAddress } from '@leads/core/normalize/address'
import { cleanCompanyName, hasLegalForm, isCompanyName } from '@leads/core/normalize/company-name'
import { findCompanyDomain } from '@leads/core/normalize/domain'
import { isTitledPerson, parseByline, parsePersonName } from '@leads/core/normalize/name'
import { cleanPhone, splitPhones } from '@leads/core/normalize/phone'
import { splitWords, stripMarkup } from '@leads/core/normalize/text'
import { isPageUrl, isSearchPage } from '@leads/core/normalize/url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('splitPhones', () => {
  test.each([
    ['030 5550123 / 0171 5550124', ['030 5550123', '0171 5550124']],
    ['(212) 555-0100 or (212) 555-0101', ['(212) 555-0100', '(212) 555-0101']],
    ['212-555-0100, 212-555-0101', ['212-555-0100', '212-555-0101']],
    ['01 23 55 50 12 - 06 12 55 50 13', ['01 23 55 50 12', '06 12 55 50 13']],
    ['Tel.: +49 30 5550123\nFax: +49 30 5550124', ['+49 30 5550123']],
    ['T: 0123 555012 M: 0171 5550123', ['0123 555012', '0171 5550123']],
    ['Mobil 0171 5550123 Büro 030 5550124', ['0171 5550123', '030 5550124']],
    ['+33 1 23 55 50 12 (fax)', []],
    ['Telefax 030 5550123', []],
  ])('%j states %j', (text, numbers) => {
    expect(splitPhones(text)).toEqual(numbers)
  })

  test.each(['030/5550123', '044 / 555 01 23', '+1 212 555 0100 ext. 5', '1-800-555-0100', 'call us', 12345678])(
    '%j stays one value',
    (value) => {
      expect(splitPhones(value)).toEqual([value])
    },
  )

  test('every number of a split text was part of the text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        for (const part of splitPhones(text)) expect(text).toContain(part)
      }),
    )
  })
})

describe('cleanPhone', () => {
  test('a national number is read with the country of its source only if it is valid there', () => {
    expect(cleanPhone('01 23 45 67 89', null, 'FR')).toBe('+33123456789')
    expect(cleanPhone('12 34', null, 'FR')).toBeNull()
    expect(cleanPhone('98 76 54 32 10 98', null, 'FR')).toBe('98 76 54 32 10 98')
  })

  test('the stated country goes before that of the source', () => {
    expect(cleanPhone('030 5550123', 'DE', 'FR')).toBe('+49305550123')
  })
})

describe('cleanCompanyName', () => {
  test.each([
    ['<b>Bistro</b> Rosmarin', 'Bistro Rosmarin'],
    ['Café Morgenrot | Facebook', 'Café Morgenrot'],
    ['Blue Lagoon Spa - Yelp', 'Blue Lagoon Spa'],
    ['Baker & Sons - Bakery', 'Baker & Sons - Bakery'],
    ['places/ChIJabcDEF123_-ghiJKL456mno', null],
    ['+49 30 5550123', null],
    ['https://acme.example', null],
    ['self-employed', null],
  ])('%j becomes %j', (value, name) => {
    expect(cleanCompanyName(value)).toBe(name)
  })

  test('a legal form or a word of companies marks a company', () => {
    for (const name of ['Acme, Inc.', 'Bäcker Müller GmbH', 'Oakline Freight LLC', 'Rossi S.r.l.', 'Nord AG'])
      expect(hasLegalForm(name), name).toBe(true)
    for (const name of ['Mei', 'Anh Mei', 'Jo Co', 'Maria As', 'Sag Ag Ja'])
      expect(hasLegalForm(name), name).toBe(false)
    expect(isCompanyName('Bright Lane Cleaning')).toBe(true)
    expect(isCompanyName('Gregory Stone')).toBe(false)
  })
})

describe('names of people', () => {
  test('"Acme, Inc." is not split into a given and a family name', () => {
    expect(parsePersonName('Acme, Inc.').full).toBeNull()
  })

  test('an unfilled part of a template is no part of the name', () => {
    expect(parsePersonName('Ms. Helena Sorg, undefined')).toMatchObject({ full: 'Helena Sorg' })
  })

  test('a title or credential marks a person, a word of companies does not', () => {
    expect(isTitledPerson('Dr. Priya Raman, MD')).toBe(true)
    expect(isTitledPerson('Dr. Raman Dental Clinic')).toBe(false)
    expect(isTitledPerson('Priya Raman')).toBe(false)
  })

  test('a byline states name, title and company', () => {
    expect(parseByline('Tobias Renner - Head of Sales @ Kupferwerk GmbH')).toEqual({
      name: 'Tobias Renner',
      title: 'Head of Sales',
      company: 'Kupferwerk GmbH',
    })
    expect(parseByline('Kupferwerk GmbH - Copper at its best')).toBeNull()
    expect(parseByline('Tobias Renner')).toBeNull()
  })
})

describe('parseAddress', () => {
  test.each([
    ['3400 Stone Way Ave N Seattle, WA 98109', { city: 'Seattle', state: 'WA', postal_code: '98109' }],
    ['1 Ivy St #200 Denver, CO 80202', { city: 'Denver', state: 'CO' }],
    ['12 Main St\nAustin TX 78701', { city: 'Austin', state: 'TX', postal_code: '78701' }],
    ['9 Elm Street, Springfield Illinois 62701', { city: 'Springfield', state: 'Illinois', country: 'US' }],
  ])('%j is read without a comma before the town or state', (text, parts) => {
    expect(parseAddress(text, false)).toMatchObject(parts)
  })

  test('two capitals behind a town are a state, unless they are a country', () => {
    expect(parseAddress('São Paulo, SP', true)).toMatchObject({ city: 'São Paulo', state: 'SP', country: null })
    expect(parseAddress('Madrid, ES', true)).toMatchObject({ city: 'Madrid', state: null, country: 'ES' })
  })

  test('the country of the source decides between a state and a country', () => {
    expect(parseAddress('Salvador, BA', true, 'BR')).toMatchObject({ city: 'Salvador', state: 'BA', country: null })
    expect(parseAddress('Sarajevo, BA', true)).toMatchObject({ city: 'Sarajevo', country: 'BA' })
  })
})

describe('findCompanyDomain', () => {
  test('a short link has no company’s domain', () => {
    expect(findCompanyDomain('https://goo.gle/3DLEokh')).toBeNull()
    expect(findCompanyDomain('https://acme.io/about')).toBe('acme.io')
  })

  test('a directory’s domain is that of the company with its name', () => {
    expect(findCompanyDomain('https://www.amazon.com/about', 'Amazon')).toBe('amazon.com')
    expect(findCompanyDomain('https://www.amazon.com/shops/lamps', 'Lamps & Co')).toBeNull()
  })
})

describe('page addresses', () => {
  test('a search word far in front of the end is part of a directory’s path', () => {
    expect(isSearchPage('https://x.com/search/new-york/plumber')).toBe(true)
    expect(isSearchPage('https://x.com/find/usa/new-york/plumber/joes-plumbing')).toBe(false)
    expect(isSearchPage('https://x.com/list?q=plumber')).toBe(true)
  })

  test('home pages and files are no pages of an item', () => {
    expect(isPageUrl('https://x.com/p/acme')).toBe(true)
    expect(isPageUrl('/profile/acme')).toBe(true)
    for (const value of ['https://x.com/', 'https://x.com/a.jpg', '//cdn', 'acme', 7])
      expect(isPageUrl(value)).toBe(false)
  })
})

describe('recognizeKey', () => {
  test('past values and fax numbers are ignored wherever the word stands', () => {
    for (const key of ['title_previous', 'contact:fax', 'Business Fax', 'oldCompanyName', 'faxNumber', 'telefax'])
      expect(recognizeKey(key), key).toMatchObject({ field: null, context: 'deny' })
  })

  test('the present value of a changed field keeps its meaning', () => {
    for (const key of ['newTitle', 'title_current']) expect(recognizeKey(key).field, key).toMatch(/title/)
    expect(recognizeKey('newCompanyName')).toMatchObject({ owner: 1, field: 'name' })
  })

  test('an unknown noun with id or url is a guess, nouns of other things are not', () => {
    expect(recognizeKey('entityRefId').guess).toBe('id')
    expect(recognizeKey('pagesJaunesUrl').guess).toBe('url')
    expect(recognizeKey('tsid').guess).toBe('id')
    for (const key of ['imageUrl', 'categoryId', 'batchId', 'paid', 'userId', 'logo_url'])
      expect(recognizeKey(key).guess, key).toBeUndefined()
  })
})

describe('any text', () => {
  const readers: Record<string, (text: string) => unknown> = {
    splitPhones,
    cleanCompanyName,
    hasLegalForm,
    isCompanyName,
    isTitledPerson,
    parseByline,
    parsePersonName,
    stripMarkup,
    splitWords,
    isSearchPage,
    isPageUrl,
    recognizeKey,
    parseAddress: (text) => parseAddress(text, true, 'BR'),
    cleanPhone: (text) => cleanPhone(text, null, 'FR'),
  }

  test.each(Object.keys(readers))('%s reads any text without an error', (name) => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        readers[name]?.(text)
      }),
    )
  })

  test.each(Object.keys(readers))('%s reads a hostile text of 200,000 characters within half a second', (name) => {
    const hostile = ['a ', '1-', '<b', 'Tel ', ' - ', '(fax', 'A@', '/search', 'St ', ', ', '&', 'inc '].map((text) =>
      text.repeat(Math.ceil(200_000 / text.length)),
    )
    for (const text of hostile) {
      const before = process.cpuUsage()
      readers[name]?.(text)
      readers[name]?.(text.slice(0, 590))
      readers[name]?.(text.slice(0, 250))
      // Of the processor: how long it takes depends on what else the machine does.
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000).toBeLessThan(500)
    }
  })
})
