import { findCompanyDomain, findEmailDomain } from '@leads/core/normalize/domain'
import { parseLinkedinPage } from '@leads/core/normalize/linkedin'
import { cleanUrl, stripTracking, unwrapRedirect } from '@leads/core/normalize/url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

describe('cleanUrl', () => {
  test.each([
    ['HTTP://WWW.Acme.COM/Path?a=B', 'http://www.acme.com/Path?a=B'],
    ['acme.com', 'https://acme.com'],
    ['//acme.com/x', 'https://acme.com/x'],
    [' https://acme.com/a b ', 'https://acme.com/a%20b'],
    ['https://müller.de', 'https://müller.de'],
    ['acme.com:8080/x', 'https://acme.com:8080/x'],
  ])('%s becomes %s', (text, url) => {
    expect(cleanUrl(text)).toBe(url)
  })

  test.each([
    '',
    'acme',
    'not a site',
    'javascript:alert(1)',
    'mailto:a@acme.com',
    'ftp://acme.com',
    'jane@acme.com',
    'logo.png',
    'http://',
    'https://-/x',
    5,
    null,
  ])('%s is none', (value) => {
    expect(cleanUrl(value)).toBeNull()
  })

  test('an address that is too long for its column loses its query, but is never truncated', () => {
    expect(cleanUrl(`https://acme.com/?x=${'1'.repeat(3000)}`)).toBe('https://acme.com/')
    expect(cleanUrl(`https://acme.com/${'p'.repeat(3000)}`)).toBeNull()
  })

  test('a cleaned address stays the same when it is cleaned again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string()), (text) => {
        const once = cleanUrl(text)
        expect(once === null ? null : cleanUrl(once)).toBe(once)
      }),
    )
  })

  test('tracking parameters are removed and others stay', () => {
    expect(stripTracking('https://acme.com/?utm_source=x&id=7&gclid=1#top')).toBe('https://acme.com/?id=7#top')
    expect(stripTracking('https://acme.com/?utm_source=x')).toBe('https://acme.com/')
  })

  test('redirecting links are replaced by their target', () => {
    expect(unwrapRedirect('https://l.facebook.com/l.php?u=https%3A%2F%2Facme.com%2Fa&h=1')).toBe('https://acme.com/a')
    expect(unwrapRedirect('https://www.google.com/url?q=https://acme.com')).toBe('https://acme.com')
    expect(unwrapRedirect('https://acme.com/?u=https://other.com')).toBe('https://acme.com/?u=https://other.com')
  })
})

describe('findCompanyDomain', () => {
  test.each([
    ['https://news.acme.co.uk/about', 'acme.co.uk'],
    ['https://www.Acme.com', 'acme.com'],
    ['https://www.shopify.com/', 'shopify.com'],
  ])('%s is of %s', (url, domain) => {
    expect(findCompanyDomain(cleanUrl(url))).toBe(domain)
  })

  test.each([
    'https://www.facebook.com/acme',
    'https://www.instagram.com/acme/',
    'https://linktr.ee/acme',
    'https://bit.ly/3x',
    'https://sites.google.com/view/acme',
    'https://acme.wixsite.com/home',
    'https://acme.github.io',
    'https://acme.myshopify.com',
    'https://acme.business.site',
    'https://www.yelp.com/biz/acme',
    'https://www.booking.com/hotel/acme.html',
    'https://gmail.com/x',
    'https://192.168.0.1/',
    'https://localhost.localdomain/',
  ])('%s is no company’s own', (url) => {
    expect(findCompanyDomain(cleanUrl(url))).toBeNull()
  })

  test('a business mailbox gives the domain, a free one does not', () => {
    expect(findEmailDomain('jane@mail.acme.co.uk')).toBe('acme.co.uk')
    expect(findEmailDomain('jane@gmail.com')).toBeNull()
    expect(findEmailDomain('jane@hotmail.co.uk')).toBeNull()
    expect(findEmailDomain('shop@acme.myshopify.com')).toBeNull()
  })
})

describe('parseLinkedinPage', () => {
  test.each([
    ['https://uk.linkedin.com/in/Jane-Doe/?trk=x', 'in', 'jane-doe'],
    ['linkedin.com/in/jane-doe', 'in', 'jane-doe'],
    ['http://www.linkedin.com/company/Acme-Inc/about/', 'company', 'acme-inc'],
    ['https://www.linkedin.com/showcase/acme-labs', 'company', 'acme-labs'],
    ['https://www.linkedin.com/in/j%C3%BCrgen', 'in', 'jürgen'],
    ['https://www.linkedin.com/jobs/view/cook-at-acme-4319290285?refId=1', 'jobs', '4319290285'],
    ['https://www.linkedin.com/sales/company/1035', 'company', '1035'],
  ])('%s points to %s %s', (url, kind, slug) => {
    expect(parseLinkedinPage(url)).toEqual({ kind, slug })
  })

  test.each([
    'https://www.linkedin.com/',
    'https://www.linkedin.com/feed/',
    'https://notlinkedin.com/in/jane',
    'https://evil.com/?x=linkedin.com/in/jane',
    'jane',
    null,
  ])('%s points to none', (url) => {
    expect(parseLinkedinPage(url)).toBeNull()
  })
})
