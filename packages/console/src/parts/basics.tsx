import CheckIcon from 'lucide-react/icons/check'
import CircleAlertIcon from 'lucide-react/icons/circle-alert'
import CopyIcon from 'lucide-react/icons/copy'
import InfoIcon from 'lucide-react/icons/info'
import LoaderCircleIcon from 'lucide-react/icons/loader-circle'
import TriangleAlertIcon from 'lucide-react/icons/triangle-alert'
import { type ButtonHTMLAttributes, type ReactNode, type Ref, useEffect, useId, useState } from 'react'
import { createStore, useStore } from '../api/store.ts'
import { cx } from './cx.ts'
import { formatDateTime, formatWhen } from './format.ts'
import css from './parts.module.css'

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: 'plain' | 'primary' | 'danger' | 'ghost'
  ref?: Ref<HTMLButtonElement>
  /** The key that does the same. */
  shortcut?: string
  is_busy?: boolean
}

export function Button({ look = 'plain', className, shortcut, is_busy, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || is_busy}
      aria-keyshortcuts={shortcut}
      className={cx(css.button, look !== 'plain' && css[look], className)}
    >
      {is_busy && <LoaderCircleIcon size={14} className={css.spin} aria-hidden />}
      {children}
      {shortcut && <Kbd>{shortcut}</Kbd>}
    </button>
  )
}

type IconButtonProps = Omit<ButtonProps, 'aria-label'> & { label: string; look?: 'plain' | 'ghost' }

/** A button of an icon only: always with a name, which the tooltip shows next to its key. */
export function IconButton({ label, shortcut, className, look = 'ghost', children, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      data-tip={label}
      data-tip-key={shortcut}
      className={cx(css.button, css.icon, look !== 'plain' && css[look], className)}
    >
      {children}
    </button>
  )
}

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className={css.kbd} aria-hidden>
    {children}
  </kbd>
)

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'

export function Badge({ tone, icon, children }: { tone: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={cx(css.badge, css[tone])}>
      {icon}
      <span>{children}</span>
    </span>
  )
}

export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number | string }) {
  return <span className={css.skeleton} style={{ width, height }} aria-hidden />
}

/** Shown after 150 ms only: what comes sooner needs no placeholder. */
export function AfterDelay({ children }: { children: ReactNode }) {
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150)
    return () => clearTimeout(timer)
  }, [])
  return isShown ? children : null
}

export function Empty({
  icon,
  title,
  children,
  actions,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <div className={css.empty}>
      {icon}
      <h2>{title}</h2>
      {children && <div>{children}</div>}
      {actions && <div className={css.emptyActions}>{actions}</div>}
    </div>
  )
}

export function Banner({
  tone,
  children,
  actions,
  role,
}: {
  tone: Tone
  children: ReactNode
  actions?: ReactNode
  role?: 'alert' | 'status'
}) {
  const Icon = tone === 'bad' ? CircleAlertIcon : tone === 'warn' ? TriangleAlertIcon : InfoIcon
  return (
    <div className={cx(css.banner, css[tone])} role={role}>
      <Icon size={16} aria-hidden />
      <div className={css.bannerText}>{children}</div>
      {actions}
    </div>
  )
}

const COPIED_MS = 1500

export function Copy({ text, label = 'Copy', children }: { text: string; label?: string; children?: ReactNode }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  return (
    <button
      type="button"
      className={css.copy}
      onClick={() => void copy()}
      data-tip={isCopied ? 'Copied' : label}
      aria-label={children ? undefined : label}
    >
      {children && <span className={css.truncate}>{children}</span>}
      {isCopied ? <CheckIcon size={13} aria-hidden /> : <CopyIcon size={13} aria-hidden />}
      {children && <span className="visually-hidden">, {isCopied ? 'copied' : label.toLowerCase()}</span>}
    </button>
  )
}

const TICK_MS = 30_000
/** One timer for all relative times. */
const clock = createStore(Date.now())
setInterval(() => {
  if (!document.hidden) clock.set(Date.now())
}, TICK_MS)
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) clock.set(Date.now())
})

export function Time({ value, className }: { value: string | null | undefined; className?: string | undefined }) {
  useStore(clock)
  if (!value) return null
  return (
    <time dateTime={value} data-tip={formatDateTime(value)} className={className}>
      {formatWhen(value, Date.now())}
    </time>
  )
}

export const Mono = ({ children }: { children: ReactNode }) => <span className={css.mono}>{children}</span>

export function Meter({ value, max = 100, label }: { value: number; max?: number; label: string }) {
  const share = Math.max(0, Math.min(1, value / max))
  return (
    <span className={css.meter} role="img" aria-label={label}>
      <i style={{ width: `${share * 100}%` }} />
    </span>
  )
}

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: string | undefined
  children: (ids: {
    id: string
    'aria-describedby': string | undefined
    'aria-invalid': boolean | undefined
  }) => ReactNode
}

/** Label, control, hint and error, tied together for assistive technology. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className={css.field}>
      <label htmlFor={id} className={css.label}>
        {label}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p className={css.error} id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <p className={css.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

export const inputClass = css.input ?? ''
export const checkboxClass = css.checkbox ?? ''
export const checkClass = css.check ?? ''
export const linkClass = css.link ?? ''
export const monoClass = css.mono ?? ''
export const truncateClass = css.truncate ?? ''
export const buttonClass = css.button ?? ''
export const hintClass = css.hint ?? ''
export const labelClass = css.label ?? ''
