import { median } from '../../measure.ts'

/** What a section adds to the JSON object. */
export type Figures = Record<string, number | null | Record<string, unknown>>

/** Rows a second. */
export const rate = (rows: number, ms: readonly number[]): number => Math.round((rows / median(ms)) * 1000)
