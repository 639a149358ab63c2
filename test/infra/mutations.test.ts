import { afterAll, describe, expect, test } from 'vitest'
import { mutations } from './mutations.ts'
import { promises } from './promises/all.ts'
import { closeSynthesizer, synthesizeApart } from './synthesizer.ts'
import { variants } from './variants.ts'

afterAll(closeSynthesizer)

/** Sentences about what the edit broke. A resource that is missing breaks a promise too. */
async function sentencesFor({ promise, variant = 'dev', ...edit }: (typeof mutations)[number]): Promise<string[]> {
  const promised = promises.find((each) => each.promise === promise)
  if (!promised) throw new Error(`There is no such promise: ${promise}`)
  const stack = await synthesizeApart({ ...variants[variant], edit })
  try {
    return promised.broken(stack, variant)
  } catch (error) {
    return [String(error)]
  }
}

describe('A wrong edit is noticed', () => {
  test('every promise is broken by an edit at least once', () => {
    const broken = new Set(mutations.map(({ promise }) => promise))
    expect(promises.map(({ promise }) => promise).filter((promise) => !broken.has(promise))).toEqual([])
  })

  test.concurrent.each(mutations)('$promise ($file: $find)', async (mutation) => {
    expect(await sentencesFor(mutation)).not.toEqual([])
  })
})
