import { useEffect, useRef, useState } from 'react'
import css from './parts.module.css'

interface Tip {
  text: string
  shortcut: string | undefined
  rect: DOMRect
}

const SHOW_AFTER_MS = 450
const GAP_PX = 6

/**
 * One tooltip for the page: elements have `data-tip`. Shown on hover after a moment and immediately on keyboard focus, hidden
 * by Escape. It repeats what the element's own name says, so assistive technology loses nothing.
 */
export function Tooltips() {
  const [tip, setTip] = useState<Tip | null>(null)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => followPointer(setTip), [])
  useEffect(() => {
    const element = box.current
    if (!tip || !element) return
    const { width, height } = element.getBoundingClientRect()
    const left = Math.max(8, Math.min(tip.rect.left + tip.rect.width / 2 - width / 2, innerWidth - width - 8))
    const below = tip.rect.bottom + GAP_PX
    const top = below + height > innerHeight ? tip.rect.top - height - GAP_PX : below
    element.style.left = `${left}px`
    element.style.top = `${top}px`
    element.style.visibility = 'visible'
  }, [tip])
  if (!tip) return null
  return (
    <div ref={box} className={css.tip} style={{ visibility: 'hidden', left: 0, top: 0 }} aria-hidden>
      {tip.text}
      {tip.shortcut && <kbd>{tip.shortcut}</kbd>}
    </div>
  )
}

const withTip = (event: Event): HTMLElement | null =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null

function followPointer(setTip: (tip: Tip | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hide = (): void => {
    clearTimeout(timer)
    setTip(null)
  }
  const show = (element: HTMLElement): void => {
    const { tip: text, tipKey: shortcut } = element.dataset
    if (text && element.isConnected) setTip({ text, shortcut, rect: element.getBoundingClientRect() })
  }
  const over = (event: PointerEvent): void => {
    hide()
    const element = event.pointerType === 'touch' ? null : withTip(event)
    if (element) timer = setTimeout(() => show(element), SHOW_AFTER_MS)
  }
  const focus = (event: FocusEvent): void => {
    const element = withTip(event)
    if (element?.matches(':focus-visible')) show(element)
  }
  const controller = new AbortController()
  const { signal } = controller
  document.addEventListener('pointerover', over, { signal })
  document.addEventListener('pointerdown', hide, { signal })
  document.addEventListener('focusin', focus, { signal })
  document.addEventListener('focusout', hide, { signal })
  document.addEventListener('keydown', hide, { signal })
  document.addEventListener('scroll', hide, { signal, capture: true, passive: true })
  return () => {
    controller.abort()
    clearTimeout(timer)
  }
}
