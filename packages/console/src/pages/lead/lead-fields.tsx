import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import ExternalLinkIcon from 'lucide-react/icons/external-link'
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { describeError } from '../../api/problem.ts'
import { eventsQuery, type Lead, type LeadEvent } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { TagList } from '../../list/lead-columns.tsx'
import { isSameValue } from '../../list/row-kinds.ts'
import { validateDomain, validateEmail, validatePhone, validateScore } from '../../list/validate.ts'
import { checkboxClass, hintClass, inputClass } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { domainHref, emailHref, formatDate, phoneHref } from '../../parts/format.ts'
import { editLead } from '../leads/edit-lead.ts'
import css from './lead.module.css'

interface FieldSpec {
  field: keyof Lead & string
  label: string
  kind: 'text' | 'list' | 'tags' | 'number' | 'notes' | 'flag'
  validate?: (text: string) => string | undefined
  hrefOf?: (text: string) => string | undefined
}

interface FieldGroup {
  title: string
  fields: readonly FieldSpec[]
}

const text = (field: FieldSpec['field'], label: string, more: Partial<FieldSpec> = {}): FieldSpec => ({
  field,
  label,
  kind: 'text',
  ...more,
})

export const fieldGroups: readonly FieldGroup[] = [
  {
    title: 'Contact',
    fields: [
      text('full_name', 'Name'),
      text('first_name', 'First name'),
      text('last_name', 'Last name'),
      text('title', 'Title'),
      text('email', 'Email', { validate: validateEmail, hrefOf: emailHref }),
      text('email_verified', 'Email verified', { kind: 'flag' }),
      text('additional_emails', 'More emails', { kind: 'list', validate: validateEmail }),
      text('phone', 'Phone', { validate: validatePhone, hrefOf: phoneHref }),
      text('phone_verified', 'Phone verified', { kind: 'flag' }),
      text('additional_phones', 'More phones', { kind: 'list', validate: validatePhone }),
    ],
  },
  {
    title: 'Company',
    fields: [
      text('company_name', 'Company'),
      text('company_domain', 'Domain', { validate: validateDomain, hrefOf: domainHref }),
      text('industry', 'Industry'),
    ],
  },
  {
    title: 'Place',
    fields: [
      text('city', 'City'),
      text('state', 'State'),
      text('postal_code', 'Postal code'),
      text('country', 'Country'),
    ],
  },
  {
    title: 'Pipeline',
    fields: [
      text('lead_score', 'Score', { kind: 'number', validate: validateScore }),
      text('tags', 'Tags', { kind: 'tags' }),
      text('notes', 'Notes', { kind: 'notes' }),
    ],
  },
]

export function LeadFields({ lead }: { lead: Lead }) {
  const can_write = useScope('write') && !lead.is_deleted
  const origins = useOrigins(lead)
  return (
    <>
      {fieldGroups.map(({ title, fields }) => (
        <section key={title} className={css.group} aria-label={title}>
          <h3 className={css.groupTitle}>{title}</h3>
          {fields.map((spec) => (
            <FieldRow key={spec.field} lead={lead} spec={spec} can_write={can_write} origin={origins(spec.field)} />
          ))}
        </section>
      ))}
    </>
  )
}

interface Origin {
  is_person: boolean
  text: string
}

const isMachine = (event: LeadEvent): boolean =>
  event.actor === 'apify-sync' || event.event_source === 'apify' || event.event_source === 'import'

/** Who set a field last, by the newest event that tells of it. What a person set, imports leave alone. */
function useOrigins(lead: Lead): (field: string) => Origin {
  const { data } = useQuery({
    queryKey: ['lead', lead.id, 'origins', lead.version],
    queryFn: async ({ client }) => (await client.fetchInfiniteQuery(eventsQuery(lead.id))).pages[0]?.data ?? [],
  })
  const events = data ?? []
  return (field) => {
    const event = events.find(({ changed_fields }) => changed_fields && field in changed_fields)
    if (event && !isMachine(event))
      return {
        is_person: true,
        text: `Edited by ${event.actor ?? 'somebody'}, ${formatDate(event.event_timestamp)}: imports leave it alone`,
      }
    const run = (event?.event_data?.run_id as string | undefined) ?? lead.run_id
    const when = formatDate(event?.event_timestamp ?? lead.created_at)
    return {
      is_person: false,
      text: run ? `From run ${run}, ${when}` : `From ${lead.created_by ?? lead.source}, ${when}`,
    }
  }
}

interface FieldRowProps {
  lead: Lead
  spec: FieldSpec
  can_write: boolean
  origin: Origin
}

/** Text in the editor of a value. */
function toDraft(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}

function fromDraft({ kind, validate }: FieldSpec, draft: string): { value: unknown } | { error: string } {
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

function FieldRow({ lead, spec, can_write, origin }: FieldRowProps) {
  const [is_editing, setEditing] = useState(false)
  const value = lead[spec.field]
  const is_changed = useChangedElsewhere(value, is_editing)
  const button = useRef<HTMLButtonElement>(null)
  const close = (has_focus: boolean): void => {
    setEditing(false)
    if (has_focus) requestAnimationFrame(() => button.current?.focus())
  }
  const href = typeof value === 'string' ? spec.hrefOf?.(value) : undefined
  return (
    <div className={css.fieldRow} data-lead={lead.id} data-field={spec.field}>
      <span className={css.fieldLabel} id={`label-${spec.field}`}>
        {spec.label}
      </span>
      {spec.kind === 'flag' ? (
        <FlagValue lead={lead} spec={spec} can_write={can_write} />
      ) : is_editing ? (
        <FieldEditor lead={lead} spec={spec} theirs={value} onClose={close} />
      ) : can_write ? (
        <span className={cx(css.withLink, is_changed && css.changed)}>
          <button
            ref={button}
            type="button"
            className={css.value}
            aria-label={`Edit ${spec.label}`}
            aria-describedby={`value-${spec.field}`}
            onClick={() => setEditing(true)}
          >
            <span id={`value-${spec.field}`}>
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
      {isEmpty(value) || value === false ? (
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

function ShownValue({ spec, value }: { spec: FieldSpec; value: unknown }): ReactNode {
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

/** True for a second after the value was changed by somebody else. */
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

function FlagValue({ lead, spec, can_write }: Omit<FieldRowProps, 'origin'>) {
  const value = lead[spec.field] === true
  return (
    <label className={cx(css.value, css.flag)}>
      <input
        type="checkbox"
        className={checkboxClass}
        aria-labelledby={`label-${spec.field}`}
        checked={value}
        disabled={!can_write}
        onChange={(event) => void editLead(lead, { [spec.field]: event.target.checked }, spec.label).catch(() => {})}
      />
    </label>
  )
}

interface FieldEditorProps {
  lead: Lead
  spec: FieldSpec
  theirs: unknown
  onClose: (has_focus: boolean) => void
}

function FieldEditor({ lead, spec, theirs, onClose }: FieldEditorProps) {
  const [base] = useState(lead)
  const [draft, setDraft] = useState(toDraft(lead[spec.field]))
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
      const saving = editLead(base, { [spec.field]: read.value }, spec.label)
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

/** The company that a lead is linked with. */
export const CompanyLink = ({ lead }: { lead: Lead }) =>
  lead.company_id ? (
    <Link to="/companies/$id" params={{ id: String(lead.company_id) }}>
      {lead.company?.name ?? lead.company_name ?? `Company ${lead.company_id}`}
    </Link>
  ) : (
    lead.company_name
  )
