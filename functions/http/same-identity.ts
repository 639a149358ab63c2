import type { ApiKeyIdentity } from '@leads/core/api-keys/authenticate'

/** Whether changes would be recorded under the same name, and allowed as before. */
export const isSameIdentity = (a: ApiKeyIdentity, b: ApiKeyIdentity): boolean =>
  a.api_key_id === b.api_key_id && a.name === b.name && `${a.scopes}` === `${b.scopes}`
