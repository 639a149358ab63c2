import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * What the documentation is made of. A bundle of the function has it beside it, made when it was built (see
 * write-assets.ts): so the function carries neither the other functions nor a database driver to describe them.
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
  // By a name that bundlers do not follow.
  const module_path = './write-assets.ts'
  const assets = (await import(module_path)) as typeof import('./write-assets.ts')
  return assets.buildOpenApiText()
}

/** A file of Swagger UI. */
export function swaggerFile(name: string): Promise<Buffer> {
  const directory = isBundled
    ? bundled
    : dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  return readFile(join(directory, name))
}
