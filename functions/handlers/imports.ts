import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { importOperations } from '../operations/imports.ts'

export const handler = serve('imports', importOperations, guard)
