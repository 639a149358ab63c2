import { Link, useLocation } from '@tanstack/react-router'
import UsersIcon from 'lucide-react/icons/users'
import type { DragEvent, HTMLAttributes, KeyboardEvent } from 'react'
import { describeError } from '../api/problem.ts'
import type { Search } from '../list/address.ts'
import { isShown, moveView, searchOfView, useViews, type View } from '../list/views.ts'
import { showToast } from '../parts/toast.ts'
import { overlay } from './overlays.ts'
import css from './shell.module.css'

const move = (id: number, by: number): void => {
  moveView(id, by).catch((error: unknown) => showToast('Not moved', { tone: 'bad', detail: describeError(error) }))
}

/** Saved views below Leads: one's own, which can be dragged or moved by Alt and an arrow, then the shared ones. */
export default function SideViews() {
  const { mine, shared } = useViews()
  const { pathname, search } = useLocation()
  const current = pathname.endsWith('/leads') ? (search as Search) : null
  if (mine.length + shared.length === 0) return null
  const onDrop = (event: DragEvent, target: View): void => {
    event.preventDefault()
    const id = Number(event.dataTransfer.getData('text/plain'))
    const at = (wanted: number | undefined): number => mine.findIndex((view) => view.id === wanted)
    move(id, at(target.id) - at(id))
  }
  const onKeyDown = (event: KeyboardEvent, { id }: View): void => {
    if (!event.altKey || id === undefined || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    move(id, event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <div className={css.views}>
      {mine.map((view) => (
        <ViewLink
          key={view.id}
          view={view}
          is_current={current !== null && isShown(view, current)}
          sharedLabel={view.is_shared ? 'shared' : undefined}
          draggable
          onDragStart={(event) => event.dataTransfer.setData('text/plain', String(view.id))}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => onDrop(event, view)}
          onKeyDown={(event) => onKeyDown(event, view)}
        />
      ))}
      {shared.map((view) => (
        <ViewLink
          key={view.id}
          view={view}
          is_current={current !== null && isShown(view, current)}
          sharedLabel={`shared by ${view.created_by ?? 'another key'}`}
          data-tip={`Shared by ${view.created_by ?? 'another key'}`}
        />
      ))}
    </div>
  )
}

interface ViewLinkProps extends Omit<HTMLAttributes<HTMLAnchorElement>, 'children'> {
  view: View
  is_current: boolean
  sharedLabel: string | undefined
  'data-tip'?: string
}

function ViewLink({ view, is_current, sharedLabel, ...more }: ViewLinkProps) {
  return (
    <Link
      {...more}
      to="/leads"
      search={searchOfView(view) as never}
      className={css.view}
      aria-current={is_current}
      onClick={() => overlay.set(null)}
    >
      <span>{view.name}</span>
      {sharedLabel && <UsersIcon size={12} aria-label={sharedLabel} />}
    </Link>
  )
}
