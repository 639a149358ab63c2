import { afterAll, describe, expect, test } from 'vitest'
import type { Stack } from './synthesize.ts'
import { closeSynthesizer } from './synthesizer.ts'
import { stackOf } from './variants.ts'

afterAll(closeSynthesizer)

/** What changes without the infrastructure changing: the code in the bundles, the SQL of the migrations. */
const passing: [RegExp, string][] = [
  // SST ends names with random letters.
  [/(sales-leads-[\w-]+)-[a-z]{8}(?=["/\\])/g, '$1-<random>'],
  [/-code-[0-9a-f]{64}\.zip/g, '-code-<hash>.zip'],
  [/"[0-9a-f]{64}"/g, '"<hash>"'],
  [/"triggers":\{"database":"[0-9a-f]{12}"/g, '"triggers":{"database":"<hash>"'],
]

/** Resources by type and name, with their inputs: what a reviewer wants to see change. */
function readable({ resources }: Stack): string {
  const lines = resources
    .filter(({ type }) => !/^(pulumi:|sst:)/.test(type))
    .map(({ type, name, stored }) => {
      const inputs = passing.reduce(
        (text, [pattern, mask]) => text.replace(pattern, mask),
        JSON.stringify(sorted(stored)),
      )
      return `${type} ${name}\n${JSON.stringify(JSON.parse(inputs), null, 2)}`
    })
  return `${lines.sort().join('\n\n')}\n`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  if ('__pulumiArchive' in value) return '<bundle>'
  const entries = Object.entries(value).filter(([key]) => !key.startsWith('4dabf181'))
  if (entries.length < Object.keys(value).length) return '<secret>'
  return Object.fromEntries(
    entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, each]) => [key, sorted(each)]),
  )
}

describe('The resources are those that were reviewed', () => {
  test.each(['dev', 'production', 'production-postgres', 'production-aurora', 'options'] as const)(
    '%s',
    async (variant) => {
      // After a change that is meant: `npm run infra:check -- --update`, and look at the difference.
      await expect(readable(await stackOf(variant))).toMatchFileSnapshot(`snapshots/${variant}.txt`)
    },
  )
})
