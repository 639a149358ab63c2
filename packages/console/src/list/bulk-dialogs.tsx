import { type FormEvent, useEffect, useState } from 'react'
import { Button, checkboxClass, checkClass, Field, inputClass } from '../parts/basics.tsx'
import css from '../parts/dialogs.module.css'
import { formatCount, formatNumber } from '../parts/format.ts'
import { Dialog } from '../parts/popup.tsx'
import { type BulkAction, type BulkFailures, type BulkRow, bulkFailures } from './bulk-state.ts'
import type { RowKind } from './row-kinds.ts'
import { startBulk } from './start-bulk.ts'
import type { ListState } from './use-list.ts'
import type { Selection } from './use-selection.ts'
import { validateScore } from './validate.ts'

interface Asked {
  count: number
  action: BulkAction
  is_final?: boolean
  answer: (is_confirmed: boolean) => void
}

/** Forms of changes of many rows. */
export type BulkForm = 'bulk-tags' | 'bulk-score' | 'bulk-delete' | 'bulk-restore'

interface BulkDialogsProps {
  kind: RowKind
  form: BulkForm | null
  onClose: () => void
  selection: Selection<BulkRow>
  list: ListState<BulkRow>
  asked: Asked | null
  failed: BulkFailures | null
}

const TYPED_FROM = 1000
const FAILURES_SHOWN = 200

export default function BulkDialogs({ kind, form, onClose, selection, list, asked, failed }: BulkDialogsProps) {
  const run = (action: Omit<BulkAction, 'kind'>): void => {
    onClose()
    void startBulk(selection, list.count, { kind, ...action })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: these need no form; a count of many is confirmed
  useEffect(() => {
    if (form === 'bulk-delete')
      run({ verb: 'deleted', fields: [], ...(kind.list === 'leads' && { job: { job_type: 'delete' } }) })
    if (form === 'bulk-restore') run({ verb: 'restored', fields: [], is_restore: true })
  }, [form])
  if (asked) return <ConfirmDialog {...asked} />
  if (failed) return <FailuresDialog {...failed} />
  if (form === 'bulk-tags') return <TagsDialog kind={kind} onClose={onClose} run={run} rows={list.rows} />
  if (form === 'bulk-score') return <ScoreDialog onClose={onClose} run={run} />
  return null
}

function ConfirmDialog({ count, action, is_final = false, answer }: Asked) {
  const [typed, setTyped] = useState('')
  const is_delete = action.verb === 'deleted'
  const name = is_delete ? 'Delete' : action.is_restore ? 'Restore' : 'Change'
  const rows = formatCount(count, action.kind.noun, action.kind.plural)
  const needs_typing = is_final || (is_delete && count >= TYPED_FROM)
  const is_ready = !needs_typing || typed.replace(/\D/g, '') === String(count)
  return (
    <Dialog
      title={`${name} ${rows}?`}
      onClose={() => answer(false)}
      foot={
        <>
          <Button onClick={() => answer(false)}>Cancel</Button>
          <Button look={is_delete ? 'danger' : 'primary'} disabled={!is_ready} onClick={() => answer(true)}>
            {name}
          </Button>
        </>
      }
    >
      <p>
        {rows} will be {action.verb}.{' '}
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

function FailuresDialog({ kind, failures, count = failures.length, repeat }: BulkFailures) {
  const close = (): void => bulkFailures.set(null)
  const listed = failures.slice(0, FAILURES_SHOWN)
  return (
    <Dialog
      title={`${formatCount(count, kind.noun, kind.plural)} not changed`}
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
        {listed.map(({ row, detail }) => (
          <li key={row.id}>
            <a href={`/console/${kind.list}/${row.id}`} target="_blank" rel="noopener">
              {kind.nameOf(row)}
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
  run: (action: Omit<BulkAction, 'kind'>) => void
}

const splitTags = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
]

function TagsDialog({ kind, onClose, run, rows }: FormProps & { kind: RowKind; rows: readonly BulkRow[] }) {
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
    <Dialog title={`Tags of the selected ${kind.plural}`} onClose={onClose} width={400}>
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
