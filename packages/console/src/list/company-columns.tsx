import type { ListedCompany } from '../api/queries.ts'
import { Time } from '../parts/basics.tsx'
import { domainHref, formatCount, formatNumber } from '../parts/format.ts'
import { CellLink } from './cell-link.tsx'
import css from './cells.module.css'
import type { Column } from './columns.ts'
import { TagList } from './lead-columns.tsx'
import { PhoneRow } from './phone-row.tsx'
import { validateDomain } from './validate.ts'

type Field = keyof ListedCompany & string

const textColumn = (
  field: Field,
  label: string,
  width: number,
  more: Partial<Column<ListedCompany>> = {},
): Column<ListedCompany> => ({
  id: field,
  label,
  width,
  is_default: true,
  fields: [field],
  text: (company) => String(company[field] ?? ''),
  render: (company) => (company[field] ? <span>{String(company[field])}</span> : null),
  editor: { kind: 'text', field },
  ...more,
})

/** One number, or from and to. */
export function employeesOf(company: ListedCompany): string {
  const { employee_count, employee_size_min: min, employee_size_max: max } = company
  if (typeof employee_count === 'number') return formatNumber(employee_count)
  if (typeof min === 'number' && typeof max === 'number') return `${formatNumber(min)} to ${formatNumber(max)}`
  if (typeof min === 'number') return `${formatNumber(min)} or more`
  return typeof max === 'number' ? `up to ${formatNumber(max)}` : ''
}

export const companyColumns: readonly Column<ListedCompany>[] = [
  textColumn('name', 'Name', 240, {
    is_pinned: true,
    sort: 'name',
    render: (company) => (
      <CellLink path={`/companies/${company.id}`} className={css.name}>
        {company.name}
      </CellLink>
    ),
  }),
  textColumn('domain', 'Domain', 210, {
    editor: { kind: 'text', field: 'domain', validate: validateDomain },
    render: (company) => {
      const href = domainHref(company.domain)
      if (!company.domain) return null
      if (!href) return <span>{company.domain}</span>
      return (
        <a href={href} tabIndex={-1} target="_blank" rel="noopener noreferrer">
          {company.domain}
        </a>
      )
    },
  }),
  {
    id: 'leads_count',
    label: 'Leads',
    width: 80,
    is_default: true,
    align: 'end',
    fields: [],
    text: (company) => String(company.leads_count ?? ''),
    render: (company) =>
      company.leads_count === undefined ? null : (
        <CellLink path={`/leads?company_id=${company.id}`}>{formatNumber(company.leads_count)}</CellLink>
      ),
  },
  textColumn('industry', 'Industry', 170),
  {
    id: 'employees',
    label: 'Employees',
    width: 130,
    is_default: true,
    align: 'end',
    fields: ['employee_count', 'employee_size_min', 'employee_size_max'],
    text: employeesOf,
    render: (company) => (employeesOf(company) ? <span>{employeesOf(company)}</span> : null),
  },
  textColumn('city', 'City', 130),
  textColumn('country', 'Country', 130),
  {
    id: 'tags',
    label: 'Tags',
    width: 160,
    is_default: true,
    fields: ['tags'],
    text: (company) => (company.tags ?? []).join(', '),
    render: (company) => (company.tags?.length ? <TagList tags={company.tags} /> : null),
    editor: { kind: 'tags', field: 'tags' },
  },
  {
    id: 'created_at',
    label: 'Added',
    width: 120,
    is_default: true,
    sort: 'created_at',
    fields: ['created_at'],
    text: (company) => company.created_at ?? '',
    render: (company) => <Time value={company.created_at} className={css.dim} />,
  },
  textColumn('company_type', 'Type', 120, { is_default: false }),
  textColumn('company_key', 'Key', 240, { is_default: false, editor: undefined as never }),
  { ...textColumn('id', 'Id', 90, { is_default: false, editor: undefined as never }), sort: 'id', align: 'end' },
]

export const COMPANY_FIELDS_ALWAYS = ['id', 'version', 'is_deleted', 'name', 'domain', 'city', 'country', 'industry']

/** A company without a domain, place or industry takes one line, in the middle of the row. */
export function CompanyPhoneRow({ company }: { company: ListedCompany }) {
  const second = [company.domain ?? company.industry, company.city, company.country].filter(Boolean).join(', ')
  const { leads_count } = company
  const count = <span className={css.dim}>{leads_count === undefined ? '' : formatCount(leads_count, 'lead')}</span>
  return <PhoneRow name={company.name} end={count} bottom={second} />
}
