import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { importOperations } from './operations/imports.ts'
import { replayOperations } from './operations/replay.ts'

export const handler = serve('imports', [...importOperations, ...replayOperations], guard)
