import { useRouter } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'

interface CellLinkProps {
  /** Below /console, encoded. */
  path: string
  className?: string | undefined
  children: ReactNode
}

/**
 * A link in a cell. The router's own link reads the address at every change of it, and a grid would draw each of its
 * links for that: half of the time from a filter to its rows.
 */
export function CellLink({ path, className, children }: CellLinkProps) {
  const { history } = useRouter()
  const href = `/console${path}`
  const onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    history.push(href)
  }
  return (
    <a
      href={href}
      tabIndex={-1}
      className={className}
      onClick={onClick}
      // The first click of two is the link's, both would edit the cell of the page that follows.
      onDoubleClick={(event) => event.stopPropagation()}
    >
      {children}
    </a>
  )
}
