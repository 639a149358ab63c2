import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { syncOperations } from '../operations/syncs.ts'

export const handler = serve('syncs', syncOperations, guard)
