import type { Stack } from '../synthesize.ts'
import type { VariantName } from '../variants.ts'

export interface Promised {
  /** In plain words: what a person may rely on. */
  promise: string
  /** What is wrong, a sentence each; empty when it holds. */
  broken(stack: Stack, variant: VariantName): string[]
}

/** Sentences for the pairs whose second is not as it should be. */
export const unless = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence])
