import {
  ApiKeyView,
  apiKeyListDefinition,
  createApiKey,
  getApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from '@leads/core/api-keys/api-keys'
import { Scope } from '@leads/core/model/api-key'
import { Timestamp } from '@leads/core/model/fields'
import { lazily } from '@leads/core/model/lazily'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { IdParam, listQuery, listResponse, rowResponse, toListInput } from '../http/schemas.ts'
import { PRODUCT_VERSION } from '../http/version.ts'

const params = lazily(() => z.object({ id: IdParam() }))

const Future = lazily(() =>
  Timestamp()
    .refine((text) => /^[2-8]\d{3}-/.test(text) && Date.parse(text) > Date.now(), {
      error: 'a future time before the year 9000',
    })
    .nullable(),
)

const NewApiKey = lazily(() =>
  z
    .object({
      name: z
        .string()
        .trim()
        .min(1)
        .max(255)
        .meta({ description: 'Its user; recorded as the author in audit columns and events.' }),
      scopes: z
        .array(Scope())
        .min(1)
        .max(3)
        .meta({ description: '`admin` includes `write`, `write` includes `read`.' }),
      expires_at: Future().optional(),
    })
    .strict(),
)

const Rotation = lazily(() =>
  z
    .object({
      grace_s: z
        .int()
        .min(0)
        .max(30 * 86_400)
        .optional()
        .meta({ description: 'Seconds for which the old key keeps working. Default: one day.' }),
      expires_at: Future().optional().meta({
        description: 'When the new key expires. Default: after the same lifetime as the old key.',
      }),
    })
    .strict(),
)

const CreatedApiKey = lazily(() =>
  z.object({
    api_key: ApiKeyView(),
    secret: z.string().meta({ description: 'The secret; returned only once.' }),
  }),
)

const keyExample = {
  id: 3,
  name: 'crm',
  key_prefix: 'lk_4fTz9aQ',
  scopes: ['write'],
  expires_at: null,
  revoked_at: null,
  rotated_at: null,
  last_used_at: '2026-03-02T07:38:32.674Z',
  created_at: '2026-03-01T10:00:00.000Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  created_by: 'admin',
  updated_by: 'admin',
} as const
const createdExample = { api_key: keyExample, secret: 'lk_4fTz9aQ…' }

const dateOf = (text: string | null | undefined): Date | null => (text ? new Date(text) : null)

const CurrentKey = lazily(() =>
  ApiKeyView()
    .pick({ name: true, key_prefix: true, scopes: true, expires_at: true })
    .extend({ product_version: z.string() })
    .meta({ id: 'CurrentKey' }),
)

export const apiKeyOperations: readonly Operation[] = [
  defineOperation('api-keys', {
    method: 'GET',
    path: '/me',
    operation_id: 'getMe',
    tag: 'API keys',
    summary: 'Get the API key of this request',
    description: 'Returns the name, scopes and expiry of the key, and the version of the service. Works with any key.',
    scope: 'read',
    get answers() {
      const { name, key_prefix, scopes, expires_at } = keyExample
      const example = { name, key_prefix, scopes, expires_at, product_version: PRODUCT_VERSION }
      return { 200: { ...rowResponse(CurrentKey(), 'The key.'), example } }
    },
    async handle(call) {
      const { name, key_prefix, scopes, expires_at } = await getApiKey(call.db, call.identity.api_key_id)
      return { status: 200, body: { name, key_prefix, scopes, expires_at, product_version: PRODUCT_VERSION } }
    },
  }),

  defineOperation('api-keys', {
    method: 'GET',
    path: '/api-keys',
    operation_id: 'listApiKeys',
    tag: 'API keys',
    summary: 'List API keys',
    scope: 'admin',
    get query() {
      return listQuery(apiKeyListDefinition)
    },
    get answers() {
      return {
        200: { ...listResponse(ApiKeyView(), 'A page of keys.'), example: { data: [keyExample], next_cursor: null } },
      }
    },
    errors: ['invalid_cursor', 'unknown_parameter'],
    async handle(call) {
      return { status: 200, body: await listApiKeys(call.db, toListInput(call, apiKeyListDefinition, [])) }
    },
  }),

  defineOperation('api-keys', {
    method: 'POST',
    path: '/api-keys',
    operation_id: 'createApiKey',
    tag: 'API keys',
    summary: 'Create an API key',
    description: 'Returns the secret, which is shown only once. Does not accept an Idempotency-Key.',
    scope: 'admin',
    get body() {
      return NewApiKey()
    },
    is_response_secret: true,
    example: { name: 'crm', scopes: ['write'] },
    get answers() {
      return {
        201: { ...rowResponse(CreatedApiKey(), 'The key.', { location: 'Its URL.' }), example: createdExample },
      }
    },
    async handle(call) {
      const { name, scopes, expires_at } = call.body
      const created = await createApiKey(call.db, { name, scopes, expires_at: dateOf(expires_at) }, call.identity.name)
      return { status: 201, body: created, headers: { location: `/api-keys/${created.api_key.id}` } }
    },
  }),

  defineOperation('api-keys', {
    method: 'GET',
    path: '/api-keys/{id}',
    operation_id: 'getApiKey',
    tag: 'API keys',
    summary: 'Get an API key',
    scope: 'admin',
    get params() {
      return params()
    },
    get answers() {
      return { 200: { ...rowResponse(ApiKeyView(), 'The key, without its secret.'), example: keyExample } }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await getApiKey(call.db, call.params.id) }
    },
  }),

  defineOperation('api-keys', {
    method: 'DELETE',
    path: '/api-keys/{id}',
    operation_id: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'Revokes the key immediately and returns it. Its row stays, because events refer to it.',
    scope: 'admin',
    get params() {
      return params()
    },
    get answers() {
      return { 200: { ...rowResponse(ApiKeyView(), 'The key.'), example: keyExample } }
    },
    errors: ['not_found'],
    async handle(call) {
      return { status: 200, body: await revokeApiKey(call.db, call.params.id, call.identity.name) }
    },
  }),

  defineOperation('api-keys', {
    method: 'POST',
    path: '/api-keys/{id}/rotate',
    operation_id: 'rotateApiKey',
    tag: 'API keys',
    summary: 'Rotate an API key',
    description:
      'Returns a new key with the same name, scopes and lifetime. The old key keeps working for `grace_s` seconds. Returns 409 if the key is revoked, expired or already rotated.',
    scope: 'admin',
    get params() {
      return params()
    },
    get body() {
      return Rotation()
    },
    is_body_optional: true,
    is_response_secret: true,
    example: { grace_s: 3600 },
    get answers() {
      return {
        201: { ...rowResponse(CreatedApiKey(), 'The new key.', { location: 'Its URL.' }), example: createdExample },
      }
    },
    errors: ['not_found', 'conflict'],
    async handle(call) {
      const { grace_s = 86_400, expires_at } = call.body
      const input = { grace_s, ...(expires_at !== undefined && { expires_at: dateOf(expires_at) }) }
      const created = await rotateApiKey(call.db, call.params.id, input, call.identity.name)
      return { status: 201, body: created, headers: { location: `/api-keys/${created.api_key.id}` } }
    },
  }),
]
