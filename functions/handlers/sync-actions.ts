import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { replayOperations } from '../operations/replay.ts'
import { serviceOperations } from '../operations/service.ts'
import { syncActionOperations } from '../operations/sync-actions.ts'

export const handler = serve(
  'sync-actions',
  [...syncActionOperations, ...replayOperations, ...serviceOperations],
  guard,
)
