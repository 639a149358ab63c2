import { serve } from './http.ts'
import { docsOperations } from './operations/docs.ts'

export const handler = serve('docs', docsOperations)
