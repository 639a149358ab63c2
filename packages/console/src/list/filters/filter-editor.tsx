import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useDeferredValue, useState } from 'react'
import { facetsQuery } from '../../api/page-queries.ts'
import { statsQuery } from '../../api/queries.ts'
import { Button, Field, inputClass } from '../../parts/basics.tsx'
import { formatNumber, formatRowCount } from '../../parts/format.ts'
import { Picker, type PickerOption } from '../../parts/picker.tsx'
import popups from '../../parts/popups.module.css'
import type { Filter } from '../address.ts'
import type { FilterField } from '../definitions.ts'
import css from './filters.module.css'

interface EditorProps {
  field: FilterField
  /** Filters of this field now in force. */
  current: readonly Filter[]
  /** Replaces them. */
  onChange: (filters: readonly Filter[]) => void
  onClose: () => void
}

const VALUES_MAX = 50
const DAY_MS = 86_400_000

/** The editor of one filter, by the kind of its field. */
export function FilterEditor(props: EditorProps) {
  if (props.field.kind === 'time') return <TimeEditor {...props} />
  if (props.field.kind === 'integer') return <NumberEditor {...props} />
  return <ValuesEditor {...props} />
}

const only = (filters: readonly Filter[], operator: Filter['operator']): readonly string[] =>
  filters.find((filter) => filter.operator === operator)?.values ?? []

/** Maximum of values that the API returns. */
const FACETS_MAX = 50

const contains =
  (text: string) =>
  ({ value }: { value: string }): boolean =>
    value.toLowerCase().includes(text.trim().toLowerCase())

/** Values in the list, most frequent first; for long lists those that begin with the typed text. */
function useFieldOptions(field: FilterField, typed: string): readonly PickerOption[] {
  const { values_from } = field
  const { data } = useQuery({ ...statsQuery({}), enabled: values_from === 'by_actor' })
  const list = values_from === 'companies' ? 'companies' : 'leads'
  const has_facets = values_from === 'leads' || values_from === 'companies'
  const all = useQuery({ ...facetsQuery(list, field.field, ''), enabled: has_facets })
  const is_whole = (all.data?.length ?? 0) < FACETS_MAX
  const prefix = useDeferredValue(typed)
  const some = useQuery({
    ...facetsQuery(list, field.field, prefix),
    enabled: has_facets && !is_whole && prefix !== '',
  })
  const facets = is_whole || prefix === '' ? all : some
  if (field.options) return field.options
  if (has_facets)
    return (facets.data ?? []).filter(contains(prefix)).map(({ value, leads_count, relation }) => ({
      value,
      label: value,
      note: formatRowCount({ value: leads_count, relation }),
    }))
  if (data && values_from === 'by_actor')
    return data.by_actor.flatMap(({ actor_id, actor_name, synced_records }) =>
      actor_id ? [{ value: actor_id, label: actor_name ?? actor_id, note: formatNumber(synced_records) }] : [],
    )
  return []
}

/** Values to tick, or to type if there is no list of them; a pasted list becomes several. */
function ValuesEditor({ field, current, onChange, onClose }: EditorProps) {
  const is_tags = field.kind === 'tags'
  const [operator, setOperator] = useState<Filter['operator']>(is_tags ? 'has' : currentOperator(current))
  const has_one_each = operator !== 'in'
  const chosen = current.filter((filter) => filter.operator === operator).flatMap(({ values }) => values)
  const [typed, setTyped] = useState('')
  const known = useFieldOptions(field, typed)
  const extra = chosen.filter((value) => !known.some((option) => option.value === value))
  const options = [...extra.map((value) => ({ value, label: value })), ...known]
  const set = (values: readonly string[]): void => {
    const kept = [...new Set(values)].slice(0, VALUES_MAX)
    if (kept.length === 0) onChange([])
    else if (has_one_each) {
      // Two beginnings cannot both hold; several tags, or values to leave out, can.
      const each = operator === 'prefix' ? kept.slice(-1) : kept
      onChange(each.map((value) => ({ field: field.field, operator, values: [value] })))
    } else onChange([{ field: field.field, operator, values: kept }])
  }
  const toggle = (value: string): void =>
    set(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value])
  const empty = current.find((filter) => filter.operator === 'is_null' || filter.operator === 'is_not_null')
  return (
    <>
      {hasOperators(field) && (
        <OperatorButtons
          field={field}
          operator={empty?.operator ?? operator}
          onChange={(next) => {
            if (next === 'is_null' || next === 'is_not_null')
              onChange(empty?.operator === next ? [] : [{ field: field.field, operator: next, values: [] }])
            else setOperator(next)
          }}
        />
      )}
      <Picker
        label={`Values of ${field.label}`}
        placeholder={options.length > 0 ? `${field.label} …` : `Type or paste: ${field.label}`}
        options={options}
        chosen={new Set(chosen)}
        {...(field.values_from && field.values_from !== 'by_actor' && { onQuery: setTyped })}
        onPick={toggle}
        {...(!field.options && {
          onTyped: (text: string) => set([...chosen, ...splitPasted(text)]),
          typedLabel: (text: string) => `“${text}”`,
        })}
        emptyText={field.options ? 'Nothing matches.' : 'Type a value and press Enter.'}
        foot={
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        }
      />
    </>
  )
}

const splitPasted = (text: string): string[] =>
  text
    .split(/[\n;\t]+/)
    .map((each) => each.trim())
    .filter(Boolean)

const currentOperator = (current: readonly Filter[]): Filter['operator'] =>
  current.find(({ operator }) => operator === 'not' || operator === 'prefix')?.operator ?? 'in'

const hasOperators = ({ kind, options }: FilterField): boolean =>
  kind === 'text' || kind === 'prefix_text' || kind === 'tags' || (kind === 'choice' && options !== undefined)

const operatorLabels: readonly (readonly [Filter['operator'], string, readonly FilterField['kind'][]])[] = [
  ['in', 'Is', ['text', 'prefix_text', 'choice']],
  ['has', 'Include', ['tags']],
  ['not', 'Is not', ['text', 'prefix_text', 'choice']],
  ['prefix', 'Begins with', ['prefix_text']],
  ['is_null', 'Is empty', ['text', 'prefix_text', 'tags']],
  ['is_not_null', 'Is not empty', ['text', 'prefix_text', 'tags']],
]

interface OperatorProps {
  field: FilterField
  operator: Filter['operator']
  onChange: (operator: Filter['operator']) => void
}

function OperatorButtons({ field, operator, onChange }: OperatorProps) {
  return (
    <div className={css.ops}>
      {operatorLabels
        .filter(([, , kinds]) => kinds.includes(field.kind))
        .map(([value, label]) => (
          <Button
            key={value}
            look={operator === value ? 'primary' : 'plain'}
            aria-pressed={operator === value}
            onClick={() => onChange(value)}
          >
            {label}
          </Button>
        ))}
    </div>
  )
}

interface EmptinessProps {
  operator: Filter['operator'] | undefined
  onChange: (operator: 'is_null' | 'is_not_null' | null) => void
}

function EmptinessButtons({ operator, onChange }: EmptinessProps) {
  const button = (value: 'is_null' | 'is_not_null', label: string) => (
    <Button
      look={operator === value ? 'primary' : 'plain'}
      aria-pressed={operator === value}
      onClick={() => onChange(operator === value ? null : value)}
    >
      {label}
    </Button>
  )
  return (
    <div className={css.ops}>
      {button('is_null', 'Is empty')}
      {button('is_not_null', 'Is not empty')}
    </div>
  )
}

function NumberEditor({ field, current, onChange, onClose }: EditorProps) {
  const [from, setFrom] = useState(only(current, 'gte')[0] ?? '')
  const [to, setTo] = useState(only(current, 'lte')[0] ?? '')
  const [exact, setExact] = useState(only(current, 'in').join(', '))
  const empty = current.find(({ operator }) => operator === 'is_null' || operator === 'is_not_null')
  const name = field.field
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const values = exact.split(/[\s,;]+/).filter(Boolean)
    const filters: Filter[] = []
    if (from) filters.push({ field: name, operator: 'gte', values: [from] })
    if (to) filters.push({ field: name, operator: 'lte', values: [to] })
    if (values.length > 0) filters.push({ field: name, operator: 'in', values: values.slice(0, VALUES_MAX) })
    onChange(filters)
    onClose()
  }
  return (
    <form className={popups.form} onSubmit={submit}>
      {name.endsWith('_score') && (
        <EmptinessButtons
          operator={empty?.operator}
          onChange={(operator) => onChange(operator ? [{ field: name, operator, values: [] }] : [])}
        />
      )}
      <div className={css.two}>
        <NumberField label="From" value={from} onChange={setFrom} />
        <NumberField label="To" value={to} onChange={setTo} />
      </div>
      {!name.endsWith('_score') && (
        <Field label="Or these">
          {(ids) => (
            <input {...ids} className={inputClass} value={exact} onChange={(event) => setExact(event.target.value)} />
          )}
        </Field>
      )}
      <Button type="submit" look="primary">
        Apply
      </Button>
    </form>
  )
}

interface NumberFieldProps {
  label: string
  value: string
  onChange: (value: string) => void
}

const NumberField = ({ label, value, onChange }: NumberFieldProps) => (
  <Field label={label}>
    {(ids) => (
      <input
        {...ids}
        className={inputClass}
        inputMode="numeric"
        value={value}
        onChange={(event) => onChange(event.target.value.trim())}
      />
    )}
  </Field>
)

const toDay = (value: string | undefined): string => {
  if (!value) return ''
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleDateString('sv')
}

const startOfDay = (day: string): string => new Date(`${day}T00:00:00`).toISOString()
const startOfToday = (): number => new Date().setHours(0, 0, 0, 0)

const presets = [
  { label: 'Today', days: 0 },
  { label: '7 days', days: 6 },
  { label: '30 days', days: 29 },
  { label: '90 days', days: 89 },
]

function TimeEditor({ field, current, onChange, onClose }: EditorProps) {
  const [from, setFrom] = useState(toDay(only(current, 'gte')[0]))
  const end = only(current, 'lt')[0]
  const [to, setTo] = useState(end ? toDay(new Date(Date.parse(end) - 1).toISOString()) : '')
  const name = field.field
  const apply = (since: string, until: string): void => {
    const filters: Filter[] = []
    if (since) filters.push({ field: name, operator: 'gte', values: [startOfDay(since)] })
    if (until) {
      const next = new Date(`${until}T00:00:00`)
      next.setDate(next.getDate() + 1)
      filters.push({ field: name, operator: 'lt', values: [next.toISOString()] })
    }
    onChange(filters)
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    apply(from, to)
  }
  const day = (label: string, value: string, set: (value: string) => void) => (
    <Field label={label}>
      {(ids) => (
        <input
          {...ids}
          type="date"
          className={inputClass}
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
    </Field>
  )
  return (
    <form className={popups.form} onSubmit={submit}>
      <div className={css.presets}>
        {presets.map(({ label, days }) => (
          <Button key={label} onClick={() => apply(toDay(new Date(startOfToday() - days * DAY_MS).toISOString()), '')}>
            {label}
          </Button>
        ))}
      </div>
      <div className={css.two}>
        {day('From', from, setFrom)}
        {day('To', to, setTo)}
      </div>
      <Button type="submit" look="primary">
        Apply
      </Button>
    </form>
  )
}
