/** The code of a query whose connection was closed because no one waits for its answer any more. */
export const CONNECTION_ABANDONED = 'CONNECTION_ABANDONED'

/** Codes by which the drivers and Node say that the connection, not the statement, is at fault. */
export const connectionErrorCodes: ReadonlySet<string> = new Set([
  CONNECTION_ABANDONED,
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
])
