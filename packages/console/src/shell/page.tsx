import CircleAlertIcon from 'lucide-react/icons/circle-alert'
import MenuIcon from 'lucide-react/icons/menu'
import { type ReactNode, useEffect, useRef } from 'react'
import { describeError, isApiError } from '../api/problem.ts'
import { Button, Empty, IconButton } from '../parts/basics.tsx'
import { announce } from '../parts/toast.ts'
import { overlay } from './overlays.ts'
import css from './page.module.css'
import shell from './shell.module.css'

interface HeadProps {
  /** Title of the tab, announced when the page opens. */
  title: string
  heading?: ReactNode
  note?: ReactNode
  children?: ReactNode
}

/** The head of a page: its name, which takes the focus when the page opens, and what can be done. */
export function PageHead({ title, heading, note, children }: HeadProps) {
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Leads`
  }, [title])
  useEffect(() => {
    announce(document.title)
    const { activeElement } = document
    if (!activeElement || activeElement === document.body || !activeElement.isConnected || activeElement.closest('nav'))
      head.current?.focus({ preventScroll: true })
  }, [])
  return (
    <header className={css.head}>
      <span className={shell.menuButton}>
        <IconButton label="Navigation" onClick={() => overlay.set('navigation')}>
          <MenuIcon size={16} aria-hidden />
        </IconButton>
      </span>
      <h1 ref={head} tabIndex={-1}>
        {heading ?? title}
      </h1>
      {note && <span className={css.note}>{note}</span>}
      <span className={css.spacer} />
      <div className={css.actions}>{children}</div>
    </header>
  )
}

export function Section({
  title,
  note,
  actions,
  children,
  id,
}: {
  title: string
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className={css.section} aria-label={title} id={id}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {note && <span className={css.muted}>{note}</span>}
        <span className={css.spacer} />
        {actions}
      </div>
      {children}
    </section>
  )
}

export const Facts = ({ rows }: { rows: readonly (readonly [string, ReactNode] | false | null)[] }) => (
  <dl className={css.facts}>
    {rows.flatMap((row) =>
      row && row[1] !== null && row[1] !== undefined && row[1] !== '' && row[1] !== false
        ? [<dt key={`${row[0]} name`}>{row[0]}</dt>, <dd key={`${row[0]} value`}>{row[1]}</dd>]
        : [],
    )}
  </dl>
)

/** Replaces a page whose data is unavailable. */
export function PageError({ error, onRetry, back }: { error: unknown; onRetry?: () => void; back?: ReactNode }) {
  const is_missing = isApiError(error, 'not_found')
  return (
    <Empty
      icon={<CircleAlertIcon size={28} aria-hidden />}
      title={is_missing ? 'Not found' : 'This cannot be shown'}
      actions={
        <>
          {!is_missing && onRetry && <Button onClick={onRetry}>Try again</Button>}
          {back}
        </>
      }
    >
      {describeError(error)}
    </Empty>
  )
}
