import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { replayOperations } from './operations/replay.ts'
import { syncActions } from './operations/sync-actions.ts'

export const handler = serve('sync-actions', [...syncActions, ...replayOperations], guard)
