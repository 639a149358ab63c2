import { createLogger } from '@leads/core/log'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { chooseEncoding, matchesEtag } from '../http/build-response.ts'
import { type ConsoleFile, readConsoleAsset, readConsolePage } from '../runtime/console-files.ts'

/**
 * The console's files under /console/, and the way to them from `/`. Assets have a hash in their names and never change;
 * every other address below /console is the page, which reads the address itself. Not operations of the API.
 */

const ASSETS = '/console/assets/'

/** The page runs its own scripts and calls only this API. Text from elsewhere can never become code. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The one script that is not in the page: the worker that reads a file to import.
  'trusted-types file-worker',
].join('; ')

const PERMISSIONS_POLICY =
  'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), ' +
  'midi=(), payment=(), publickey-credentials-get=(), usb=(), clipboard-write=(self)'

const securityHeaders = {
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
}

type Response = APIGatewayProxyStructuredResultV2

const log = createLogger('console')

export async function handler(event: APIGatewayProxyEventV2): Promise<Response> {
  const { method, path } = event.requestContext.http
  const request_id = event.requestContext.requestId
  if (path === '/')
    return { statusCode: 302, headers: { ...securityHeaders, location: '/console', 'cache-control': 'no-store' } }
  const encoding = chooseEncoding(event.headers['accept-encoding'])
  if (path.startsWith(ASSETS)) {
    const asset = await readConsoleAsset(path.slice(ASSETS.length), encoding)
    if (!asset) return respondNotFound(request_id, 'The console has no such file.')
    return respondFile(event, asset, { 'cache-control': 'public, max-age=31536000, immutable' })
  }
  if (!acceptsHtml(event.headers.accept)) return respondNotFound(request_id, 'The console has no such file.')
  const page = await readConsolePage(encoding)
  if (!page) return respondNotFound(request_id, 'The console has not been built: run `npm run build`.')
  log.info('The console was opened', { request_id, method })
  return respondFile(event, page, {
    'cache-control': 'no-cache',
    'content-security-policy': PAGE_POLICY,
    'permissions-policy': PERMISSIONS_POLICY,
  })
}

const acceptsHtml = (accept: string | undefined): boolean => !accept || /text\/html|\*\/\*/.test(accept)

function respondFile(event: APIGatewayProxyEventV2, file: ConsoleFile, headers: Record<string, string>): Response {
  const all = {
    ...securityHeaders,
    ...headers,
    etag: file.etag,
    vary: 'accept-encoding',
    'content-type': file.content_type,
    ...(file.encoding && { 'content-encoding': file.encoding }),
  }
  const wanted = event.headers['if-none-match']
  if (wanted && matchesEtag(wanted, file.etag)) return { statusCode: 304, headers: all, body: '' }
  if (event.requestContext.http.method === 'HEAD') return { statusCode: 200, headers: all, body: '' }
  return { statusCode: 200, headers: all, body: file.body.toString('base64'), isBase64Encoded: true }
}

function respondNotFound(request_id: string, detail: string): Response {
  const problem = {
    type: 'urn:leads:problem:not_found',
    code: 'not_found',
    status: 404,
    title: 'There is nothing here',
    detail,
    request_id,
  }
  return {
    statusCode: 404,
    headers: { ...securityHeaders, 'cache-control': 'no-store', 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem),
  }
}
