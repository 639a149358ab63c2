import { formatDate, formatDateTime } from '../parts/format.ts'
import type { Filter } from './address.ts'
import type { FilterField } from './definitions.ts'

const VALUES_SHOWN = 3
const WORDS: Record<Filter['operator'], string> = {
  in: 'is',
  is_null: 'is empty',
  is_not_null: 'is not empty',
  gt: 'over',
  gte: 'from',
  lt: 'before',
  lte: 'up to',
  has: 'include',
  not: 'is not',
  prefix: 'begins with',
}

/** A filter as words: what, how, and the values. */
export function describeFilter(
  field: FilterField | undefined,
  { operator, values, field: name }: Filter,
  labelOf: (value: string) => string | undefined = () => undefined,
): { label: string; verb: string; value: string } {
  const label = field?.label ?? name
  if (values.length === 0) return { label, verb: WORDS[operator], value: '' }
  const texts = values.map((value) => labelOf(value) ?? describeValue(field, value))
  const shown = texts.slice(0, VALUES_SHOWN).join(', ')
  const more = texts.length > VALUES_SHOWN ? ` and ${texts.length - VALUES_SHOWN} more` : ''
  const verb = operator === 'in' && values.length > 1 ? 'is any of' : WORDS[operator]
  return { label, verb: field?.kind === 'integer' && operator === 'lt' ? 'under' : verb, value: shown + more }
}

function describeValue(field: FilterField | undefined, value: string): string {
  const option = field?.options?.find((each) => each.value === value)
  if (option) return option.label
  if (field?.kind !== 'time' || Number.isNaN(Date.parse(value))) return value
  return /T(00:00:00(\.000)?Z)?$|^\d{4}-\d\d-\d\d$/.test(value) ? formatDate(value) : formatDateTime(value)
}
