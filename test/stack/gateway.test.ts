import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { type Gateway, type GatewayReport, type GatewayRoute, startGateway } from '@leads/cli/stack/gateway'
import type { LambdaHandler } from '@leads/cli/stack/lambda'
import type { APIGatewayProxyEventV2, APIGatewayProxyHandlerV2, Context } from 'aws-lambda'
import * as fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

interface Call {
  event: APIGatewayProxyEventV2
  context: Context
}
interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

const started: Gateway[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.close(0)))
})

/** Starts a gateway with one catch-all function that records its calls and returns `answer`. */
async function gatewayAnswering(answer: unknown, routes?: Omit<GatewayRoute, 'handler' | 'function_name'>[]) {
  const calls: Call[] = []
  const reports: GatewayReport[] = []
  const handler: LambdaHandler<APIGatewayProxyEventV2> = async (event, context) => {
    calls.push({ event, context })
    return typeof answer === 'function' ? await (answer as () => unknown)() : answer
  }
  const gateway = await startGateway({
    port: 0,
    routes: (routes ?? [{ method: 'ANY', path: '/{proxy+}' }]).map((route) => ({
      ...route,
      handler,
      function_name: 'echo',
    })),
    default_timeout_ms: 2_000,
    onResponse: (report) => reports.push(report),
  })
  started.push(gateway)
  return { gateway, calls, reports }
}

/** Sends one request as is, without the changes that `fetch` makes. */
function send(
  gateway: Gateway,
  target: string,
  options: { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer; agent?: Agent } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: gateway.port,
        path: target,
        method: options.method ?? 'GET',
        headers: options.headers,
        agent: options.agent ?? false,
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    request.on('error', reject)
    request.end(options.body)
  })
}

describe('events', () => {
  test('an event has payload format 2.0 with route key, path, query, headers, caller and time', async () => {
    const { gateway, calls } = await gatewayAnswering({ ok: true }, [{ method: 'GET', path: '/leads/{id}' }])
    const before = Date.now()
    await send(gateway, '/leads/42?country=DE&limit=5', { headers: { 'User-Agent': 'tester/1', 'X-Thing': 'A' } })
    const event = calls[0]?.event
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /leads/{id}',
      rawPath: '/leads/42',
      rawQueryString: 'country=DE&limit=5',
      queryStringParameters: { country: 'DE', limit: '5' },
      pathParameters: { id: '42' },
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        domainName: '127.0.0.1',
        http: {
          method: 'GET',
          path: '/leads/42',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'tester/1',
        },
        routeKey: 'GET /leads/{id}',
        stage: '$default',
      },
    })
    expect(event?.headers).toMatchObject({
      host: `127.0.0.1:${gateway.port}`,
      'user-agent': 'tester/1',
      'x-thing': 'A',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-port': String(gateway.port),
      'x-forwarded-proto': 'http',
    })
    expect(event?.headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/)
    expect(event?.requestContext.requestId).toMatch(/^[A-Za-z0-9+/]{15}=$/)
    expect(event?.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/)
    expect(event?.requestContext.timeEpoch).toBeGreaterThanOrEqual(before)
    expect(event?.requestContext.timeEpoch).toBeLessThanOrEqual(Date.now())
  })

  test('empty fields are omitted from the event', async () => {
    const { gateway, calls } = await gatewayAnswering('ok', [{ method: 'GET', path: '/health' }])
    await send(gateway, '/health')
    expect(calls[0]?.event.rawQueryString).toBe('')
    for (const field of ['body', 'cookies', 'queryStringParameters', 'pathParameters', 'stageVariables']) {
      expect(calls[0]?.event).not.toHaveProperty(field)
    }
  })

  test('header names are lower-cased and duplicates joined by a comma', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x', { headers: { 'X-Many': ['one', 'two'], Connection: 'close' } })
    expect(calls[0]?.event.headers['x-many']).toBe('one,two')
    expect(calls[0]?.event.headers).not.toHaveProperty('connection')
  })

  test('an earlier x-forwarded-for address stays first', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x', { headers: { 'X-Forwarded-For': '203.0.113.9' } })
    expect(calls[0]?.event.headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1')
  })

  test('cookies are in a separate list and not among the headers', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x', { headers: { Cookie: 'a=1; b=2' } })
    expect(calls[0]?.event.cookies).toEqual(['a=1', 'b=2'])
    expect(calls[0]?.event.headers).not.toHaveProperty('cookie')
  })

  test('query parameters are decoded, duplicates joined by a comma; the raw query stays as sent', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x?tag=a%20b&tag=c&plus=1+2&empty=&flag')
    expect(calls[0]?.event.rawQueryString).toBe('tag=a%20b&tag=c&plus=1+2&empty=&flag')
    expect(calls[0]?.event.queryStringParameters).toEqual({ tag: 'a b,c', plus: '1 2', empty: '', flag: '' })
  })

  test('path and path parameters arrive decoded', async () => {
    const { gateway, calls } = await gatewayAnswering('ok', [{ method: 'GET', path: '/companies/{name}' }])
    await send(gateway, '/companies/M%C3%BCller%20%26%20Co')
    expect(calls[0]?.event.pathParameters).toEqual({ name: 'Müller & Co' })
    expect(calls[0]?.event.rawPath).toBe('/companies/Müller & Co')
  })

  test('invalid percent-encoding is answered with 400', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    const answer = await send(gateway, '/%E0%A4%A')
    expect(answer).toMatchObject({ status: 400, body: '{"message":"Bad Request"}' })
    expect(calls).toEqual([])
  })

  test.each([
    'text/plain',
    'text/csv; charset=utf-8',
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/xml',
    'application/javascript',
  ])('a body of type %s arrives as text', async (type) => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x', { method: 'POST', headers: { 'Content-Type': type }, body: '{"name":"Zoë"}' })
    expect(calls[0]?.event).toMatchObject({ body: '{"name":"Zoë"}', isBase64Encoded: false })
  })

  test.each([
    'application/octet-stream',
    'image/png',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/vnd.api+json',
    undefined,
  ])('a body of type %s arrives as base64', async (type) => {
    const { gateway, calls } = await gatewayAnswering('ok')
    const body = Buffer.from([0, 255, 1, 254])
    await send(gateway, '/x', { method: 'POST', headers: type ? { 'Content-Type': type } : {}, body })
    expect(calls[0]?.event).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true })
  })

  test('the context of the function reports the remaining time', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x')
    const context = calls[0]?.context
    expect(context).toMatchObject({
      functionName: 'echo',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
    })
    expect(context?.awsRequestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(context?.getRemainingTimeInMillis()).toBeLessThanOrEqual(2_000)
  })
})

describe('hostile requests', () => {
  test('names such as constructor and __proto__ are ordinary names', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    await send(gateway, '/x?constructor=1&__proto__=2', { headers: { constructor: '3', toString: '4' } })
    const event = calls[0]?.event
    expect(Object.entries(event?.queryStringParameters ?? {})).toEqual([
      ['constructor', '1'],
      ['__proto__', '2'],
    ])
    expect(Object.entries(event?.headers ?? {})).toEqual(
      expect.arrayContaining([
        ['constructor', '3'],
        ['tostring', '4'],
      ]),
    )
  })

  // A slash or question mark in a path separates even if encoded; a lone surrogate cannot be encoded.
  const segment = fc
    .string({ unit: 'grapheme', minLength: 1 })
    .filter((text) => !/[/?]/.test(text) && !/^\.{1,2}$/.test(text))

  test('any path variable and query parameters arrive as before encoding', async () => {
    const { gateway, calls } = await gatewayAnswering('ok', [{ method: 'GET', path: '/leads/{id}' }])
    const parameters = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
    await fc.assert(
      fc.asyncProperty(segment, parameters, async (id, query) => {
        calls.length = 0
        const answer = await send(gateway, `/leads/${encodeURIComponent(id)}?${new URLSearchParams(query)}`)
        expect(answer.status).toBe(200)
        expect(calls[0]?.event.pathParameters).toEqual({ id })
        expect(Object.entries(calls[0]?.event.queryStringParameters ?? {})).toEqual(Object.entries(query))
      }),
      { numRuns: 150 },
    )
  })

  test('any target, header and body is answered without a failure of the gateway', async () => {
    const { gateway } = await gatewayAnswering({ statusCode: 204 })
    const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) })
    await fc.assert(
      fc.asyncProperty(visible, visible, fc.uint8Array(), async (target, header, body) => {
        const headers = { 'content-type': header, cookie: header, 'x-forwarded-for': header }
        const answer = await send(gateway, `/${target}`, { method: 'POST', headers, body: Buffer.from(body) })
        expect([204, 400, 404]).toContain(answer.status)
      }),
      { numRuns: 150 },
    )
  })
})

describe('responses', () => {
  test('an object without statusCode becomes 200 and JSON', async () => {
    const { gateway } = await gatewayAnswering({ message: 'hello' })
    const answer = await send(gateway, '/x')
    expect(answer).toMatchObject({ status: 200, body: '{"message":"hello"}' })
    expect(answer.headers['content-type']).toBe('application/json')
  })

  test('a string is sent as is with the JSON content type', async () => {
    const { gateway } = await gatewayAnswering('hello')
    const answer = await send(gateway, '/x')
    expect(answer).toMatchObject({ status: 200, body: 'hello' })
    expect(answer.headers['content-type']).toBe('application/json')
  })

  test.each([
    ['nothing', undefined, 'null'],
    ['a list', [1, 2], '[1,2]'],
    ['a number', 7, '7'],
    ['a date inside', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ])('%s becomes 200 and JSON', async (_name, value, body) => {
    const { gateway } = await gatewayAnswering(value)
    expect(await send(gateway, '/x')).toMatchObject({ status: 200, body })
  })

  test('a structured response sets status, headers and body', async () => {
    const { gateway } = await gatewayAnswering({
      statusCode: 201,
      headers: { Location: '/leads/1', 'Content-Type': 'application/problem+json', 'X-Count': 3, 'X-Flag': true },
      body: '{"id":1}',
    })
    const answer = await send(gateway, '/x', { method: 'POST' })
    expect(answer).toMatchObject({ status: 201, body: '{"id":1}' })
    expect(answer.headers).toMatchObject({
      location: '/leads/1',
      'content-type': 'application/problem+json',
      'x-count': '3',
      'x-flag': 'true',
      'content-length': '8',
    })
    expect(answer.headers['apigw-requestid']).toMatch(/^[A-Za-z0-9+/]{15}=$/)
  })

  test('a structured response without a content type is plain text', async () => {
    const { gateway } = await gatewayAnswering({ statusCode: 200, body: 'hi' })
    expect((await send(gateway, '/x')).headers['content-type']).toBe('text/plain; charset=utf-8')
  })

  test('cookies become one set-cookie header each', async () => {
    const { gateway } = await gatewayAnswering({ statusCode: 200, cookies: ['a=1; Path=/', 'b=2'] })
    expect((await send(gateway, '/x')).headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2'])
  })

  test('letters beyond ASCII arrive as they are in headers and in the body', async () => {
    const { gateway } = await gatewayAnswering({ statusCode: 200, headers: { 'x-name': 'Zoë' }, body: 'Zoë 日本' })
    const { headers, body } = await send(gateway, '/x')
    expect(headers).toMatchObject({ 'x-name': 'Zoë', 'content-length': '11' })
    expect(body).toBe('Zoë 日本')
  })

  test('a base64 body is decoded', async () => {
    const { gateway } = await gatewayAnswering({
      statusCode: 200,
      headers: { 'content-type': 'text/csv' },
      body: Buffer.from('a;ü').toString('base64'),
      isBase64Encoded: true,
    })
    const answer = await send(gateway, '/x')
    expect(answer.body).toBe('a;ü')
    expect(answer.headers['content-length']).toBe('4')
  })

  test('a 204 has neither body nor length', async () => {
    const { gateway } = await gatewayAnswering({ statusCode: 204 })
    const answer = await send(gateway, '/x', { method: 'DELETE' })
    expect(answer).toMatchObject({ status: 204, body: '' })
    expect(answer.headers).not.toHaveProperty('content-length')
  })

  test('HEAD gets the headers without the body', async () => {
    const { gateway, calls } = await gatewayAnswering({ statusCode: 200, body: 'four' })
    const answer = await send(gateway, '/x', { method: 'HEAD' })
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect(answer.headers['content-length']).toBe('4')
    expect(calls[0]?.event.requestContext.http.method).toBe('HEAD')
  })

  test.each([
    ['a body that is not a string', { statusCode: 200, body: { a: 1 } }],
    ['a status that is not a number', { statusCode: 'fine', body: '' }],
    ['a status out of range', { statusCode: 99, body: '' }],
    ['cookies that are not a list', { statusCode: 200, cookies: 'a=1' }],
    ['headers that are not an object', { statusCode: 200, headers: 'x' }],
    ['a header that HTTP forbids', { statusCode: 200, headers: { 'x-bad': 'a\nb' } }],
  ])('%s is an internal server error', async (_name, answer) => {
    const { gateway } = await gatewayAnswering(answer)
    expect(await send(gateway, '/x')).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' })
  })
})

describe('failures', () => {
  test('a request without a route is answered with 404', async () => {
    const { gateway, reports } = await gatewayAnswering('ok', [{ method: 'GET', path: '/leads' }])
    expect(await send(gateway, '/nothing')).toMatchObject({ status: 404, body: '{"message":"Not Found"}' })
    expect(await send(gateway, '/leads', { method: 'DELETE' })).toMatchObject({ status: 404 })
    expect(reports.map((report) => report.route_key)).toEqual([undefined, undefined])
  })

  test('a function that throws is answered with 500 without the reason', async () => {
    const { gateway, reports } = await gatewayAnswering(() => {
      throw new TypeError('secret detail')
    })
    expect(await send(gateway, '/x')).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' })
    expect(reports[0]?.error).toMatchObject({ errorType: 'TypeError', errorMessage: 'secret detail' })
  })

  test('a handler with a callback is rejected, as in nodejs24.x', async () => {
    const old: APIGatewayProxyHandlerV2 = (_event, _context, callback) => callback(null, 'ok')
    const reports: GatewayReport[] = []
    const gateway = await startGateway({
      port: 0,
      routes: [{ method: 'GET', path: '/old', handler: old, function_name: 'old' }],
      onResponse: (report) => reports.push(report),
    })
    started.push(gateway)
    expect(await send(gateway, '/old')).toMatchObject({ status: 500 })
    expect(reports[0]?.error?.errorType).toBe('Runtime.CallbackHandlerDeprecated')
  })

  test('a function that takes longer than the integration timeout is answered with 503', async () => {
    const forever = new Promise(() => undefined)
    const gateway = await startGateway({
      port: 0,
      routes: [{ method: 'GET', path: '/slow', handler: () => forever, function_name: 'slow', timeout_ms: 60_000 }],
      default_timeout_ms: 50,
    })
    started.push(gateway)
    expect(await send(gateway, '/slow')).toMatchObject({ status: 503, body: '{"message":"Service Unavailable"}' })
  })

  test('a function with the same timeout as the integration is answered with 503', async () => {
    const forever = new Promise(() => undefined)
    const gateway = await startGateway({
      port: 0,
      routes: [{ method: 'GET', path: '/slow', handler: () => forever, function_name: 'slow' }],
      default_timeout_ms: 50,
    })
    started.push(gateway)
    expect(await send(gateway, '/slow')).toMatchObject({ status: 503 })
  })

  test('a function that exceeds its shorter timeout is answered with 500', async () => {
    const forever = new Promise(() => undefined)
    const reports: GatewayReport[] = []
    const gateway = await startGateway({
      port: 0,
      routes: [{ method: 'GET', path: '/slow', handler: () => forever, function_name: 'slow', timeout_ms: 50 }],
      default_timeout_ms: 10_000,
      onResponse: (report) => reports.push(report),
    })
    started.push(gateway)
    expect(await send(gateway, '/slow')).toMatchObject({ status: 500 })
    expect(reports[0]?.error).toMatchObject({ errorType: 'Sandbox.Timedout' })
    expect(reports[0]?.error?.errorMessage).toContain('Task timed out after 0.05 seconds')
  })

  test('a body above 10 MB is answered with 413, and the function is not called', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, 'a')
    const answer = await send(gateway, '/x', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body })
    expect(answer).toMatchObject({ status: 413, body: '{"message":"Request Entity Too Large"}' })
    expect(calls).toEqual([])
  })

  test('a body above the 6 MB of Lambda is answered with 413', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    const body = Buffer.alloc(7 * 1024 * 1024, 'a')
    const answer = await send(gateway, '/x', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body })
    expect(answer.status).toBe(413)
    expect(calls).toEqual([])
  })

  test('a response above 6 MB is answered with 500', async () => {
    const { gateway, reports } = await gatewayAnswering({ statusCode: 200, body: 'a'.repeat(6_291_556) })
    expect(await send(gateway, '/x')).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' })
    expect(reports[0]?.error?.errorType).toBe('Function.ResponseSizeTooLarge')
  })

  test('headers above 10,240 bytes are answered with 431', async () => {
    const { gateway, calls } = await gatewayAnswering('ok')
    expect(await send(gateway, '/x', { headers: { 'X-Long': 'a'.repeat(11_000) } })).toMatchObject({ status: 431 })
    expect(calls).toEqual([])
  })
})

test('close lets a running request finish and accepts no new ones', async () => {
  const release = Promise.withResolvers<string>()
  const entered = Promise.withResolvers<void>()
  const { gateway } = await gatewayAnswering(() => {
    entered.resolve()
    return release.promise
  })
  const running = send(gateway, '/x')
  await entered.promise
  const closing = gateway.close(10_000)
  await expect(send(gateway, '/y')).rejects.toThrow('ECONNREFUSED')
  release.resolve('finished')
  expect(await running).toMatchObject({ status: 200, body: 'finished' })
  await closing
})

test('close does not wait for connections that clients keep open', async () => {
  const release = Promise.withResolvers<string>()
  const entered = Promise.withResolvers<void>()
  const { gateway } = await gatewayAnswering(() => {
    entered.resolve()
    return release.promise
  })
  const agent = new Agent({ keepAlive: true })
  const running = send(gateway, '/x', { agent })
  await entered.promise
  const started_ms = Date.now()
  const closing = gateway.close(60_000)
  release.resolve('finished')
  expect(await running).toMatchObject({ status: 200 })
  await closing
  expect(Date.now() - started_ms).toBeLessThan(30_000)
  agent.destroy()
})

test('close ends requests that do not finish within the grace period', async () => {
  const entered = Promise.withResolvers<void>()
  const { gateway } = await gatewayAnswering(() => {
    entered.resolve()
    return new Promise(() => undefined)
  })
  const running = send(gateway, '/x').catch((error: Error) => error)
  await entered.promise
  await gateway.close(20)
  expect(await running).toBeInstanceOf(Error)
})
