import { afterAll, describe, expect, test } from 'vitest'
import { describeDifferences, describeResources } from './readable.ts'
import { closeSynthesizer } from './synthesizer.ts'
import { stackOf } from './variants.ts'

afterAll(closeSynthesizer)

// After an intended change: `npm run infra:check -- --update`, then read the difference.
describe('The resources are those that were reviewed', () => {
  test('production has the resources of its snapshot', async () => {
    await expect(describeResources(await stackOf('production'))).toMatchFileSnapshot('snapshots/production.txt')
  })

  test.each(['dev', 'production-postgres', 'production-aurora', 'options'] as const)(
    '%s differs from production as its snapshot states',
    async (variant) => {
      const differences = describeDifferences(await stackOf('production'), await stackOf(variant))
      await expect(differences).toMatchFileSnapshot(`snapshots/${variant}.txt`)
    },
  )
})
