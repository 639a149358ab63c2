import { useQuery } from '@tanstack/react-query'
import PlusIcon from 'lucide-react/icons/plus'
import XIcon from 'lucide-react/icons/x'
import { Suspense } from 'react'
import { lazyPart } from '../../api/load-part.ts'
import { isApiError } from '../../api/problem.ts'
import { statsQuery } from '../../api/queries.ts'
import { Button } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { PopupComing } from '../../shell/overlays.ts'
import type { Filter } from '../address.ts'
import { describeFilter } from '../describe-filter.ts'
import type { FilterBarProps, FilterPopupProps } from './filter-props.ts'
import css from './filters.module.css'

const LazyFilterPopup = lazyPart(() => import('./filter-popup.tsx'))

/** The filters in force, a chip each, and the way to change them. */
export function FilterBar({ fields, address, onChange, popup, error, hint, extra }: FilterBarProps) {
  const labelOf = useActorNames(address.filters)
  const { filters } = address
  if (filters.length === 0 && !isApiError(error, 'invalid_request'))
    return <FilterPopup {...{ fields, filters, onChange, popup, hint }} />
  const wrong = new Set(isApiError(error) ? error.errors.map(({ parameter }) => parameter) : [])
  return (
    <div className={css.bar} role="toolbar" aria-label="Filters">
      {filters.map((filter, index) => {
        const field = fields.find((each) => each.field === filter.field)
        const { label, verb, value } = describeFilter(field, filter, (id) => labelOf.get(id))
        return (
          <span
            key={`${filter.field} ${filter.operator} ${filter.values}`}
            className={cx(css.chip, wrong.has(filter.field) && css.wrong)}
          >
            <button
              type="button"
              className={css.chipMain}
              aria-haspopup="dialog"
              onClick={(event) => popup.open(event.currentTarget, filter.field)}
            >
              {label} {verb} {value && <b>{value}</b>}
            </button>
            <button
              type="button"
              className={css.chipX}
              aria-label={`Remove filter ${label} ${verb} ${value}`}
              onClick={() => onChange(filters.filter((_, position) => position !== index))}
            >
              <XIcon size={13} aria-hidden />
            </button>
          </span>
        )
      })}
      <Button look="ghost" aria-label="Add filter" onClick={(event) => popup.open(event.currentTarget, '')}>
        <PlusIcon size={14} aria-hidden />
      </Button>
      <span className={css.spacer} />
      {filters.length > 0 && (
        <Button look="ghost" onClick={() => onChange([])}>
          Clear
        </Button>
      )}
      {extra}
      <FilterProblem error={error} filters={filters} onChange={onChange} />
      <FilterPopup {...{ fields, filters, onChange, popup, hint }} />
    </div>
  )
}

function FilterProblem({
  error,
  filters,
  onChange,
}: { error: Error | null } & Pick<FilterBarProps, 'onChange'> & { filters: readonly Filter[] }) {
  if (!isApiError(error, 'invalid_request')) return null
  return (
    <p className={css.problem} role="alert">
      {error.errors.map(({ parameter, detail }) => (
        <span key={`${parameter} ${detail}`}>
          {parameter}: {detail}
        </span>
      ))}
      <Button
        onClick={() => onChange(filters.filter(({ field }) => !error.errors.some((each) => each.parameter === field)))}
      >
        Remove filter
      </Button>
    </p>
  )
}

/** Names of Actors for the chips, which hold their ids. */
function useActorNames(filters: readonly Filter[]): ReadonlyMap<string, string> {
  const { data } = useQuery({ ...statsQuery({}), enabled: filters.some(({ field }) => field === 'actor_id') })
  return new Map(
    data?.by_actor.flatMap(({ actor_id, actor_name }) => (actor_id && actor_name ? [[actor_id, actor_name]] : [])),
  )
}

const FilterPopup = (props: FilterPopupProps) =>
  props.popup.is_open ? (
    <Suspense fallback={<PopupComing />}>
      <LazyFilterPopup {...props} />
    </Suspense>
  ) : null
