import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { statsOperations } from '../operations/stats.ts'
import { viewOperations } from '../operations/views.ts'

export const handler = serve('stats', [...statsOperations, ...viewOperations], guard)
