import { serve } from './http.ts'
import { readLeads } from './operations/read-leads.ts'

export const handler = serve('leads', readLeads)
