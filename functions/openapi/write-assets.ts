import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { operations } from '../routes.ts'
import { SWAGGER_FILES } from './docs-page.ts'
import { buildOpenApiDocument } from './document.ts'

export const buildOpenApiText = (): string => JSON.stringify(buildOpenApiDocument(operations))

/** Writes the document and the page's files to `docs-assets` next to the bundle of the docs function. */
export async function writeDocsAssets(bundle_directory: string): Promise<void> {
  const directory = join(bundle_directory, 'docs-assets')
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'openapi.json'), buildOpenApiText())
  const swagger = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  for (const name of SWAGGER_FILES) await copyFile(join(swagger, name), join(directory, name))
}
