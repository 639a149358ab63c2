import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The content of the documentation. The build puts it next to the function's bundle (see write-assets.ts), so that the
 * bundle contains neither the other functions nor a database driver.
 */
const bundled = fileURLToPath(new URL('./docs-assets/', import.meta.url))
const isBundled = existsSync(bundled)

let document: Promise<string> | undefined

/** Returns the OpenAPI document as JSON text; read or generated at the first request. */
export function openApiText(): Promise<string> {
  document ??= loadDocument()
  return document
}

async function loadDocument(): Promise<string> {
  if (isBundled) return readFile(join(bundled, 'openapi.json'), 'utf8')
  // Through a variable, so that bundlers do not follow the import.
  const module_path = './write-assets.ts'
  const assets = (await import(module_path)) as typeof import('./write-assets.ts')
  return assets.buildOpenApiText()
}

/** Reads a file of Swagger UI. */
export function swaggerFile(name: string): Promise<Buffer> {
  const directory = isBundled
    ? bundled
    : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  return readFile(join(directory, name))
}
