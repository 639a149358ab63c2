import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { healthOperations } from '../operations/health.ts'

export const handler = serve('health', healthOperations, guard)
