import { afterAll, describe, expect, it } from 'vitest'
import { mutations } from './mutations.ts'
import { promises } from './promises/all.ts'
import { closeSynthesizer, synthesizeApart } from './synthesizer.ts'
import { variants } from './variants.ts'

afterAll(closeSynthesizer)

describe('A wrong edit is noticed', () => {
  it('Every promise is broken by an edit at least once', () => {
    const broken = new Set(mutations.map(({ promise }) => promise))
    expect(promises.map(({ promise }) => promise).filter((promise) => !broken.has(promise))).toEqual([])
  })

  it.each(mutations)('$promise ($file: $find)', async ({ promise, variant = 'dev', ...edit }) => {
    const { broken } = promises.find((each) => each.promise === promise) ?? {}
    // A stack that cannot even be made is noticed, too; but then the edit proves nothing about this promise.
    const stack = await synthesizeApart({ ...variants[variant], edit })
    let sentences: string[] | undefined
    try {
      sentences = broken?.(stack, variant)
    } catch (error) {
      sentences = [String(error)]
    }
    expect(sentences).not.toEqual([])
    expect(sentences).toBeDefined()
  })
})
