import { CSPProvider } from '@base-ui/react/csp-provider'
import { Dialog as BaseDialog } from '@base-ui/react/dialog'
import { Menu as BaseMenu } from '@base-ui/react/menu'
import { Popover as BasePopover } from '@base-ui/react/popover'
import { Fragment, type ReactNode } from 'react'
import { IconButton, Kbd } from './basics.tsx'
import { cx } from './cx.ts'
import { CheckIcon, XIcon } from './icons.ts'
import type { Anchor, DialogProps, MenuEntry, MenuProps, PopoverProps } from './popup-types.ts'
import css from './popups.module.css'

/**
 * Everything that floats and takes the focus, on Base UI. Loaded when the first one opens: no page needs it to be drawn.
 * The provider keeps Base UI from adding style elements, which the page's policy forbids.
 */

const finalFocus = (anchor: Anchor | null, back?: () => HTMLElement | null) => (): HTMLElement | boolean => {
  const element = back?.() ?? (anchor instanceof HTMLElement ? anchor : null)
  return element?.isConnected ? element : true
}

const Unstyled = ({ children }: { children: ReactNode }) => <CSPProvider disableStyleElements>{children}</CSPProvider>

export function PopoverPanel({
  anchor,
  onClose,
  label,
  children,
  align = 'start',
  side = 'bottom',
  focusBack,
}: PopoverProps) {
  return (
    <Unstyled>
      <BasePopover.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
        <BasePopover.Portal>
          <BasePopover.Positioner
            anchor={anchor}
            align={align}
            side={side}
            sideOffset={4}
            collisionPadding={8}
            className={css.positioner}
          >
            <BasePopover.Popup className={css.popup} aria-label={label} finalFocus={finalFocus(anchor, focusBack)}>
              {children}
            </BasePopover.Popup>
          </BasePopover.Positioner>
        </BasePopover.Portal>
      </BasePopover.Root>
    </Unstyled>
  )
}

export function MenuPanel({ anchor, onClose, label, entries, align = 'start', focusBack }: MenuProps) {
  return (
    <Unstyled>
      <BaseMenu.Root open onOpenChange={(isOpen) => !isOpen && onClose()} modal={false}>
        <BaseMenu.Portal>
          <BaseMenu.Positioner
            anchor={anchor}
            align={align}
            sideOffset={4}
            collisionPadding={8}
            className={css.positioner}
          >
            <BaseMenu.Popup
              className={cx(css.popup, css.menu)}
              aria-label={label}
              finalFocus={finalFocus(anchor, focusBack)}
            >
              {entries.map((entry) => (
                <MenuRow key={entry.label} entry={entry} />
              ))}
            </BaseMenu.Popup>
          </BaseMenu.Positioner>
        </BaseMenu.Portal>
      </BaseMenu.Root>
    </Unstyled>
  )
}

function MenuRow({ entry }: { entry: MenuEntry }) {
  const inside = (
    <>
      {entry.icon}
      <span>{entry.label}</span>
      {entry.is_checked && <CheckIcon size={14} aria-label="current" />}
      {entry.shortcut && <Kbd>{entry.shortcut}</Kbd>}
    </>
  )
  const className = cx(css.item, entry.is_danger && css.danger)
  return (
    <Fragment>
      {entry.has_line_above && <BaseMenu.Separator className={css.separator} />}
      {entry.href ? (
        <BaseMenu.LinkItem className={className} href={entry.href} target="_blank" rel="noopener noreferrer">
          {inside}
        </BaseMenu.LinkItem>
      ) : (
        <BaseMenu.Item className={className} onClick={entry.onSelect} disabled={entry.is_disabled ?? false}>
          {inside}
        </BaseMenu.Item>
      )}
    </Fragment>
  )
}

export function DialogPanel({
  title,
  onClose,
  children,
  foot,
  width,
  place = 'middle',
  focusBack,
  is_locked,
}: DialogProps) {
  const viewport = cx(css.viewport, place === 'side' && css.side, place === 'bottom' && css.bottom)
  const popup = cx(css.dialog, place === 'side' && css.drawer, place === 'bottom' && css.sheet)
  return (
    <Unstyled>
      <BaseDialog.Root
        open
        onOpenChange={(isOpen) => !isOpen && !is_locked && onClose()}
        disablePointerDismissal={is_locked ?? false}
      >
        <BaseDialog.Portal>
          <BaseDialog.Backdrop className={css.backdrop} />
          <BaseDialog.Viewport className={viewport}>
            <BaseDialog.Popup
              className={popup}
              style={width ? ({ '--dialog-width': `${width}px` } as Record<string, string>) : undefined}
              finalFocus={finalFocus(null, focusBack)}
            >
              <div className={css.dialogHead}>
                <BaseDialog.Title className={css.dialogTitle}>{title}</BaseDialog.Title>
                {!is_locked && (
                  <IconButton label="Close" shortcut="Esc" onClick={onClose}>
                    <XIcon size={16} aria-hidden />
                  </IconButton>
                )}
              </div>
              <div className={css.dialogBody}>{children}</div>
              {foot && <div className={css.dialogFoot}>{foot}</div>}
            </BaseDialog.Popup>
          </BaseDialog.Viewport>
        </BaseDialog.Portal>
      </BaseDialog.Root>
    </Unstyled>
  )
}

/** A dialog without head and foot, for the palette. */
export function BareDialog({ label, onClose, children }: { label: string; onClose: () => void; children: ReactNode }) {
  return (
    <Unstyled>
      <BaseDialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
        <BaseDialog.Portal>
          <BaseDialog.Backdrop className={css.backdrop} />
          <BaseDialog.Viewport className={css.viewport}>
            <BaseDialog.Popup
              className={css.dialog}
              style={{ '--dialog-width': '620px' } as Record<string, string>}
              aria-label={label}
            >
              {children}
            </BaseDialog.Popup>
          </BaseDialog.Viewport>
        </BaseDialog.Portal>
      </BaseDialog.Root>
    </Unstyled>
  )
}
