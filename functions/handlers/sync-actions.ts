import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { replayOperations } from '../operations/replay.ts'
import { syncActions } from '../operations/sync-actions.ts'

export const handler = serve('sync-actions', [...syncActions, ...replayOperations], guard)
