import { useState } from 'react'
import { Button, inputClass } from '../parts/basics.tsx'
import { Picker } from '../parts/picker.tsx'
import { Menu, Popover } from '../parts/popup.tsx'
import type { Anchor } from '../parts/popup-types.ts'
import popups from '../parts/popups.module.css'
import type { CellEditor } from './columns.ts'

const NOTES_MAX = 100_000

interface EditPopupProps {
  anchor: Anchor | null
  editor: CellEditor
  label: string
  value: unknown
  /** Tags that are seen around: offered first. */
  known_tags?: readonly string[]
  onSave: (value: unknown) => void
  onClose: () => void
}

/** Editors that open over a cell: a menu, tags, a text of several lines. */
export function EditPopup({ anchor, editor, label, value, known_tags = [], onSave, onClose }: EditPopupProps) {
  if (editor.kind === 'menu')
    return (
      <Menu
        anchor={anchor}
        label={label}
        onClose={onClose}
        entries={(editor.options ?? []).map((option) => ({
          label: option.label,
          icon: option.icon,
          is_checked: option.value === value,
          onSelect: () => onSave(option.value),
        }))}
      />
    )
  if (editor.kind === 'tags')
    return (
      <Popover anchor={anchor} label={label} onClose={onClose}>
        <TagsEditor tags={(value as string[] | undefined) ?? []} known={known_tags} onSave={onSave} onClose={onClose} />
      </Popover>
    )
  return (
    <Popover anchor={anchor} label={label} onClose={onClose}>
      <NotesEditor label={label} text={String(value ?? '')} onSave={onSave} onClose={onClose} />
    </Popover>
  )
}

interface TagsEditorProps {
  tags: readonly string[]
  known: readonly string[]
  onSave: (tags: string[]) => void
  onClose: () => void
}

function TagsEditor({ tags, known, onSave, onClose }: TagsEditorProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(tags))
  const [seen, setSeen] = useState<readonly string[]>([...new Set([...tags, ...known])])
  const toggle = (tag: string): void => {
    const next = new Set(chosen)
    if (!next.delete(tag)) next.add(tag)
    setChosen(next)
    if (!seen.includes(tag)) setSeen([tag, ...seen])
  }
  const save = (): void => {
    onClose()
    onSave([...chosen])
  }
  return (
    <Picker
      label="Tags"
      placeholder="Add or find a tag"
      options={seen.map((tag) => ({ value: tag, label: tag }))}
      chosen={chosen}
      onPick={toggle}
      onTyped={toggle}
      typedLabel={(text) => `Add “${text}”`}
      emptyText="Type a tag and press Enter."
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" onClick={save}>
            Save
          </Button>
        </>
      }
    />
  )
}

interface NotesEditorProps {
  label: string
  text: string
  onSave: (text: string | null) => void
  onClose: () => void
}

function NotesEditor({ label, text, onSave, onClose }: NotesEditorProps) {
  const [draft, setDraft] = useState(text)
  const save = (): void => {
    onClose()
    onSave(draft === '' ? null : draft)
  }
  return (
    <div className={popups.form}>
      <textarea
        aria-label={label}
        className={inputClass}
        rows={7}
        cols={40}
        maxLength={NOTES_MAX}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) save()
        }}
      />
      <Button look="primary" shortcut="⌘↵" onClick={save}>
        Save
      </Button>
    </div>
  )
}
