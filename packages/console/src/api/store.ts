import { useSyncExternalStore } from 'react'

/** A value that components follow; the smallest store that does. */
export interface Store<Value> {
  get(): Value
  set(next: Value | ((current: Value) => Value)): void
  subscribe(listener: () => void): () => void
}

export function createStore<Value>(initial: Value): Store<Value> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      const changed = typeof next === 'function' ? (next as (current: Value) => Value)(value) : next
      if (Object.is(changed, value)) return
      value = changed
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const useStore = <Value>(store: Store<Value>): Value => useSyncExternalStore(store.subscribe, store.get)

const PREFIX = 'leads.'

/** Reads what this browser keeps; a browser that forbids storage keeps nothing. */
export function readKept<Value>(name: string, fallback: Value, storage: () => Storage = () => localStorage): Value {
  try {
    const text = storage().getItem(PREFIX + name)
    return text === null ? fallback : (JSON.parse(text) as Value)
  } catch {
    return fallback
  }
}

export function keep(name: string, value: unknown, storage: () => Storage = () => localStorage): void {
  try {
    if (value === undefined) storage().removeItem(PREFIX + name)
    else storage().setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // Private windows may refuse: the value then lasts as long as the page.
  }
}

export function forgetAll(): void {
  for (const storage of [localStorage, sessionStorage])
    for (const name of Object.keys(storage)) if (name.startsWith(PREFIX)) storage.removeItem(name)
}

/** A store whose value this browser keeps. */
export function createKeptStore<Value>(name: string, fallback: Value): Store<Value> {
  const store = createStore(readKept(name, fallback))
  store.subscribe(() => keep(name, store.get()))
  return store
}
