import CheckIcon from 'lucide-react/icons/check'
import XIcon from 'lucide-react/icons/x'
import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from 'react'
import { IconButton, Kbd } from './basics.tsx'
import { cx } from './cx.ts'
import type { Anchor, DialogProps, MenuEntry, MenuProps, PopoverProps } from './popup-types.ts'
import css from './popups.module.css'

/**
 * Everything that floats and takes the focus: on the browser's own top layer (`popover`, `dialog`), which brings stacking,
 * inertness of the page and Escape for nothing. Loaded when the first one opens: no page needs it to be drawn.
 */

const GAP_PX = 4
const EDGE_PX = 8

const FOCUSABLE = 'input:not([disabled]), textarea, select, button:not([disabled]), a[href], [tabindex="0"]'

/** Below the anchor, or above where there is more room; never beyond the window. */
function place(box: HTMLElement, anchor: Anchor | null, align: 'start' | 'center' | 'end'): void {
  const rect = anchor?.getBoundingClientRect() ?? new DOMRect(innerWidth / 2, innerHeight / 4, 0, 0)
  box.style.maxHeight = ''
  const { width, height } = box.getBoundingClientRect()
  const below = innerHeight - rect.bottom - GAP_PX - EDGE_PX
  const above = rect.top - GAP_PX - EDGE_PX
  const is_above = height > below && above > below
  const free = is_above ? above : below
  const shown = Math.min(height, Math.max(free, 120))
  const starts = { start: rect.left, center: rect.left + rect.width / 2 - width / 2, end: rect.right - width }
  const left = Math.max(EDGE_PX, Math.min(starts[align], innerWidth - width - EDGE_PX))
  const top = is_above ? rect.top - GAP_PX - shown : rect.bottom + GAP_PX
  box.style.maxHeight = `${shown}px`
  box.style.left = `${left}px`
  box.style.top = `${Math.max(EDGE_PX, Math.min(top, innerHeight - shown - EDGE_PX))}px`
}

interface FloatingOptions {
  anchor: Anchor | null
  align: 'start' | 'center' | 'end'
  onClose: () => void
  focusBack: (() => HTMLElement | null) | undefined
}

/** Shows a box in the top layer, gives it the focus, and gives the focus back at the end. */
function useFloating(
  box: RefObject<HTMLDivElement | null>,
  { anchor, align, onClose, focusBack }: FloatingOptions,
): void {
  const latest = useRef({ onClose, focusBack })
  latest.current = { onClose, focusBack }
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const before = document.activeElement
    element.showPopover()
    place(element, anchor, align)
    focusInto(element)
    const controller = new AbortController()
    const { signal } = controller
    const again = (): void => place(element, anchor, align)
    addEventListener('resize', again, { signal })
    document.addEventListener('scroll', (event) => !inside(element, event) && again(), { signal, capture: true })
    document.addEventListener('pointerdown', (event) => !inside(element, event) && latest.current.onClose(), {
      signal,
      capture: true,
    })
    return () => {
      controller.abort()
      const has_focus = element.contains(document.activeElement) || document.activeElement === document.body
      if (has_focus) giveBack(anchor, before, latest.current.focusBack)
      if (element.matches(':popover-open')) element.hidePopover()
    }
  }, [box, anchor, align])
}

const inside = (element: HTMLElement, event: Event): boolean =>
  event.target instanceof Node && element.contains(event.target)

function focusInto(element: HTMLElement): void {
  const order = ['[data-autofocus]', 'input:not([type="checkbox"]), textarea, select', FOCUSABLE]
  const wanted = order.map((selector) => element.querySelector<HTMLElement>(selector)).find(Boolean)
  ;(wanted ?? element).focus({ preventScroll: true })
}

function giveBack(anchor: Anchor | null, before: Element | null, focusBack?: () => HTMLElement | null): void {
  const target = focusBack?.() ?? (anchor instanceof HTMLElement && anchor.isConnected ? anchor : before)
  if (target instanceof HTMLElement) target.focus({ preventScroll: true })
}

/** Tab goes round within the box. */
function keepFocusInside(event: KeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(({ tabIndex }) => tabIndex >= 0)
  const [first] = all
  const last = all.at(-1)
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault()
    last?.focus()
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault()
    first?.focus()
  }
}

export function PopoverPanel({ anchor, onClose, label, children, align = 'start', focusBack }: PopoverProps) {
  const box = useRef<HTMLDivElement>(null)
  useFloating(box, { anchor, align, onClose, focusBack })
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    event.stopPropagation()
    if (event.key === 'Escape') {
      event.preventDefault()
      onClose()
    } else if (event.key === 'Tab') keepFocusInside(event)
  }
  return (
    <div
      ref={box}
      popover="manual"
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      className={css.popup}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  )
}

export function MenuPanel({ anchor, onClose, label, entries, align = 'start', focusBack }: MenuProps) {
  const box = useRef<HTMLDivElement>(null)
  useFloating(box, { anchor, align, onClose, focusBack })
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      onClose()
    } else if (moveInMenu(event)) event.preventDefault()
  }
  return (
    <div
      ref={box}
      popover="manual"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      className={cx(css.popup, css.menu)}
      onKeyDown={onKeyDown}
    >
      {entries.map((entry) => (
        <MenuRow key={entry.label} entry={entry} onClose={onClose} />
      ))}
    </div>
  )
}

/** Arrows, Home, End and first letters move among the entries. */
function moveInMenu(event: KeyboardEvent<HTMLElement>): boolean {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]:not([aria-disabled="true"])')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const go = (index: number): true => {
    items.at(index % items.length)?.focus()
    return true
  }
  if (event.key === 'ArrowDown') return go(at + 1)
  if (event.key === 'ArrowUp') return go(at < 0 ? -1 : at - 1)
  if (event.key === 'Home') return go(0)
  if (event.key === 'End') return go(-1)
  if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey) return false
  const letter = event.key.toLowerCase()
  const rest = [...items.slice(at + 1), ...items.slice(0, at + 1)]
  rest.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))?.focus()
  return true
}

function MenuRow({ entry, onClose }: { entry: MenuEntry; onClose: () => void }) {
  const inside_row = (
    <>
      {entry.icon}
      <span>{entry.label}</span>
      {entry.is_checked && <CheckIcon size={14} aria-label="current" />}
      {entry.shortcut && <Kbd>{entry.shortcut}</Kbd>}
    </>
  )
  const shared = {
    role: 'menuitem',
    tabIndex: -1,
    className: cx(css.item, entry.is_danger && css.danger),
    onPointerMove: (event: React.PointerEvent<HTMLElement>) => event.currentTarget.focus({ preventScroll: true }),
  }
  const choose = (): void => {
    if (entry.is_disabled) return
    onClose()
    entry.onSelect?.()
  }
  return (
    <Fragment>
      {/* biome-ignore lint/a11y/useSemanticElements: a line between entries of a menu */}
      {entry.has_line_above && <div role="separator" className={css.separator} />}
      {entry.href ? (
        <a {...shared} href={entry.href} target="_blank" rel="noopener noreferrer" onClick={onClose}>
          {inside_row}
        </a>
      ) : (
        <button
          type="button"
          {...shared}
          aria-disabled={entry.is_disabled}
          data-autofocus={entry.is_checked || undefined}
          onClick={choose}
        >
          {inside_row}
        </button>
      )}
    </Fragment>
  )
}

/** Shows a modal dialog; closing gives the focus back to where it was. */
function useModal(box: RefObject<HTMLDialogElement | null>, focusBack?: () => HTMLElement | null): void {
  const latest = useRef(focusBack)
  latest.current = focusBack
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.showModal()
    const field = element.querySelector<HTMLElement>('[data-autofocus], input, select, textarea')
    ;(field ?? element.querySelector<HTMLElement>('[data-dialog-foot] button:last-child') ?? element).focus()
    return () => {
      element.close()
      latest.current?.()?.focus()
    }
  }, [box])
}

/** Escape and a click outside the dialog close it. The element itself reports both, once. */
function useDismissal(box: RefObject<HTMLDialogElement | null>, onClose: () => void, is_locked = false): void {
  useEffect(() => {
    const element = box.current
    if (!element) return
    const controller = new AbortController()
    const { signal } = controller
    const dismiss = (event: Event): void => {
      event.preventDefault()
      if (!is_locked) onClose()
    }
    element.addEventListener('cancel', (event) => event.target === element && dismiss(event), { signal })
    element.addEventListener('pointerdown', (event) => event.target === element && dismiss(event), { signal })
    return () => controller.abort()
  }, [box, onClose, is_locked])
}

export function DialogPanel(props: DialogProps) {
  const { title, onClose, children, foot, width, place: where = 'middle', focusBack, is_locked } = props
  const box = useRef<HTMLDialogElement>(null)
  const id = useId()
  useModal(box, focusBack)
  useDismissal(box, onClose, is_locked)
  return (
    <dialog
      ref={box}
      aria-labelledby={id}
      tabIndex={-1}
      className={cx(css.dialog, where === 'side' && css.drawer, where === 'bottom' && css.sheet)}
      style={width ? { maxWidth: width } : undefined}
    >
      <div className={css.dialogInner}>
        <div className={css.dialogHead}>
          <h2 id={id} className={css.dialogTitle}>
            {title}
          </h2>
          {!is_locked && (
            <IconButton label="Close" shortcut="Esc" onClick={onClose}>
              <XIcon size={16} aria-hidden />
            </IconButton>
          )}
        </div>
        <div className={css.dialogBody}>{children}</div>
        {foot && (
          <div className={css.dialogFoot} data-dialog-foot>
            {foot}
          </div>
        )}
      </div>
    </dialog>
  )
}

/** A dialog without head and foot, for the palette. */
export function BareDialog({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null)
  useModal(box)
  useDismissal(box, onClose)
  return (
    <dialog ref={box} aria-label={label} tabIndex={-1} className={css.dialog} style={{ maxWidth: 620 }}>
      <div className={css.dialogInner}>{children}</div>
    </dialog>
  )
}
