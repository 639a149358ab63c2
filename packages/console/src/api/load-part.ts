import { lazyRouteComponent } from '@tanstack/react-router'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { connection } from './client.ts'

const TRIES_MAX = 7
const FIRST_WAIT_MS = 500
const WAIT_MAX_MS = 8000

/** Loads a part of the console. A broken connection must not lose the change that needs it: it is requested again. */
export async function loadPart<Module>(load: () => Promise<Module>): Promise<Module> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load()
    } catch (error) {
      if (tries >= TRIES_MAX) throw error
      connection.set(({ failures }) => ({ is_up: false, failures: failures + 1 }))
      await new Promise((resolve) => setTimeout(resolve, Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), WAIT_MAX_MS)))
    }
  }
}

// biome-ignore lint/suspicious/noExplicitAny: props of any component, as React's own lazy has it
export const lazyPart = <Part extends ComponentType<any>>(
  load: () => Promise<{ default: Part }>,
): LazyExoticComponent<Part> => lazy(() => loadPart(load))

export const lazyPage = <Module extends Record<string, unknown>>(load: () => Promise<Module>, name: keyof Module) =>
  lazyRouteComponent(() => loadPart(load), name as string)
