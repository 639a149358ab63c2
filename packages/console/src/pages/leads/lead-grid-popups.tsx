import type { ListedLead } from '../../api/queries.ts'
import { EditPopup } from '../../list/edit-popups.tsx'
import { Menu } from '../../parts/popup.tsx'
import { editLeadQuietly } from './edit-lead.ts'
import type { LeadGridProps } from './lead-grid-props.ts'
import { leadMenu } from './lead-menu.tsx'

/** Editors over a cell, and the menu of a row. */
export default function LeadGridPopups({ place, list, popups, selection, can_write, onOpen, state }: LeadGridProps) {
  const { editor, menu } = popups
  const focusBack = (): HTMLElement | null =>
    document.querySelector(`[data-row="${state.active.row}"][data-column="${state.active.column}"]`)
  const edited = editor.value
  const spec = edited?.column.editor
  const edited_row = list.rows.find(({ id }) => id === edited?.lead.id) ?? edited?.lead
  return (
    <>
      {edited && spec && edited_row && (
        <EditPopup
          anchor={editor.anchor}
          editor={spec}
          label={edited.column.label}
          value={edited_row[spec.field as keyof ListedLead]}
          known_tags={knownTags(list.rows)}
          onSave={(value) => editLeadQuietly(edited_row, { [spec.field]: value }, edited.column.label)}
          onClose={editor.close}
        />
      )}
      {menu.value && (
        <Menu
          anchor={menu.anchor}
          label="Lead"
          focusBack={focusBack}
          onClose={menu.close}
          entries={leadMenu({ ...menu.value, place, can_write, selection, onOpen, popups })}
        />
      )}
    </>
  )
}

const TAGS_MAX = 100

/** Tags of the rows at hand, most frequent first: what a person most likely wants to add. */
function knownTags(rows: readonly ListedLead[]): string[] {
  const counts = new Map<string, number>()
  for (const { tags = [] } of rows) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, TAGS_MAX)
    .map(([tag]) => tag)
}
