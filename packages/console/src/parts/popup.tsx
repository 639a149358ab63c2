import { Suspense, useCallback, useMemo, useState } from 'react'
import { lazyPart, loadPart } from '../api/load-part.ts'
import { PopupComing } from '../shell/overlays.ts'
import type { Anchor, DialogProps, MenuProps, PopoverProps } from './popup-types.ts'

const load = () => import('./popups.tsx')
const LazyPopover = lazyPart(async () => ({ default: (await load()).PopoverPanel }))
const LazyMenu = lazyPart(async () => ({ default: (await load()).MenuPanel }))
const LazyDialog = lazyPart(async () => ({ default: (await load()).DialogPanel }))

/** Loads what popups need while the browser has nothing else to do. */
export function preloadPopups(others: readonly (() => Promise<unknown>)[]): void {
  for (const part of [load, () => import('../list/change-row.ts'), ...others]) loadPart<unknown>(part).catch(() => {})
}

export const Popover = (props: PopoverProps) => (
  <Suspense fallback={<PopupComing />}>
    <LazyPopover {...props} />
  </Suspense>
)

export const Menu = (props: MenuProps) => (
  <Suspense fallback={<PopupComing />}>
    <LazyMenu {...props} />
  </Suspense>
)

export const Dialog = (props: DialogProps) => (
  <Suspense fallback={<PopupComing />}>
    <LazyDialog {...props} />
  </Suspense>
)

export interface Popup<Value> {
  anchor: Anchor | null
  value: Value | null
  is_open: boolean
  open(anchor: Anchor | null, value: Value): void
  close(): void
}

/** The state of one popup: closed, or open at a place with a value. */
export function usePopup<Value = true>(): Popup<Value> {
  const [state, setState] = useState<{ anchor: Anchor | null; value: Value } | null>(null)
  const open = useCallback((anchor: Anchor | null, value: Value) => setState({ anchor, value }), [])
  const close = useCallback(() => setState(null), [])
  return useMemo(
    () => ({ anchor: state?.anchor ?? null, value: state?.value ?? null, is_open: state !== null, open, close }),
    [state, open, close],
  )
}

/** A place for a menu: where the pointer is. */
export const pointAnchor = (x: number, y: number): Anchor => ({
  getBoundingClientRect: () => new DOMRect(x, y, 0, 0),
})
