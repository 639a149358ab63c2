import { serve } from '../http/serve.ts'
import { docsOperations } from '../operations/docs.ts'

export const handler = serve('docs', docsOperations)
