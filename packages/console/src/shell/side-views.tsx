import { Link, useLocation } from '@tanstack/react-router'
import UsersIcon from 'lucide-react/icons/users'
import type { DragEvent, KeyboardEvent } from 'react'
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
        <Link
          key={view.id}
          to="/leads"
          search={searchOfView(view) as never}
          className={css.view}
          aria-current={current !== null && isShown(view, current)}
          draggable
          onDragStart={(event) => event.dataTransfer.setData('text/plain', String(view.id))}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => onDrop(event, view)}
          onKeyDown={(event) => onKeyDown(event, view)}
          onClick={() => overlay.set(null)}
        >
          <span>{view.name}</span>
          {view.is_shared && <UsersIcon size={12} aria-label="shared" />}
        </Link>
      ))}
      {shared.map((view) => (
        <Link
          key={view.id}
          to="/leads"
          search={searchOfView(view) as never}
          className={css.view}
          aria-current={current !== null && isShown(view, current)}
          data-tip={`Shared by ${view.created_by ?? 'another key'}`}
          onClick={() => overlay.set(null)}
        >
          <span>{view.name}</span>
          <UsersIcon size={12} aria-label={`shared by ${view.created_by ?? 'another key'}`} />
        </Link>
      ))}
    </div>
  )
}
