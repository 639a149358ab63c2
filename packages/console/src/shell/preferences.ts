import { createKeptStore, useStore } from '../api/store.ts'

/** What this browser keeps of a person's taste. */
export interface Preferences {
  theme: 'system' | 'light' | 'dark'
  density: 'compact' | 'normal' | 'roomy'
  zone: 'browser' | 'UTC'
  /** Single keys as shortcuts; WCAG 2.1.4 wants them switchable. */
  has_single_keys: boolean
  is_motion_reduced: boolean
  is_side_folded: boolean
  start_page: '/' | '/leads' | '/syncs'
}

const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'normal',
  zone: 'browser',
  has_single_keys: true,
  is_motion_reduced: false,
  is_side_folded: false,
  start_page: '/',
}

export const preferences = createKeptStore<Preferences>('preferences', DEFAULTS)

export const usePreferences = (): Preferences => useStore(preferences)

export const setPreference = (change: Partial<Preferences>): void =>
  preferences.set((current) => ({ ...DEFAULTS, ...current, ...change }))

/** Attributes on the root element, before the first paint and at each change. */
export function applyPreferences(): void {
  const apply = (): void => {
    const { theme, density, is_motion_reduced } = preferences.get()
    const { dataset } = document.documentElement
    dataset.theme = theme
    dataset.density = density
    dataset.motion = is_motion_reduced ? 'reduced' : 'full'
  }
  preferences.subscribe(apply)
  apply()
}
