import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { apiKeyOperations } from '../operations/api-keys.ts'

export const handler = serve('api-keys', apiKeyOperations, guard)
