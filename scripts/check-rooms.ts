import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Part of `npm run check`: every folder of packages/core/src and functions needs an entry in biome.json that states what
 * it may import. Without it a new folder would have no rule, and no one would notice.
 */

interface BiomeConfig {
  overrides?: { includes?: string[]; linter?: { rules?: { style?: { noRestrictedImports?: unknown } } } }[]
}

const root = fileURLToPath(new URL('../', import.meta.url))
const { overrides = [] } = JSON.parse(readFileSync(`${root}biome.json`, 'utf8')) as BiomeConfig
const ruled = new Set(
  overrides.flatMap(({ includes = [], linter }) => (linter?.rules?.style?.noRestrictedImports ? includes : [])),
)

const foldersOf = (parent: string): string[] =>
  readdirSync(`${root}${parent}`, { withFileTypes: true })
    // A folder without files is what a checkout of another commit leaves behind.
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .filter(({ name }) => readdirSync(`${root}${parent}/${name}`).length > 0)
    .map(({ name }) => `${parent}/${name}`)

// The handlers are the top: they may import all of functions/.
const missing = [...foldersOf('packages/core/src'), ...foldersOf('functions')]
  .filter((folder) => folder !== 'functions/handlers')
  .filter((folder) => !ruled.has(`${folder}/**`))

for (const folder of missing)
  console.error(
    `${folder} has no import rule. Add it to the overrides of biome.json, with its rank in docs/architecture.md.`,
  )
if (missing.length > 0) process.exitCode = 1
