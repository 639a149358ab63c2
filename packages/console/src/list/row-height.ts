import { useIsPhone } from '../parts/media.ts'
import { usePreferences } from '../shell/preferences.ts'

const HEIGHTS = { compact: 28, normal: 34, roomy: 42 }
const PHONE_HEIGHT = 60

export function useRowHeight(density?: string): number {
  const preferred = usePreferences().density
  const is_phone = useIsPhone()
  if (is_phone) return PHONE_HEIGHT
  return HEIGHTS[(density as keyof typeof HEIGHTS) || preferred] ?? HEIGHTS.normal
}
