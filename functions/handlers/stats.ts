import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { statsOperations } from '../operations/stats.ts'

export const handler = serve('stats', statsOperations, guard)
