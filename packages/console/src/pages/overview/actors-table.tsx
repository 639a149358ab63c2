import { Link } from '@tanstack/react-router'
import ArrowDownIcon from 'lucide-react/icons/arrow-down'
import ArrowUpIcon from 'lucide-react/icons/arrow-up'
import { useState } from 'react'
import type { Stats } from '../../api/queries.ts'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatCost, formatNumber, formatShare } from '../../parts/format.ts'
import page from '../../shell/page.module.css'
import { Section } from '../../shell/page.tsx'
import css from './overview.module.css'

type Row = Stats['by_actor'][number]

const yieldOf = ({ synced_records, total_records }: Row): number | null =>
  total_records === 0 ? null : synced_records / total_records

interface ActorColumn {
  label: string
  value: (row: Row) => number | string | null
  show: (row: Row) => string
}

const columns: readonly ActorColumn[] = [
  { label: 'Runs', value: (row) => row.runs_count, show: (row) => formatNumber(row.runs_count) },
  { label: 'New', value: (row) => row.synced_records, show: (row) => formatNumber(row.synced_records) },
  { label: 'Yield', value: yieldOf, show: (row) => showOr(yieldOf(row), formatShare) },
  { label: 'Cost', value: (row) => row.cost_usd, show: (row) => showOr(row.cost_usd, formatCost) },
  {
    label: 'Per new lead',
    value: (row) => row.cost_per_new_lead_usd,
    show: (row) => showOr(row.cost_per_new_lead_usd, formatCost),
  },
]

const showOr = (value: number | null, show: (value: number) => string): string => (value === null ? '' : show(value))

function compare(a: number | string | null, b: number | string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a < b ? 1 : a > b ? -1 : 0
}

/** What each Actor brought, and what a new lead of it cost. */
export function ActorsTable({ rows }: { rows: readonly Row[] }) {
  const [sort, setSort] = useState({ label: 'New', is_ascending: false })
  const column = columns.find(({ label }) => label === sort.label)
  const sorted = rows.toSorted((a, b) => {
    const order = column ? compare(column.value(a), column.value(b)) : 0
    return sort.is_ascending ? -order : order
  })
  const SortIcon = sort.is_ascending ? ArrowUpIcon : ArrowDownIcon
  return (
    <Section title="Actors">
      <div className={`${page.card} ${page.wide}`}>
        <table className={page.table}>
          <thead>
            <tr>
              <th scope="col">Actor</th>
              <th scope="col">Items</th>
              {columns.map(({ label }) => (
                <th
                  key={label}
                  scope="col"
                  className={page.number}
                  aria-sort={sort.label === label ? (sort.is_ascending ? 'ascending' : 'descending') : undefined}
                >
                  <button
                    type="button"
                    className={css.sort}
                    onClick={() => setSort({ label, is_ascending: sort.label === label ? !sort.is_ascending : false })}
                  >
                    {label}
                    {sort.label === label && <SortIcon size={11} aria-hidden />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <ActorRow key={row.actor_id ?? ''} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function ActorRow({ row }: { row: Row }) {
  return (
    <tr>
      <td className={css.actorName}>
        <Link to="/syncs" search={{ actor_id: row.actor_id ?? 'is:null' } as never}>
          {row.actor_name ?? row.actor_id ?? 'Unknown'}
        </Link>
      </td>
      <td className={css.actorItems}>
        <AccountingBar
          size="small"
          total={row.total_records}
          created={row.synced_records}
          duplicates={row.duplicate_records}
          rejected={row.failed_records}
        />
      </td>
      {columns.map(({ label, show }) => (
        <td key={label} className={page.number}>
          {show(row)}
        </td>
      ))}
    </tr>
  )
}
