import { readFile } from 'node:fs/promises'
import { createProgram } from '@leads/cli/program'
import { buildOpenApiDocument } from '@leads/functions/openapi/document'
import { generateTypes } from '@leads/functions/openapi/generate-types'
import { operations } from '@leads/functions/routes'
import { renderReference } from './cli-reference.ts'
import { renderConfiguration } from './configuration.ts'
import { mappingTables } from './mapping-tables.ts'
import { renderPresetIndex } from './preset-index.ts'

export const root = new URL('../../', import.meta.url)

/** The generated files that need no server, by path. Code is formatted when it is written. */
export const generatedTexts: Readonly<Record<string, () => Promise<string>>> = {
  'packages/core/src/mapping/presets/index.ts': renderPresetIndex,
  'docs/cli.md': async () => renderReference(await createProgram()),
  'docs/configuration.md': async () => renderConfiguration(),
  'docs/mapping.md': async () => fillTables(await readFile(new URL('docs/mapping.md', root), 'utf8')),
  'functions/openapi/paths.ts': async () => generateTypes(buildOpenApiDocument(operations) as never),
}

/** Replaces the text between `<!-- generated: NAME -->` and `<!-- end of generated -->`. */
async function fillTables(page: string): Promise<string> {
  let text = page
  for (const [name, render] of Object.entries(mappingTables)) {
    const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- end of generated -->)`)
    if (!pattern.test(text)) throw new Error(`docs/mapping.md has no part "<!-- generated: ${name} -->".`)
    const table = await render()
    text = text.replace(pattern, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`)
  }
  return text
}
