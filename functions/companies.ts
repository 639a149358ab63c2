import { guard } from './http/guard.ts'
import { serve } from './http.ts'
import { companyOperations } from './operations/companies.ts'

export const handler = serve('companies', companyOperations, guard)
