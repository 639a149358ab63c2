import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda'

/** Creates an event of an HTTP API (payload 2.0). `route` is its key, `GET /leads/{id}`. */
export function httpEvent(
  route: string,
  options: {
    headers?: Record<string, string>
    path_parameters?: Record<string, string>
    query?: Record<string, string>
    body?: unknown
  } = {},
): APIGatewayProxyEventV2 {
  const [method = '', template = ''] = route.split(' ')
  const path = template.replace(/\{(\w+)\}/g, (_match, name: string) => options.path_parameters?.[name] ?? '')
  return {
    version: '2.0',
    routeKey: route,
    rawPath: path,
    rawQueryString: new URLSearchParams(options.query).toString(),
    headers: { host: 'api.example.com', 'content-type': 'application/json', ...options.headers },
    ...(options.query && { queryStringParameters: options.query }),
    ...(options.path_parameters && { pathParameters: options.path_parameters }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      requestId: 'request=',
      routeKey: route,
      stage: '$default',
      timeEpoch: 0,
      time: '01/Jan/2026:00:00:00 +0000',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
    isBase64Encoded: false,
  }
}

/** Creates Lambda's event for messages of a queue. */
export function queueEvent(bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `message-${index}`,
      receiptHandle: `handle-${index}`,
      body,
      messageAttributes: {},
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '0',
        SenderId: 'sender',
        ApproximateFirstReceiveTimestamp: '0',
      },
      md5OfBody: '',
      eventSource: 'aws:sqs',
      awsRegion: 'us-east-1',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:sync-runs',
    })),
  }
}

/** Creates the event of EventBridge Scheduler as SST configures it. */
export const scheduleEvent = {}
