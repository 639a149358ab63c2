import type { ApiKeyIdentity } from '@leads/core/api-keys/authenticate'
import type { Db } from '@leads/core/database/engine'
import type { Scope } from '@leads/core/model/api-key'
import type { ProblemCode } from '@leads/core/problem'
import type * as z from 'zod'
import type { FunctionName } from '../runtime/manifest.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** A parsed, validated and authorized request. */
export interface OperationCall<Params = unknown, Query = unknown, Body = unknown> {
  params: Params
  query: Query
  body: Body
  /** By name in lower case. */
  headers: Readonly<Record<string, string | undefined>>
  identity: ApiKeyIdentity
  request_id: string
  db: Db
  /** Identifies the request and its Idempotency-Key; the same for each repetition. */
  idempotency_hash?: string
  /** Signs cursors. */
  cursor_secret: string
}

export interface OperationResponse {
  status: number
  /** Sent as JSON, unless it is a string or bytes. */
  body?: unknown
  headers?: Record<string, string>
  /** The answer tells of work that a replica may lack: until it has it, the primary answers the key. */
  shows_recent_work?: boolean
}

/** One of an operation's responses, for the documentation and the tests that compare responses with it. */
export interface ResponseSpec {
  description: string
  /** By content type; missing if the response has no body. */
  content?: Readonly<Record<string, z.ZodType>>
  example?: unknown
  headers?: Readonly<Record<string, string>>
}

/** A file as the body of a request. */
export interface FileBody {
  /** Media types, with an example of those that are texts. */
  types: Readonly<Record<string, string | undefined>>
  bytes_max: number
}

interface RouteBase {
  method: Method
  /** As API Gateway writes it: `/leads/{id}`. */
  path: string
  /** Methods of the same path that another function serves. Listed in responses to OPTIONS and in 405. */
  other_methods?: readonly Method[]
  operation_id: string
  tag: string
  summary: string
  description?: string
  /** The scope that the key needs; null: no key needed. */
  scope: Scope | null
  answers: Readonly<Record<number, ResponseSpec>>
  /** Errors in addition to those that every operation of its kind may return. */
  errors?: readonly ProblemCode[]
  /** Example of a request body. */
  example?: unknown
  body_bytes_max?: number
  is_body_optional?: boolean
  /** A read replica may serve it: see DATABASE_READ_URL. */
  has_replica_reads?: boolean
  /**
   * The operation commits its work in steps, and a repetition continues it. With an Idempotency-Key it then does not run
   * in one transaction, and a response of 202 (not finished) is not stored.
   */
  is_resumable?: boolean
  /**
   * The operation sends a message. With an Idempotency-Key it then does not run in a transaction, which would stay open
   * while another service answers.
   */
  sends_message?: boolean
  /**
   * All that the operation writes is one transaction of `call.db`. The key of a client that is known is then checked inside
   * of it, which saves a round trip.
   */
  has_one_transaction?: boolean
  /** The response contains a secret. It is not stored, so the operation rejects an Idempotency-Key. */
  is_response_secret?: boolean
  /** Media types of the body; `application/json` by default. */
  accepts?: readonly string[]
  /** The body may also be a file itself, with its options in the query. `parseBody` makes a body with `content` of it. */
  file_body?: FileBody
  /** Headers that the route understands, with what they do. */
  headers?: Readonly<Record<string, string>>
}

/** A row of the route table: everything that the gateway, the handler and the documentation know of an operation. */
export interface Operation extends RouteBase {
  function_name: FunctionName
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  handle(call: OperationCall): Promise<OperationResponse>
}

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/**
 * Types the handler by the schemas of its operation. Schemas are getters (`get query() { … }`), built at first use: a
 * request needs those of one operation, and only the documentation needs those of responses.
 */
export function defineOperation<
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  function_name: FunctionName,
  spec: RouteBase & {
    params?: Params
    query?: Query
    body?: Body
    handle(call: OperationCall<Output<Params>, Output<Query>, Output<Body>>): Promise<OperationResponse>
  },
): Operation {
  const operation = { function_name } as unknown as Operation
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(spec)))
    Object.defineProperty(operation, name, property.get ? lazyGetter(name, property.get) : property)
  return operation
}

/** A getter that replaces itself with its value. */
const lazyGetter = (name: string, make: () => unknown): PropertyDescriptor => ({
  enumerable: true,
  configurable: true,
  get() {
    const value = make()
    Object.defineProperty(this, name, { value, enumerable: true })
    return value
  },
})
