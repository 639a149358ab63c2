import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { statsOperations } from './operations/stats.ts'

export const handler = serve('stats', statsOperations, guard)
