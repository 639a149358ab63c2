import {
  cleanEmail,
  extractEmails,
  isFreeMail,
  isPrivacyEmail,
  isRoleEmail,
  toEmailKey,
} from '@leads/core/normalize/email'
import { cleanPhone, ZERO_COUNTRIES } from '@leads/core/normalize/phone'
import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { describe, expect, test } from 'vitest'

describe('cleanEmail', () => {
  test.each([
    [' Jane.Doe@Acme.COM ', 'jane.doe@acme.com'],
    ['mailto:jane@acme.com?subject=Hi', 'jane@acme.com'],
    ['Jane Doe <jane@acme.com>', 'jane@acme.com'],
    ['"jane@acme.com"', 'jane@acme.com'],
    ['jane@acme.com.', 'jane@acme.com'],
    ['jane [at] acme [dot] com', 'jane@acme.com'],
    ['jane(at)acme.com', 'jane@acme.com'],
    ['jane at acme dot com', 'jane@acme.com'],
    ['jane&#64;acme.com', 'jane@acme.com'],
    ['jane%40acme.com', 'jane@acme.com'],
    ['E-Mail: jane@acme.com', 'jane@acme.com'],
    ['jane+news@acme.com', 'jane+news@acme.com'],
    ["o'hara@acme.co.uk", "o'hara@acme.co.uk"],
    ['büro@müller.de', 'büro@müller.de'],
    ['Info@XN--MLLER-KVA.de', 'info@müller.de'],
    ['info@mu\u0308ller.de', 'info@müller.de'],
    ['info@xn--strae-oqa.example', 'info@straße.example'],
    ['info@xn--e1afmkfd.xn--p1ai', 'info@пример.рф'],
    ['info@xn--p1b6ci4b4b3a.xn--h2brj9c', 'info@उदाहरण.भारत'],
    ['info@xn--zzzzzz.example', 'info@xn--zzzzzz.example'],
  ])('%s is read as %s', (text, email) => {
    expect(cleanEmail(text)).toBe(email)
  })

  test.each([
    '',
    '--',
    'jane',
    'jane@',
    '@acme.com',
    'jane@acme',
    'j***@acme.com',
    'logo@2x.png',
    'a b@acme.com',
    'jane..doe@acme.com',
    'https://acme.com/@jane',
    `${'a'.repeat(300)}@acme.com`,
    'a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3@sentry.io',
    7,
    null,
    {},
  ])('%s is none', (value) => {
    expect(cleanEmail(value)).toBeNull()
  })

  test('a cleaned email address stays the same when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.emailAddress(), fc.string()), (text) => {
        const once = cleanEmail(text)
        expect(once === null ? null : cleanEmail(once)).toBe(once)
      }),
    )
  })

  test('plus-tags and the dots of Gmail do not change the mailbox', () => {
    expect(toEmailKey('jane+news@acme.com')).toBe(toEmailKey('jane@acme.com'))
    expect(toEmailKey('j.a.ne@gmail.com')).toBe(toEmailKey('jane@googlemail.com'))
    expect(toEmailKey('j.ane@acme.com')).not.toBe(toEmailKey('jane@acme.com'))
  })

  test('free mail, role and privacy mailboxes are recognized', () => {
    expect([isFreeMail('a@gmx.de'), isFreeMail('a@acme.com')]).toEqual([true, false])
    expect([isRoleEmail('info@acme.com'), isRoleEmail('prenotazioni@acme.it'), isRoleEmail('jane@acme.com')]).toEqual([
      true,
      true,
      false,
    ])
    expect([
      isPrivacyEmail('datenschutz@acme.de'),
      isPrivacyEmail('no-reply@acme.de'),
      isPrivacyEmail('info@acme.de'),
    ]).toEqual([true, true, false])
  })

  test('email addresses in a biography are found, each once', () => {
    expect(extractEmails('Bookings 📧 jane@acme.com, press:press@acme.com (jane@acme.com) @handle a@b')).toEqual([
      'jane@acme.com',
      'press@acme.com',
    ])
  })
})

describe('cleanPhone', () => {
  test.each([
    ['+39 06 555 0123', null, '+39065550123'],
    ['+1 (646) 943-7373', null, '+16469437373'],
    ['(646) 943-7373', 'US', '+16469437373'],
    ['1-646-943-7373', 'US', '+16469437373'],
    ['+44 (0)20 7946 0958', null, '+442079460958'],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['0044 20 7946 0958', null, '+442079460958'],
    ['030 5550123', 'DE', '+49305550123'],
    ['Tel.: 030 / 555 01 23', 'DE', '+49305550123'],
    ['tel:+4930555012', null, '+4930555012'],
    ['646-943-7373 ext. 12', 'US', '+16469437373'],
    ['(646) 943-7373', null, '(646) 943-7373'],
    [16469437373, null, '16469437373'],
  ])('%s in %s is %s', (text, country, phone) => {
    expect(cleanPhone(text, country)).toBe(phone)
  })

  test.each([
    '',
    '12',
    '+***********',
    '+1 *** *** 1234',
    'xxx-xxx-xxxx',
    'call us',
    '2024-01-31',
    '000000000',
    '1234567890123456789',
    'https://wa.me/49301234567',
    3.5,
    null,
  ])('%s is none', (value) => {
    expect(cleanPhone(value, 'US')).toBeNull()
  })

  test.each(ZERO_COUNTRIES)('a national number of %s is read as the library reads it', (country) => {
    const part = fc.stringMatching(/^\d{1,5}$/)
    fc.assert(
      fc.property(
        fc.constantFrom('0', '(0', '(0) ', '0/', '01624', '07624 ', '018'),
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('', ' ', '-', '.', '/', ') '),
        (zero, parts, separator) => {
          const text = `${zero}${parts.join(separator)}`
          const phone = cleanPhone(text, country)
          // Two zeros begin an international number.
          fc.pre(phone !== null && !text.startsWith('00'))
          const parsed = parsePhoneNumberFromString(text, country)
          expect(phone).toBe(parsed?.isPossible() === true ? parsed.number : text)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('an international number does not depend on its separators', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('', ' ', '-', '.', '/'), { minLength: 11, maxLength: 11 }), (separators) => {
        const digits = [...'39335150978']
        const text = `+${digits.map((digit, index) => digit + (separators[index] ?? '')).join('')}2`
        expect(cleanPhone(text, null)).toBe('+393351509782')
      }),
    )
  })
})
