import ExternalLinkIcon from 'lucide-react/icons/external-link'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { describeError } from '../../api/problem.ts'
import { TagList } from '../../list/lead-columns.tsx'
import { isSameValue, type Patch } from '../../list/row-kinds.ts'
import { checkboxClass, hintClass, inputClass } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import css from './lead.module.css'

export interface FieldSpec<Row> {
  field: keyof Row & string
  label: string
  kind: 'text' | 'list' | 'tags' | 'number' | 'notes' | 'flag'
  validate?: (text: string) => string | undefined
  hrefOf?: (text: string) => string | undefined
}

export interface Origin {
  is_person: boolean
  text: string
}

interface FieldRowProps<Row> {
  row: Row
  spec: FieldSpec<Row>
  can_write: boolean
  /** Who set the value; omitted if unknown. */
  origin?: Origin
  onEdit: (row: Row, patch: Patch, what: string) => Promise<void>
}

/** Text in the editor of a value. */
function toDraft(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function fromDraft(
  { kind, validate }: Pick<FieldSpec<unknown>, 'kind' | 'validate'>,
  draft: string,
): { value: unknown } | { error: string } {
  const trimmed = draft.trim()
  if (kind === 'list' || kind === 'tags') {
    const parts = [
      ...new Set(
        trimmed
          .split(kind === 'tags' ? ',' : /[,;\s]+(?=\S)/)
          .map((part) => part.trim())
          .filter(Boolean),
      ),
    ]
    const error = parts.map((part) => validate?.(part)).find(Boolean)
    return error ? { error } : { value: parts }
  }
  if (kind === 'notes') return { value: draft === '' ? null : draft }
  if (trimmed === '') return { value: null }
  const error = validate?.(trimmed)
  if (error) return { error }
  return { value: kind === 'number' ? Number(trimmed) : trimmed }
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** One field: its name, its value, and an editor in its place once it is clicked. */
export function FieldRow<Row extends { id: number }>({ row, spec, can_write, origin, onEdit }: FieldRowProps<Row>) {
  const [is_editing, setEditing] = useState(false)
  const value = row[spec.field]
  const is_changed = useChangedElsewhere(value, is_editing)
  const button = useRef<HTMLButtonElement>(null)
  const close = (has_focus: boolean): void => {
    setEditing(false)
    if (has_focus) requestAnimationFrame(() => button.current?.focus())
  }
  const href = typeof value === 'string' ? spec.hrefOf?.(value) : undefined
  return (
    <div className={css.fieldRow} data-lead={row.id} data-field={spec.field}>
      <span className={css.fieldLabel} id={`label-${spec.field}`}>
        {spec.label}
      </span>
      {spec.kind === 'flag' ? (
        <FlagValue row={row} spec={spec} can_write={can_write} onEdit={onEdit} />
      ) : is_editing ? (
        <FieldEditor row={row} spec={spec} theirs={value} onEdit={onEdit} onClose={close} />
      ) : can_write ? (
        <span className={cx(css.withLink, is_changed && css.changed)}>
          <button
            ref={button}
            type="button"
            className={css.value}
            data-edit={spec.field}
            onClick={() => setEditing(true)}
          >
            <span className="visually-hidden">Edit {spec.label}: </span>
            <span>
              <ShownValue spec={spec} value={value} />
            </span>
          </button>
          {href && <OpenLink href={href} label={spec.label} />}
        </span>
      ) : (
        <span className={cx(css.value, is_changed && css.changed)}>
          {href ? <a href={href}>{String(value)}</a> : <ShownValue spec={spec} value={value} />}
        </span>
      )}
      {!origin || isEmpty(value) || value === false ? (
        <span />
      ) : (
        <span
          className={cx(css.origin, origin.is_person && css.person)}
          role="img"
          aria-label={origin.text}
          data-tip={origin.text}
        />
      )}
    </div>
  )
}

function OpenLink({ href, label }: { href: string; label: string }) {
  const outside = href.startsWith('http') ? { target: '_blank', rel: 'noopener noreferrer' } : {}
  return (
    <a href={href} aria-label={`Open ${label}`} data-tip={href} {...outside}>
      <ExternalLinkIcon size={13} aria-hidden />
    </a>
  )
}

function ShownValue({ spec, value }: { spec: Pick<FieldSpec<unknown>, 'kind'>; value: unknown }): ReactNode {
  if (isEmpty(value))
    return (
      <span className={css.emptyValue} role="img" aria-label="empty">
        &nbsp;
      </span>
    )
  if (spec.kind === 'tags') return <TagList tags={value as string[]} max={20} />
  if (spec.kind === 'notes') return <bdi style={{ whiteSpace: 'pre-wrap' }}>{String(value)}</bdi>
  return <bdi>{toDraft(value)}</bdi>
}

/** True for a second after another user changed the value. */
function useChangedElsewhere(value: unknown, is_editing: boolean): boolean {
  const before = useRef(value)
  const [is_changed, setChanged] = useState(false)
  useEffect(() => {
    if (isSameValue(before.current, value)) return
    before.current = value
    if (is_editing) return
    setChanged(true)
    const timer = setTimeout(() => setChanged(false), 1000)
    return () => clearTimeout(timer)
  }, [value, is_editing])
  return is_changed
}

function FlagValue<Row>({ row, spec, can_write, onEdit }: FieldRowProps<Row>) {
  const value = row[spec.field] === true
  return (
    <label className={cx(css.value, css.flag)}>
      <input
        type="checkbox"
        className={checkboxClass}
        aria-labelledby={`label-${spec.field}`}
        checked={value}
        disabled={!can_write}
        onChange={(event) => void onEdit(row, { [spec.field]: event.target.checked }, spec.label).catch(() => {})}
      />
    </label>
  )
}

interface FieldEditorProps<Row> {
  row: Row
  spec: FieldSpec<Row>
  theirs: unknown
  onEdit: FieldRowProps<Row>['onEdit']
  onClose: (has_focus: boolean) => void
}

function FieldEditor<Row>({ row, spec, theirs, onEdit, onClose }: FieldEditorProps<Row>) {
  const [base] = useState(row)
  const [draft, setDraft] = useState(toDraft(row[spec.field]))
  const [error, setError] = useState<string>()
  const is_done = useRef(false)
  const save = async (has_focus: boolean): Promise<void> => {
    if (is_done.current) return
    const read = fromDraft(spec, draft)
    if ('error' in read) {
      setError(read.error)
      return
    }
    is_done.current = true
    try {
      const saving = onEdit(base, { [spec.field]: read.value }, spec.label)
      onClose(has_focus)
      await saving
    } catch (failure) {
      setError(describeError(failure))
    }
  }
  const cancel = (): void => {
    is_done.current = true
    onClose(true)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.key === 'Escape') cancel()
    else if (event.key === 'Enter' && (spec.kind !== 'notes' || event.metaKey || event.ctrlKey)) {
      event.preventDefault()
      void save(true)
    }
  }
  const shared = {
    'aria-labelledby': `label-${spec.field}`,
    'aria-invalid': error ? true : undefined,
    autoFocus: true,
    className: inputClass,
    value: draft,
    onKeyDown,
    onBlur: () => void save(false),
  }
  const is_changed_elsewhere = !isSameValue(theirs, base[spec.field])
  return (
    <div className={css.editor}>
      {spec.kind === 'notes' ? (
        <textarea {...shared} rows={5} maxLength={100_000} onChange={(event) => setDraft(event.target.value)} />
      ) : (
        <input {...shared} onChange={(event) => setDraft(event.target.value)} />
      )}
      {error && <p role="alert">{error}</p>}
      {(spec.kind === 'list' || spec.kind === 'tags') && <p className={hintClass}>Several with commas between them.</p>}
      {is_changed_elsewhere && <p className={hintClass}>Somebody set it to: {toDraft(theirs) || '(empty)'}</p>}
    </div>
  )
}
