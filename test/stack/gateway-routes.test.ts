import { compileRoutes, toRouteKey } from '@leads/cli/stack/gateway-routes'
import { describe, expect, test } from 'vitest'

// The route table of API Gateway's documentation on route selection.
const documented = [
  { method: 'GET', path: '/pets/dog/1' },
  { method: 'GET', path: '/pets/dog/{id}' },
  { method: 'GET', path: '/pets/{proxy+}' },
  { method: 'ANY', path: '/{proxy+}' },
  { method: 'ANY', path: '$default' },
]

function selected(routes: { method: string; path: string }[], request: string): string | undefined {
  const [method = '', path = ''] = request.split(' ')
  const match = compileRoutes(routes)(method, path)
  return match && toRouteKey(match.route)
}

describe('priority', () => {
  test.each([
    ['GET /pets/dog/1', 'GET /pets/dog/1'],
    ['GET /pets/dog/2', 'GET /pets/dog/{id}'],
    ['GET /pets/cat/1', 'GET /pets/{proxy+}'],
    ['GET /pets/dog/1/toys', 'GET /pets/{proxy+}'],
    ['POST /pets/dog/1', 'ANY /{proxy+}'],
    ['POST /test/5', 'ANY /{proxy+}'],
    ['GET /', '$default'],
  ])('%s is answered by %s', (request, expected) => {
    expect(selected(documented, request)).toBe(expected)
  })

  test.each([...documented.keys()])(
    'the most specific route matches regardless of the table order (rotated by %i)',
    (by) => {
      const rotated = [...documented.slice(by), ...documented.slice(0, by)]
      expect(selected(rotated, 'GET /pets/dog/1')).toBe('GET /pets/dog/1')
      expect(selected(rotated, 'GET /pets/dog/7')).toBe('GET /pets/dog/{id}')
      expect(selected(rotated, 'GET /pets/x')).toBe('GET /pets/{proxy+}')
      expect(selected(rotated, 'PUT /x')).toBe('ANY /{proxy+}')
    },
  )

  test('a named method has priority over ANY on the same path', () => {
    const routes = [
      { method: 'ANY', path: '/leads/{id}' },
      { method: 'GET', path: '/leads/{lead}' },
    ]
    expect(selected(routes, 'GET /leads/1')).toBe('GET /leads/{lead}')
    expect(selected(routes, 'PATCH /leads/1')).toBe('ANY /leads/{id}')
  })

  test('a full match for ANY has priority over a greedy match for the method', () => {
    const routes = [
      { method: 'GET', path: '/{proxy+}' },
      { method: 'ANY', path: '/leads' },
    ]
    expect(selected(routes, 'GET /leads')).toBe('ANY /leads')
  })

  test('the longer of two greedy routes matches', () => {
    const routes = [
      { method: 'GET', path: '/{all+}' },
      { method: 'GET', path: '/files/public/{rest+}' },
      { method: 'GET', path: '/files/{rest+}' },
    ]
    expect(selected(routes, 'GET /files/public/a/b')).toBe('GET /files/public/{rest+}')
    expect(selected(routes, 'GET /files/private/a')).toBe('GET /files/{rest+}')
    expect(selected(routes, 'GET /other')).toBe('GET /{all+}')
  })
})

describe('requests without a route', () => {
  const routes = [
    { method: 'GET', path: '/leads' },
    { method: 'GET', path: '/leads/{id}' },
    { method: 'GET', path: '/files/{proxy+}' },
  ]
  test.each([
    'POST /leads',
    'HEAD /leads',
    'GET /leads/',
    'GET /leads/1/events',
    'GET /Leads',
    'GET /files',
    'GET /files/',
  ])('%s has no route', (request) => {
    expect(selected(routes, request)).toBeUndefined()
  })
})

test('path variables contain their values, and a greedy one the rest of the path', () => {
  const match = compileRoutes([
    { method: 'GET', path: '/leads/{id}/events/{event}' },
    { method: 'GET', path: '/files/{proxy+}' },
    { method: 'GET', path: '/health' },
  ])
  expect(match('GET', '/leads/7/events/a b')?.path_parameters).toEqual({ id: '7', event: 'a b' })
  expect(match('GET', '/files/a/b/c.txt')?.path_parameters).toEqual({ proxy: 'a/b/c.txt' })
  expect(match('GET', '/health')?.path_parameters).toBeUndefined()
})

describe('invalid route tables', () => {
  test('two routes with the same key are rejected', () => {
    const twice = [
      { method: 'GET', path: '/leads/{id}' },
      { method: 'GET', path: '/leads/{id}' },
    ]
    expect(() => compileRoutes(twice)).toThrow('same key')
  })
  test('a greedy variable that is not at the end is rejected', () => {
    expect(() => compileRoutes([{ method: 'GET', path: '/{proxy+}/x' }])).toThrow('must end the path')
  })
  test('a variable that is part of a segment is rejected', () => {
    expect(() => compileRoutes([{ method: 'GET', path: '/leads/{id}.json' }])).toThrow('whole segment')
  })
  test('a path without a leading slash is rejected', () => {
    expect(() => compileRoutes([{ method: 'GET', path: 'leads' }])).toThrow('starts with /')
  })
})
