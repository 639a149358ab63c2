import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { feedLeads } from './operations/feed-leads.ts'
import { readLeads } from './operations/read-leads.ts'
import { writeLeads } from './operations/write-leads.ts'

export const handler = serve('leads', [...readLeads, ...feedLeads, ...writeLeads], guard)
