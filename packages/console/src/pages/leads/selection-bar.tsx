import DownloadIcon from 'lucide-react/icons/download'
import StarIcon from 'lucide-react/icons/star'
import TagIcon from 'lucide-react/icons/tag'
import Trash2Icon from 'lucide-react/icons/trash-2'
import XIcon from 'lucide-react/icons/x'
import type { ListedLead } from '../../api/queries.ts'
import { leadStatuses } from '../../list/definitions.ts'
import { StatusDot } from '../../list/status.tsx'
import css from '../../list/toolbar.module.css'
import type { ListState } from '../../list/use-list.ts'
import { Button, IconButton } from '../../parts/basics.tsx'
import { formatNumber, formatRowCount } from '../../parts/format.ts'
import { Menu, usePopup } from '../../parts/popup.tsx'
import type { LeadsDialog } from './dialogs-props.ts'
import { startBulk } from './start-bulk.ts'
import type { Selection } from './use-selection.ts'

interface SelectionBarProps {
  selection: Selection
  list: ListState<ListedLead>
  can_write: boolean
  openDialog: (dialog: LeadsDialog) => void
}

/** What can be done with the chosen leads. */
export default function SelectionBar({ selection, list, can_write, openDialog }: SelectionBarProps) {
  const status = usePopup()
  const { ids, is_all } = selection
  if (ids.size === 0) return null
  const count_text = is_all && list.count ? formatRowCount(list.count) : formatNumber(ids.size)
  const can_extend = !is_all && list.has_more && ids.size >= list.rows.length
  return (
    <div className={css.selection} role="toolbar" aria-label="Selection">
      <strong aria-live="polite">{count_text} selected</strong>
      {can_extend && list.count && (
        <Button look="ghost" onClick={selection.selectAll}>
          Select all {formatRowCount(list.count)}
        </Button>
      )}
      {can_write && (
        <>
          <Button data-bulk="status" shortcut="S" onClick={(event) => status.open(event.currentTarget, true)}>
            Status
          </Button>
          <Button data-bulk="tags" shortcut="T" onClick={() => openDialog('bulk-tags')}>
            <TagIcon size={14} aria-hidden />
            <span className={css.label}>Tags</span>
          </Button>
          <Button onClick={() => openDialog('bulk-score')}>
            <StarIcon size={14} aria-hidden />
            <span className={css.label}>Score</span>
          </Button>
          <Button data-bulk="delete" shortcut="⌫" onClick={() => openDialog('bulk-delete')}>
            <Trash2Icon size={14} aria-hidden />
            <span className={css.label}>Delete</span>
          </Button>
        </>
      )}
      <Button onClick={() => openDialog('export-selected')}>
        <DownloadIcon size={14} aria-hidden />
        <span className={css.label}>Export</span>
      </Button>
      <IconButton label="Clear the selection" shortcut="Esc" onClick={selection.clear}>
        <XIcon size={15} aria-hidden />
      </IconButton>
      {status.is_open && (
        <Menu
          anchor={status.anchor}
          label="Set the status"
          onClose={status.close}
          entries={statusEntries(selection, list)}
        />
      )}
    </div>
  )
}

const statusEntries = (selection: Selection, list: ListState<ListedLead>) =>
  leadStatuses.map(({ value, label }) => ({
    label,
    icon: <StatusDot status={value} />,
    onSelect: () =>
      void startBulk(selection, list.count, {
        verb: `set to ${label.toLowerCase()}`,
        fields: ['lead_status'],
        patchOf: () => ({ lead_status: value }),
        job: { job_type: 'update', patch: { lead_status: value } },
      }),
  }))
