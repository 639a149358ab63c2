import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { healthOperations } from './operations/health.ts'

export const handler = serve('health', healthOperations, guard)
