import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { feedLeads } from '../operations/lead-feeds.ts'
import { readLeads } from '../operations/read-leads.ts'
import { writeLeads } from '../operations/write-leads.ts'

export const handler = serve('leads', [...readLeads, ...feedLeads, ...writeLeads], guard)
