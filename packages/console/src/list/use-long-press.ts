import { type MouseEvent, type PointerEvent, useEffect, useRef } from 'react'

const LONG_PRESS_MS = 500
/** A finger that moves farther scrolls. */
const MOVE_MAX_PX = 10

interface Press {
  x: number
  y: number
  timer: ReturnType<typeof setTimeout>
  is_long: boolean
}

/**
 * Calls back when a finger rests on something. Timed here, because not every browser reports a long press as a request
 * for a menu. The click that ends the press does nothing else.
 */
export function useLongPress(onLongPress: (target: EventTarget) => void) {
  const press = useRef<Press>(null)
  const stop = (): void => clearTimeout(press.current?.timer)
  useEffect(() => () => clearTimeout(press.current?.timer), [])
  const fire = (target: EventTarget): void => {
    stop()
    if (!press.current || press.current.is_long) return
    press.current.is_long = true
    onLongPress(target)
  }
  return {
    onPointerDown({ pointerType, target, clientX, clientY }: PointerEvent) {
      stop()
      press.current = null
      if (pointerType !== 'touch') return
      const timer = setTimeout(() => fire(target), LONG_PRESS_MS)
      press.current = { x: clientX, y: clientY, timer, is_long: false }
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      if (press.current && Math.hypot(clientX - press.current.x, clientY - press.current.y) > MOVE_MAX_PX) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    onClickCapture(event: MouseEvent) {
      if (!press.current?.is_long) return
      press.current = null
      event.preventDefault()
      event.stopPropagation()
    },
    /** True for a finger: the menu of the mouse does not open. */
    takesContextMenu(event: MouseEvent): boolean {
      if ((event.nativeEvent as globalThis.PointerEvent).pointerType !== 'touch') return false
      fire(event.target)
      return true
    },
  }
}
