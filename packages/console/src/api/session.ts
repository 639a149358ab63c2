import { createStore, keep, readKept, useStore } from './store.ts'

export type Scope = 'read' | 'write' | 'admin'

/** Whose key this is, as far as the API tells. */
export interface Me {
  name: string
  key_prefix: string
  scope: Scope
  expires_at: string | null
  product_version: string | null
}

export interface Session {
  key: string | null
  me: Me | null
  /** The key was refused while in use: the sign-in form lies over the page, and requests wait for a new one. */
  is_expired: boolean
}

const session = createStore<Session>({ key: readKey(), me: null, is_expired: false })
const waiting = new Set<() => void>()

/** The link of `npm start` carries the key in its fragment, which no server sees. It is gone before the first request. */
function takeKeyOfAddress(): string | null {
  const found = /^#key=(lk_[\w-]+)$/.exec(location.hash)
  if (!location.hash.startsWith('#key=')) return null
  history.replaceState(history.state, '', location.pathname + location.search)
  return found?.[1] ?? null
}

function readKey(): string | null {
  const key = takeKeyOfAddress()
  if (key !== null) {
    keep('key', key, () => sessionStorage)
    return key
  }
  return readKept<string | null>('key', null, () => sessionStorage) ?? readKept<string | null>('key', null)
}

export const getSession = session.get
export const useSession = (): Session => useStore(session)

export function signIn(key: string, me: Me, is_kept: boolean): void {
  keep('key', key, () => sessionStorage)
  if (is_kept) keep('key', key)
  session.set({ key, me, is_expired: false })
  for (const resume of waiting) resume()
  waiting.clear()
}

export function signOut(): void {
  keep('key', undefined)
  keep('key', undefined, () => sessionStorage)
  session.set({ key: null, me: null, is_expired: false })
}

export const setMe = (me: Me): void => session.set((current) => ({ ...current, me }))

/** The key is no longer good. Resolves when there is one again. */
export function awaitSignIn(): Promise<void> {
  session.set((current) => ({ ...current, is_expired: true }))
  return new Promise((resolve) => waiting.add(resolve))
}

const RANKS: Record<Scope, number> = { read: 0, write: 1, admin: 2 }

export const hasScope = (me: Me | null, scope: Scope): boolean => me !== null && RANKS[me.scope] >= RANKS[scope]

/** Whether the key in use may do what needs this scope. */
export const useScope = (scope: Scope): boolean => hasScope(useSession().me, scope)

/** A 403 showed that the key may less than was taken for granted. */
export function lowerScope(scope: Scope): void {
  session.set((current) => (current.me ? { ...current, me: { ...current.me, scope } } : current))
}
