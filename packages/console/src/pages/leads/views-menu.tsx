import { useNavigate } from '@tanstack/react-router'
import BookmarkIcon from 'lucide-react/icons/bookmark'
import CheckIcon from 'lucide-react/icons/check'
import LinkIcon from 'lucide-react/icons/link'
import Trash2Icon from 'lucide-react/icons/trash-2'
import UserIcon from 'lucide-react/icons/user'
import UsersIcon from 'lucide-react/icons/users'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { describeError, isApiError } from '../../api/problem.ts'
import type { Search } from '../../list/address.ts'
import type { AddressState } from '../../list/use-address.ts'
import {
  builtInViews,
  canChange,
  changeView,
  createView,
  deleteView,
  isShown,
  linkOfView,
  moveView,
  searchOfView,
  toViewContent,
  useViews,
  type View,
} from '../../list/views.ts'
import { Button, checkboxClass, checkClass, Field, IconButton, inputClass } from '../../parts/basics.tsx'
import { Popover } from '../../parts/popup.tsx'
import type { Anchor } from '../../parts/popup-types.ts'
import popups from '../../parts/popups.module.css'
import { showToast } from '../../parts/toast.ts'
import { offerUndo } from '../../shell/undo.ts'
import css from './views.module.css'

interface ViewsMenuProps {
  anchor: Anchor | null
  onClose: () => void
  place: AddressState
}

const NAME_CHARACTERS_MAX = 100

const tellFailure = (error: unknown): void => {
  showToast('The view is not changed', { tone: 'bad', detail: describeError(error) })
}

/** Named lists: one's own, those that others share, and those that come with the console. */
export default function ViewsMenu({ anchor, onClose, place }: ViewsMenuProps) {
  const navigate = useNavigate()
  const { mine, shared, error } = useViews()
  const open = (view: View): void => {
    onClose()
    void navigate({ to: '/leads', search: searchOfView(view) as never })
  }
  const group = (title: string, views: readonly View[]) =>
    views.length > 0 && (
      <>
        <div className={popups.group}>{title}</div>
        {views.map((view) => (
          <ViewRow
            key={view.id ?? view.name}
            view={view}
            is_current={isShown(view, place.search)}
            onOpen={() => open(view)}
          />
        ))}
      </>
    )
  return (
    <Popover anchor={anchor} onClose={onClose} label="Views">
      <div className={css.list}>
        {error && (
          <p role="alert" className={css.error}>
            {describeError(error)}
          </p>
        )}
        {group('Mine', mine)}
        {group('Shared by others', shared)}
        {group('Ready-made', builtInViews())}
      </div>
      <SaveForm place={place} mine={mine} onClose={onClose} />
    </Popover>
  )
}

interface ViewRowProps {
  view: View
  is_current: boolean
  onOpen: () => void
}

function ViewRow({ view, is_current, onOpen }: ViewRowProps) {
  const { id, name } = view
  const onKeyDown = (event: KeyboardEvent): void => {
    if (id === undefined || !event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    moveView(id, event.key === 'ArrowUp' ? -1 : 1).catch(tellFailure)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Alt with an arrow moves the view whose button has the focus
    <div className={css.row} onKeyDown={onKeyDown}>
      <button type="button" className={css.open} onClick={onOpen} aria-current={is_current || undefined}>
        <span>{name}</span>
        {is_current && <CheckIcon size={14} aria-hidden />}
      </button>
      {id !== undefined && <ViewActions view={view} id={id} />}
    </div>
  )
}

function ViewActions({ view, id }: { view: View; id: number }) {
  const { name, is_shared } = view
  const copy = (): void =>
    void navigator.clipboard.writeText(linkOfView(view)).then(() => showToast('Link to the view copied'))
  const remove = async (): Promise<void> => {
    await deleteView(id)
    offerUndo({
      text: `View “${name}” deleted`,
      revert: async () => {
        await createView(name, searchOfView(view), is_shared)
        return `View “${name}” restored`
      },
    })
  }
  return (
    <>
      <IconButton label={`Copy link to ${name}`} onClick={copy}>
        <LinkIcon size={13} aria-hidden />
      </IconButton>
      {canChange(view) && (
        <>
          <IconButton
            label={is_shared ? `Stop sharing ${name}` : `Share ${name} with everyone`}
            aria-pressed={is_shared}
            onClick={() => void changeView(id, { is_shared: !is_shared }).catch(tellFailure)}
          >
            {is_shared ? <UsersIcon size={13} aria-hidden /> : <UserIcon size={13} aria-hidden />}
          </IconButton>
          <IconButton label={`Delete view ${name}`} onClick={() => void remove().catch(tellFailure)}>
            <Trash2Icon size={13} aria-hidden />
          </IconButton>
        </>
      )}
    </>
  )
}

interface SaveFormProps {
  place: AddressState
  mine: readonly View[]
  onClose: () => void
}

function SaveForm({ place, mine, onClose }: SaveFormProps) {
  const saved = mine.find(({ name }) => name === place.address.ui.view)
  const is_changed = saved !== undefined && !isShown(saved, place.search)
  const [name, setName] = useState('')
  const [is_shared, setShared] = useState(false)
  const [error, setError] = useState<string>()
  const finish = (as: string): void => {
    place.setUi({ view: as })
    onClose()
    showToast(`View “${as}” saved`, { tone: 'good' })
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const text = name.trim()
    if (text === '') return setError('Give the view a name.')
    try {
      await createView(text, place.search, is_shared)
      finish(text)
    } catch (problem) {
      setError(isApiError(problem, 'already_exists') ? 'You have a view of this name.' : describeError(problem))
    }
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      {is_changed && <SaveChanges view={saved} search={place.search} onSaved={() => finish(saved.name)} />}
      <Field label="Save what is shown as a view" error={error}>
        {(ids) => (
          <span className={css.save}>
            <input
              {...ids}
              className={inputClass}
              placeholder="Name"
              maxLength={NAME_CHARACTERS_MAX}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button type="submit">Save</Button>
          </span>
        )}
      </Field>
      <label className={checkClass}>
        <input
          type="checkbox"
          className={checkboxClass}
          checked={is_shared}
          onChange={(event) => setShared(event.target.checked)}
        />
        Share with everyone
      </label>
    </form>
  )
}

function SaveChanges({ view, search, onSaved }: { view: View; search: Search; onSaved: () => void }) {
  const save = (): void => {
    if (view.id !== undefined) changeView(view.id, toViewContent(search)).then(onSaved, tellFailure)
  }
  return (
    <Button onClick={save}>
      <BookmarkIcon size={14} aria-hidden />
      Save changes to “{view.name}”
    </Button>
  )
}
