import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { syncOperations } from './operations/syncs.ts'

export const handler = serve('syncs', syncOperations, guard)
