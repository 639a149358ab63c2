import { useEffect } from 'react'
import { useStore } from '../api/store.ts'
import { Button, Time } from '../parts/basics.tsx'
import { Dialog, Popover } from '../parts/popup.tsx'
import popups from '../parts/popups.module.css'
import type { Column } from './columns.ts'
import css from './conflict.module.css'
import { openConflicts } from './conflict.ts'

const showValue = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? '(empty)'
    : Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)

/** A page that is left keeps what the others stored. */
function leaveOpenConflicts(): void {
  for (const { choose } of openConflicts.get()) choose('theirs')
}

/** Two people changed one field: both values, who changed it and when, and the choice between them. */
export function ConflictHost<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  const [conflict] = useStore(openConflicts)
  useEffect(() => leaveOpenConflicts, [])
  if (!conflict) return null
  const label = columns.find(({ editor, id }) => (editor?.field ?? id) === conflict.field)?.label ?? conflict.field
  const anchor = document.querySelector(`[data-lead="${conflict.id}"][data-field="${conflict.field}"]`)
  const keep = (): void => conflict.choose('theirs')
  const content = (
    <div className={popups.form}>
      <p>
        Changed by <b>{conflict.who}</b> <Time value={conflict.when} />
      </p>
      <dl className={css.values}>
        <dt>Theirs</dt>
        <dd>{showValue(conflict.theirs)}</dd>
        <dt>Mine</dt>
        <dd>{showValue(conflict.mine)}</dd>
      </dl>
      <div className={css.buttons}>
        <Button shortcut="Esc" onClick={keep}>
          Keep theirs
        </Button>
        <Button look="primary" shortcut="↵" autoFocus onClick={() => conflict.choose('mine')}>
          Use mine
        </Button>
      </div>
    </div>
  )
  const title = `${label}: changed by somebody else`
  if (anchor)
    return (
      <Popover anchor={anchor} label={title} onClose={keep}>
        {content}
      </Popover>
    )
  return (
    <Dialog title={title} onClose={keep} width={400}>
      {content}
    </Dialog>
  )
}
