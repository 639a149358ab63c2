import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { importOperations } from './operations/imports.ts'

export const handler = serve('imports', importOperations, guard)
