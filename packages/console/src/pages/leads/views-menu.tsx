import { useNavigate } from '@tanstack/react-router'
import BookmarkIcon from 'lucide-react/icons/bookmark'
import CheckIcon from 'lucide-react/icons/check'
import LinkIcon from 'lucide-react/icons/link'
import Trash2Icon from 'lucide-react/icons/trash-2'
import { type FormEvent, useState } from 'react'
import type { AddressState } from '../../list/use-address.ts'
import {
  builtInViews,
  deleteView,
  moveView,
  saveView,
  searchOfView,
  useSavedViews,
  type View,
  viewSearch,
} from '../../list/views.ts'
import { Button, Field, IconButton, inputClass } from '../../parts/basics.tsx'
import { Popover } from '../../parts/popup.tsx'
import type { Anchor } from '../../parts/popup-types.ts'
import popups from '../../parts/popups.module.css'
import { showToast } from '../../parts/toast.ts'
import css from './views.module.css'

interface ViewsMenuProps {
  anchor: Anchor | null
  onClose: () => void
  place: AddressState
}

/** Named addresses: those that come with the console, and one's own, which this browser keeps. */
export default function ViewsMenu({ anchor, onClose, place }: ViewsMenuProps) {
  const navigate = useNavigate()
  const own = useSavedViews()
  const current = viewSearch(place.search)
  const open = (view: View): void => {
    onClose()
    void navigate({ to: '/leads', search: searchOfView(view) as never })
  }
  return (
    <Popover anchor={anchor} onClose={onClose} label="Views">
      <div className={css.list}>
        {own.length > 0 && <div className={popups.group}>Mine, kept in this browser</div>}
        {own.map((view) => (
          <ViewRow key={view.name} view={view} is_current={view.search === current} onOpen={() => open(view)} is_own />
        ))}
        <div className={popups.group}>Ready-made</div>
        {builtInViews().map((view) => (
          <ViewRow key={view.name} view={view} is_current={view.search === current} onOpen={() => open(view)} />
        ))}
      </div>
      <SaveForm place={place} onClose={onClose} />
    </Popover>
  )
}

interface ViewRowProps {
  view: View
  is_current: boolean
  is_own?: boolean
  onOpen: () => void
}

function ViewRow({ view, is_current, is_own, onOpen }: ViewRowProps) {
  const copy = (): void =>
    void navigator.clipboard
      .writeText(`${location.origin}/console/leads${view.search}`)
      .then(() => showToast('Link to the view copied'))
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Alt with an arrow moves the view whose button has the focus
    <div
      className={css.row}
      onKeyDown={(event) => {
        if (!is_own || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
        event.preventDefault()
        moveView(view.name, event.key === 'ArrowUp' ? -1 : 1)
      }}
    >
      <button type="button" className={css.open} onClick={onOpen} aria-current={is_current || undefined}>
        <span>{view.name}</span>
        {is_current && <CheckIcon size={14} aria-hidden />}
      </button>
      {is_own && (
        <>
          <IconButton label={`Copy link to ${view.name}`} onClick={copy}>
            <LinkIcon size={13} aria-hidden />
          </IconButton>
          <IconButton label={`Delete view ${view.name}`} onClick={() => deleteView(view.name)}>
            <Trash2Icon size={13} aria-hidden />
          </IconButton>
        </>
      )}
    </div>
  )
}

function SaveForm({ place, onClose }: { place: AddressState; onClose: () => void }) {
  const own = useSavedViews()
  const shown = place.address.ui.view ?? ''
  const saved = own.find(({ name }) => name === shown)
  const is_changed = saved !== undefined && saved.search !== viewSearch(place.search)
  const [name, setName] = useState('')
  const [error, setError] = useState<string>()
  const store = (as: string): void => {
    saveView(as, place.search)
    place.setUi({ view: as })
    onClose()
    showToast(`View “${as}” saved`, { tone: 'good' })
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const text = name.trim()
    if (text === '') setError('Give the view a name.')
    else store(text)
  }
  return (
    <form className={css.form} onSubmit={submit}>
      {is_changed && (
        <Button onClick={() => store(saved.name)}>
          <BookmarkIcon size={14} aria-hidden />
          Save changes to “{saved.name}”
        </Button>
      )}
      <Field label="Save what is shown as a view" error={error}>
        {(ids) => (
          <span className={css.save}>
            <input
              {...ids}
              className={inputClass}
              placeholder="Name"
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit">Save</Button>
          </span>
        )}
      </Field>
    </form>
  )
}
