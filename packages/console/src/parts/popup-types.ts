import type { ReactNode } from 'react'

/** What a popup hangs on: an element, or a place such as the pointer's. */
export type Anchor = Element | { getBoundingClientRect: () => DOMRect }

interface Closable {
  onClose: () => void
  /** Where the focus goes at the end; the anchor by default. */
  focusBack?: (() => HTMLElement | null) | undefined
}

export interface PopoverProps extends Closable {
  anchor: Anchor | null
  label: string
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
}

export interface MenuEntry {
  label: string
  icon?: ReactNode
  shortcut?: string
  onSelect?: () => void
  /** Opens in a new tab. */
  href?: string | undefined
  is_checked?: boolean
  is_danger?: boolean
  is_disabled?: boolean
  has_line_above?: boolean
}

export interface MenuProps extends Closable {
  anchor: Anchor | null
  label: string
  entries: readonly MenuEntry[]
  align?: 'start' | 'center' | 'end'
}

export interface DialogProps extends Closable {
  title: string
  children: ReactNode
  foot?: ReactNode
  /** Pixels. */
  width?: number
  place?: 'middle' | 'side' | 'bottom'
  /** Closed by its own buttons only. */
  is_locked?: boolean
}
