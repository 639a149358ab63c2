import { serve } from '../http/serve.ts'
import { openApiText } from '../openapi/assets.ts'
import { docsFile, docsPageHtml } from '../openapi/docs-page.ts'
import { docsOperations } from '../operations/docs.ts'

export const handler = serve(
  'docs',
  docsOperations({ page_html: docsPageHtml, readDocument: openApiText, readFile: docsFile }),
)
