import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { apiKeyOperations } from './operations/api-keys.ts'

export const handler = serve('api-keys', apiKeyOperations, guard)
