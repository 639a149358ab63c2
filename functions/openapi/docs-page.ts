import { openApiText, swaggerFile } from './assets.ts'
import { generateTypes } from './generate-types.ts'

/** The documentation page: Swagger UI from its npm package, served by this API so that it works offline. */
export const docsPageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leads API</title>
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

const start = `window.ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  filter: true,
  tryItOutEnabled: true,
  persistAuthorization: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null
})
`

const contentTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

export const SWAGGER_FILES = Object.keys(contentTypes)

/** Returns a file of the page, or the types for TypeScript clients; null for any other name. */
export async function docsFile(name: string): Promise<{ body: string | Uint8Array; content_type: string } | null> {
  if (name === 'paths.ts') {
    const types = generateTypes(JSON.parse(await openApiText()) as object)
    return { body: types, content_type: 'text/plain; charset=utf-8' }
  }
  if (name === 'start.js') return { body: start, content_type: 'text/javascript; charset=utf-8' }
  const content_type = Object.hasOwn(contentTypes, name) ? contentTypes[name] : undefined
  if (!content_type) return null
  const bytes = await swaggerFile(name)
  return { body: content_type === 'image/png' ? bytes : bytes.toString('utf8'), content_type }
}
