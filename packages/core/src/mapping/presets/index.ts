import type { Preset } from '../preset.ts'
import { googlePlaces } from './google-places.ts'

/** Tried in this order; the first whose shape fits wins. */
export const PRESETS: readonly Preset[] = [googlePlaces]
