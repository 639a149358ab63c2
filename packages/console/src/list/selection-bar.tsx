import RotateCcwIcon from 'lucide-react/icons/rotate-ccw'
import TagIcon from 'lucide-react/icons/tag'
import Trash2Icon from 'lucide-react/icons/trash-2'
import XIcon from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { Button, IconButton } from '../parts/basics.tsx'
import { formatNumber, formatRowCount } from '../parts/format.ts'
import type { BulkForm } from './bulk-dialogs.tsx'
import type { BulkRow } from './bulk-state.ts'
import css from './toolbar.module.css'
import type { ListState } from './use-list.ts'
import type { Selection } from './use-selection.ts'

interface SelectionBarProps {
  selection: Selection<BulkRow>
  list: ListState<BulkRow>
  can_write: boolean
  openForm: (form: BulkForm) => void
  /** What is done with rows of this list only, before and after the rest. */
  first?: ReactNode
  last?: ReactNode
}

/** What can be done with the chosen rows. */
export function SelectionBar({ selection, list, can_write, openForm, first, last }: SelectionBarProps) {
  const { ids, is_all } = selection
  if (ids.size === 0) return null
  const count_text = is_all && list.count ? formatRowCount(list.count) : formatNumber(ids.size)
  const can_extend = !is_all && list.has_more && ids.size >= list.rows.length
  const has_deleted = selection.rows.some(({ is_deleted }) => is_deleted)
  const has_others = selection.rows.some(({ is_deleted }) => !is_deleted)
  return (
    <div className={css.selection} role="toolbar" aria-label="Selection">
      <strong aria-live="polite">{count_text} selected</strong>
      {can_extend && list.count && (
        <Button look="ghost" onClick={selection.selectAll}>
          Select all {formatRowCount(list.count)}
        </Button>
      )}
      {can_write && has_others && (
        <>
          {first}
          <Button data-bulk="tags" shortcut="T" onClick={() => openForm('bulk-tags')}>
            <TagIcon size={14} aria-hidden />
            <span className={css.label}>Tags</span>
          </Button>
          <Button data-bulk="delete" shortcut="⌫" onClick={() => openForm('bulk-delete')}>
            <Trash2Icon size={14} aria-hidden />
            <span className={css.label}>Delete</span>
          </Button>
        </>
      )}
      {can_write && has_deleted && (
        <Button onClick={() => openForm('bulk-restore')}>
          <RotateCcwIcon size={14} aria-hidden />
          <span className={css.label}>Restore</span>
        </Button>
      )}
      {last}
      <IconButton label="Clear the selection" shortcut="Esc" onClick={selection.clear}>
        <XIcon size={15} aria-hidden />
      </IconButton>
    </div>
  )
}
