import { afterAll, describe, expect, test } from 'vitest'
import { promises } from './promises/all.ts'
import { closeSynthesizer } from './synthesizer.ts'
import { stackOf, type VariantName, variants } from './variants.ts'

afterAll(closeSynthesizer)

describe.each(Object.keys(variants) as VariantName[])('A deployment as %s', (variant) => {
  test.each(promises)('$promise', async ({ broken }) => {
    expect(broken(await stackOf(variant), variant)).toEqual([])
  })
})
