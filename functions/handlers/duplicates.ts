import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { duplicateOperations } from '../operations/duplicates.ts'

export const handler = serve('duplicates', duplicateOperations, guard)
