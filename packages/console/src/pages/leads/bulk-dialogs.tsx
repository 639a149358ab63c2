import { type FormEvent, useEffect, useState } from 'react'
import type { ListedLead } from '../../api/queries.ts'
import { type BulkAction, type BulkFailures, bulkFailures } from '../../list/bulk-state.ts'
import { leadName } from '../../list/lead-columns.tsx'
import { validateScore } from '../../list/validate.ts'
import { Button, checkboxClass, checkClass, Field, inputClass } from '../../parts/basics.tsx'
import { formatCount, formatNumber } from '../../parts/format.ts'
import { Dialog } from '../../parts/popup.tsx'
import css from './dialogs.module.css'
import type { DialogsProps } from './dialogs-props.ts'
import { startBulk } from './start-bulk.ts'

interface Asked {
  count: number
  action: BulkAction
  is_final?: boolean
  answer: (is_confirmed: boolean) => void
}

type BulkDialogsProps = DialogsProps & {
  asked: Asked | null
  failed: BulkFailures | null
}

const TYPED_FROM = 1000
const FAILURES_SHOWN = 200

export default function BulkDialogs({ dialog, onClose, selection, list, asked, failed }: BulkDialogsProps) {
  const run = (action: BulkAction): void => {
    onClose()
    void startBulk(selection, list.count, action)
  }
  const is_delete = dialog === 'bulk-delete'
  // biome-ignore lint/correctness/useExhaustiveDependencies: deleting needs no form; a count of many is confirmed
  useEffect(() => {
    if (is_delete) run({ verb: 'deleted', fields: [], job: { job_type: 'delete' } })
  }, [is_delete])
  if (asked) return <ConfirmDialog {...asked} />
  if (failed) return <FailuresDialog {...failed} />
  if (dialog === 'bulk-tags') return <TagsDialog onClose={onClose} run={run} rows={list.rows} />
  if (dialog === 'bulk-score') return <ScoreDialog onClose={onClose} run={run} />
  return null
}

function ConfirmDialog({ count, action, is_final = false, answer }: Asked) {
  const [typed, setTyped] = useState('')
  const is_delete = !action.patchOf
  const needs_typing = is_final || (is_delete && count >= TYPED_FROM)
  const is_ready = !needs_typing || typed.replace(/\D/g, '') === String(count)
  return (
    <Dialog
      title={is_delete ? `Delete ${formatCount(count, 'lead')}?` : `Change ${formatCount(count, 'lead')}?`}
      onClose={() => answer(false)}
      foot={
        <>
          <Button onClick={() => answer(false)}>Cancel</Button>
          <Button look={is_delete ? 'danger' : 'primary'} disabled={!is_ready} onClick={() => answer(true)}>
            {is_delete ? 'Delete' : 'Change'}
          </Button>
        </>
      }
    >
      <p>
        {formatCount(count, 'lead')} will be {action.verb}.{' '}
        {is_final ? 'They are too many to be undone at once.' : 'You can undo it afterwards.'}
      </p>
      {needs_typing && (
        <Field label={`Type ${count} to confirm`}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              inputMode="numeric"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      )}
    </Dialog>
  )
}

function FailuresDialog({ failures, count = failures.length, repeat }: BulkFailures) {
  const close = (): void => bulkFailures.set(null)
  const listed = failures.slice(0, FAILURES_SHOWN)
  return (
    <Dialog
      title={`${formatCount(count, 'lead')} not changed`}
      onClose={close}
      width={560}
      foot={
        <>
          <Button onClick={close}>Close</Button>
          {repeat && (
            <Button
              look="primary"
              onClick={() => {
                close()
                repeat()
              }}
            >
              Repeat for these
            </Button>
          )}
        </>
      }
    >
      <ul className={css.failures}>
        {listed.map(({ lead, detail }) => (
          <li key={lead.id}>
            <a href={`/console/leads/${lead.id}`} target="_blank" rel="noopener">
              {leadName(lead)}
            </a>
            <span>{detail}</span>
          </li>
        ))}
      </ul>
      {count > listed.length && <p>and {formatNumber(count - listed.length)} more.</p>}
    </Dialog>
  )
}

interface FormProps {
  onClose: () => void
  run: (action: BulkAction) => void
}

const splitTags = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
]

function TagsDialog({ onClose, run, rows }: FormProps & { rows: readonly ListedLead[] }) {
  const [added, setAdded] = useState('')
  const [removed, setRemoved] = useState('')
  const known = [...new Set(rows.flatMap(({ tags = [] }) => tags))].slice(0, 100)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const [more, less] = [splitTags(added), new Set(splitTags(removed))]
    if (more.length === 0 && less.size === 0) return
    run({
      verb: 'tagged',
      fields: ['tags'],
      patchOf: ({ tags = [] }) => ({ tags: [...new Set([...tags.filter((tag) => !less.has(tag)), ...more])] }),
    })
  }
  const input = (label: string, value: string, set: (text: string) => void) => (
    <Field label={label} hint="Several with commas between them.">
      {(ids) => (
        <input
          {...ids}
          className={inputClass}
          list="known-tags"
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  )
  return (
    <Dialog title="Tags of the selected leads" onClose={onClose} width={400}>
      <form className={css.form} onSubmit={submit}>
        {input('Add', added, setAdded)}
        {input('Remove', removed, setRemoved)}
        <datalist id="known-tags">
          {known.map((tag) => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
        <Button type="submit" look="primary">
          Apply
        </Button>
      </form>
    </Dialog>
  )
}

function ScoreDialog({ onClose, run }: FormProps) {
  const [text, setText] = useState('')
  const [is_none, setNone] = useState(false)
  const [error, setError] = useState<string>()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const problem = is_none ? undefined : validateScore(text.trim())
    setError(problem)
    if (problem) return
    const lead_score = is_none ? null : Number(text)
    run({
      verb: is_none ? 'left without a score' : `scored ${text}`,
      fields: ['lead_score'],
      patchOf: () => ({ lead_score }),
      job: { job_type: 'update', patch: { lead_score } },
    })
  }
  return (
    <Dialog title="Score of the selected leads" onClose={onClose} width={360}>
      <form className={css.form} onSubmit={submit}>
        <Field label="Score" hint="0 to 100" error={error}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              inputMode="numeric"
              disabled={is_none}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <label className={checkClass}>
          <input
            type="checkbox"
            className={checkboxClass}
            checked={is_none}
            onChange={(event) => setNone(event.target.checked)}
          />
          No score
        </label>
        <Button type="submit" look="primary">
          Apply
        </Button>
      </form>
    </Dialog>
  )
}
