import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { jobOperations } from '../operations/jobs.ts'
import { leadFeedOperations } from '../operations/lead-feeds.ts'
import { leadReadOperations } from '../operations/read-leads.ts'
import { leadWriteOperations } from '../operations/write-leads.ts'

export const handler = serve(
  'leads',
  [...leadReadOperations, ...leadFeedOperations, ...leadWriteOperations, ...jobOperations],
  guard,
)
