import { Button, Time } from '../parts/basics.tsx'
import { Dialog, Popover } from '../parts/popup.tsx'
import popups from '../parts/popups.module.css'
import css from './conflict.module.css'
import type { OpenConflict } from './conflict.ts'

const showValue = (value: unknown): string =>
  value === null || value === undefined || value === ''
    ? '(empty)'
    : Array.isArray(value)
      ? value.join(', ')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)

/** Two people changed one field: both values, who changed it and when, and the choice between them. */
export default function ConflictPanel({ conflict, label }: { conflict: OpenConflict; label: string }) {
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
        <Button look="primary" shortcut="↵" data-autofocus onClick={() => conflict.choose('mine')}>
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
