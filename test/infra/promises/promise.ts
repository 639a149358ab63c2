import type { Stack } from '../synthesize.ts'
import type { VariantName } from '../variants.ts'

export interface Promised {
  /** What operators can rely on, as a sentence. */
  promise: string
  /** The violations as sentences; empty if the promise holds. */
  broken(stack: Stack, variant: VariantName): string[]
}

/** The sentence, unless the condition holds. */
export const unless = (holds: boolean, sentence: string): string[] => (holds ? [] : [sentence])
