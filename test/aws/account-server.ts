import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'

/** An error as AWS answers it. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** One request, decoded from the protocol of its service. */
export interface AwsRequest {
  /** `sts.GetCallerIdentity`: the service that the signature names, and the action. */
  action: string
  region: string
  /** Members of the input: of JSON as they are, of forms and queries as text. */
  input: Readonly<Record<string, unknown>>
}

/** Answers of an account by action; text is the XML inside the result, everything else JSON. */
export type AwsAnswers = Record<string, (input: AwsRequest['input'], region: string) => string | object>

export interface AwsAccountServer {
  /** What the SDK reads: the endpoint of all services, keys and a region. */
  env: Record<string, string>
  answers: AwsAnswers
  /** Actions in the order of their requests. */
  requested: string[]
  close(): Promise<void>
}

/** REST services name the action by method and path. */
const paths: [pattern: RegExp, action: string][] = [
  [/^GET \/2016-08-19\/account-settings/, 'GetAccountSettings'],
  [/^GET \/2024-08-31\/functions\/(?<FunctionName>[^/]+)\/recursion-config/, 'GetFunctionRecursionConfig'],
  [/^GET \/2015-03-31\/event-source-mappings/, 'ListEventSourceMappings'],
  [/^GET \/2013-04-01\/hostedzonesbyname/, 'ListHostedZonesByName'],
  [/^GET \/schedules\/(?<Name>[^/?]+)/, 'GetSchedule'],
]

/**
 * AWS's services for one account on one address, in the protocols that they really have: JSON with a target, forms with
 * XML answers (`query`, `ec2`), REST with JSON or XML. An unsigned request and an unknown action are refused, as there.
 */
export async function startAwsAccount(answers: AwsAnswers): Promise<AwsAccountServer> {
  const server = createServer((message, response) => {
    void readText(message).then((body) => answerRequest(account, message, body, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const account: AwsAccountServer = {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIAINVENTED',
      AWS_SECRET_ACCESS_KEY: 'an-invented-secret',
      AWS_REGION: 'eu-central-1',
    },
    answers,
    requested: [],
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return account
}

function answerRequest(account: AwsAccountServer, message: IncomingMessage, body: string, response: ServerResponse) {
  const format = formatOf(message)
  try {
    const request = parseRequest(message, body)
    account.requested.push(request.action)
    const answer = account.answers[request.action]
    if (!answer) throw new AwsError('UnknownOperationException', `${request.action} is not answered`)
    const content = answer(request.input, request.region)
    response.setHeader('content-type', typeof content === 'string' ? 'text/xml' : format.type)
    response.end(typeof content === 'string' ? wrapXml(request.action, content) : JSON.stringify(content))
  } catch (error) {
    const { code = 'InternalFailure', message: reason, status = 500 } = error as AwsError
    response.statusCode = status
    response.setHeader('content-type', format.type)
    response.setHeader('x-amzn-errortype', code)
    response.end(format.error(code, reason))
  }
}

function parseRequest(message: IncomingMessage, body: string): AwsRequest {
  // AWS4-HMAC-SHA256 Credential=<key>/<day>/<region>/<service>/aws4_request, …
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/.exec(
    message.headers.authorization ?? '',
  )
  if (!scope) throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
  const [, region = '', service = ''] = scope
  const target = String(message.headers['x-amz-target'] ?? '')
  if (target !== '') {
    const input = JSON.parse(body || '{}') as AwsRequest['input']
    return { action: `${service}.${target.split('.').at(-1)}`, region, input }
  }
  if (message.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const { Action, ...input } = Object.fromEntries(new URLSearchParams(body))
    return { action: `${service}.${Action}`, region, input }
  }
  const url = new URL(message.url ?? '/', 'http://aws')
  for (const [pattern, action] of paths) {
    const found = pattern.exec(`${message.method} ${url.pathname}`)
    const input = { ...Object.fromEntries(url.searchParams), ...found?.groups }
    if (found) return { action: `${service}.${action}`, region, input }
  }
  throw new AwsError('UnknownOperationException', `${message.method} ${url.pathname} is not answered`, 404)
}

/** How a service writes its errors. */
function formatOf({ headers, url = '' }: IncomingMessage): { type: string; error(code: string, text: string): string } {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  if (!isForm && !url.startsWith('/2013-04-01/'))
    return {
      type: headers['content-type'] ?? 'application/json',
      error: (code, text) => JSON.stringify({ __type: code, message: text, Message: text }),
    }
  const details = (code: string, text: string) => `<Code>${code}</Code><Message>${text}</Message>`
  const isEc2 = /\/ec2\/aws4_request/.test(headers.authorization ?? '')
  return {
    type: 'text/xml',
    error: (code, text) =>
      isEc2
        ? `<Response><Errors><Error>${details(code, text)}</Error></Errors><RequestID>1</RequestID></Response>`
        : `<ErrorResponse><Error><Type>Sender</Type>${details(code, text)}</Error><RequestId>1</RequestId></ErrorResponse>`,
  }
}

/** `query` puts the result into an element of its own, EC2 and REST do not. */
function wrapXml(action: string, content: string): string {
  const [service, name] = action.split('.')
  const inner = service === 'ec2' || service === 'route53' ? content : `<${name}Result>${content}</${name}Result>`
  return `<?xml version="1.0"?><${name}Response>${inner}<requestId>1</requestId></${name}Response>`
}
