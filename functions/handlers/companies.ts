import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { companyOperations } from '../operations/companies.ts'

export const handler = serve('companies', companyOperations, guard)
