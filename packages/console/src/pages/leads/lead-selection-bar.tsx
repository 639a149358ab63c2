import DownloadIcon from 'lucide-react/icons/download'
import StarIcon from 'lucide-react/icons/star'
import type { ListedLead } from '../../api/queries.ts'
import { leadStatuses } from '../../list/definitions.ts'
import { leadKind } from '../../list/row-kinds.ts'
import { SelectionBar } from '../../list/selection-bar.tsx'
import { startBulk } from '../../list/start-bulk.ts'
import { StatusDot } from '../../list/status.tsx'
import css from '../../list/toolbar.module.css'
import type { ListState } from '../../list/use-list.ts'
import type { Selection } from '../../list/use-selection.ts'
import { Button } from '../../parts/basics.tsx'
import { Menu, usePopup } from '../../parts/popup.tsx'
import type { LeadsDialog } from './dialogs-props.ts'

interface LeadSelectionBarProps {
  selection: Selection<ListedLead>
  list: ListState<ListedLead>
  can_write: boolean
  openDialog: (dialog: LeadsDialog) => void
}

/** What can be done with the chosen leads. */
export default function LeadSelectionBar({ selection, list, can_write, openDialog }: LeadSelectionBarProps) {
  const status = usePopup()
  return (
    <>
      <SelectionBar
        selection={selection}
        list={list}
        can_write={can_write}
        openForm={openDialog}
        first={
          <>
            <Button data-bulk="status" shortcut="S" onClick={(event) => status.open(event.currentTarget, true)}>
              Status
            </Button>
            <Button onClick={() => openDialog('bulk-score')}>
              <StarIcon size={14} aria-hidden />
              <span className={css.label}>Score</span>
            </Button>
          </>
        }
        last={
          <Button onClick={() => openDialog('export-selected')}>
            <DownloadIcon size={14} aria-hidden />
            <span className={css.label}>Export</span>
          </Button>
        }
      />
      {status.is_open && (
        <Menu
          anchor={status.anchor}
          label="Set the status"
          onClose={status.close}
          entries={statusEntries(selection, list)}
        />
      )}
    </>
  )
}

const statusEntries = (selection: Selection<ListedLead>, list: ListState<ListedLead>) =>
  leadStatuses.map(({ value, label }) => ({
    label,
    icon: <StatusDot status={value} />,
    onSelect: () =>
      void startBulk(selection, list.count, {
        kind: leadKind,
        verb: `set to ${label.toLowerCase()}`,
        fields: ['lead_status'],
        patchOf: () => ({ lead_status: value }),
        job: { job_type: 'update', patch: { lead_status: value } },
      }),
  }))
