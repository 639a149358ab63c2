import { useSyncExternalStore } from 'react'

interface MediaStore {
  subscribe: (listener: () => void) => () => void
  matches: () => boolean
}

/** One per query: asking the browser again on every render costs milliseconds in a long list. */
const stores = new Map<string, MediaStore>()

function createMediaStore(query: string): MediaStore {
  const media = matchMedia(query)
  return {
    subscribe(listener) {
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    matches: () => media.matches,
  }
}

export function useMedia(query: string): boolean {
  const store = stores.get(query) ?? createMediaStore(query)
  stores.set(query, store)
  return useSyncExternalStore(store.subscribe, store.matches)
}

export const useIsPhone = (): boolean => useMedia('(max-width: 639px)')
