import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import ArrowLeftIcon from 'lucide-react/icons/arrow-left'
import EllipsisIcon from 'lucide-react/icons/ellipsis'
import { useEffect, useMemo } from 'react'
import { isApiError } from '../../api/problem.ts'
import { type Company, companyQuery } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { companyColumns, employeesOf } from '../../list/company-columns.tsx'
import { ConflictHost } from '../../list/conflict-host.tsx'
import { kindsOf, leadFilters } from '../../list/definitions.ts'
import { FilterBar } from '../../list/filters/filter-bar.tsx'
import toolbar from '../../list/toolbar.module.css'
import { useAddress } from '../../list/use-address.ts'
import { validateCount, validateDomain, validateUrl } from '../../list/validate.ts'
import { Banner, Button, IconButton, Mono, Skeleton } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { domainHref, formatRowCount, safeHref } from '../../parts/format.ts'
import { Menu, usePopup } from '../../parts/popup.tsx'
import { showToast } from '../../parts/toast.ts'
import page from '../../shell/page.module.css'
import { PageError, PageHead } from '../../shell/page.tsx'
import { noteOpened } from '../../shell/recent.ts'
import { FieldRow, type FieldSpec } from '../lead/field-row.tsx'
import lead from '../lead/lead.module.css'
import { LeadGrid } from '../leads/lead-grid.tsx'
import { LeadActions } from '../leads/leads-dialogs.tsx'
import { useLeadList } from '../leads/use-lead-list.ts'
import css from './companies.module.css'
import { deleteCompany, editCompany, restoreCompany } from './edit-company.ts'

const fields: readonly FieldSpec<Company>[] = [
  { field: 'name', label: 'Name', kind: 'text' },
  { field: 'domain', label: 'Domain', kind: 'text', validate: validateDomain, hrefOf: domainHref },
  { field: 'website', label: 'Website', kind: 'text', validate: validateUrl, hrefOf: safeHref },
  { field: 'linkedin_url', label: 'LinkedIn', kind: 'text', validate: validateUrl, hrefOf: safeHref },
  { field: 'industry', label: 'Industry', kind: 'text' },
  { field: 'company_type', label: 'Type', kind: 'text' },
  { field: 'employee_count', label: 'Employees', kind: 'number', validate: validateCount },
  { field: 'city', label: 'City', kind: 'text' },
  { field: 'country', label: 'Country', kind: 'text' },
  { field: 'tags', label: 'Tags', kind: 'tags' },
  { field: 'description', label: 'Description', kind: 'notes' },
]

export function CompanyPage() {
  const id = Number(useParams({ strict: false }).id)
  const is_admin = useScope('admin')
  const { data: company, error, refetch } = useQuery(companyQuery(id, is_admin))
  useEffect(() => {
    if (company) noteOpened({ kind: 'company', id: String(company.id), name: company.name })
  }, [company])
  const back = (
    <Link to="/companies" className={cx(page.row, page.muted)}>
      <ArrowLeftIcon size={14} aria-hidden />
      Companies
    </Link>
  )
  if (!company)
    return (
      <>
        <PageHead title={`Company ${id}`} heading={back} />
        {error && !isApiError(error, 'gone') && <PageError error={error} onRetry={() => void refetch()} />}
        {isApiError(error, 'gone') && <DeletedBanner id={id} />}
        {!error && (
          <div className={page.content}>
            <Skeleton height={200} />
          </div>
        )}
      </>
    )
  return (
    <>
      <PageHead title={company.name} heading={back}>
        <CompanyActions company={company} />
      </PageHead>
      <div className={css.split}>
        <div className={css.facts}>
          {company.is_deleted && <DeletedBanner id={id} />}
          <CompanyFacts company={company} />
        </div>
        <CompanyLeads key={id} id={id} />
      </div>
      <ConflictHost columns={companyColumns} />
    </>
  )
}

function CompanyFacts({ company }: { company: Company }) {
  const can_write = useScope('write') && !company.is_deleted
  const employees = employeesOf(company)
  return (
    <>
      <div className={lead.head}>
        <div className={lead.title}>
          <h2>
            <bdi>{company.name}</bdi>
          </h2>
        </div>
        <p className={lead.sub}>
          {[company.industry, employees && `${employees} employees`, company.city, company.country]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p className={page.muted}>
          <Mono>{company.company_key}</Mono>
        </p>
      </div>
      <section className={lead.group} aria-label="Fields">
        {fields.map((spec) => (
          <FieldRow key={spec.field} row={company} spec={spec} can_write={can_write} onEdit={editCompany} />
        ))}
      </section>
    </>
  )
}

const kinds = kindsOf(leadFilters)

/** The leads of the company, in the list's own grid. */
function CompanyLeads({ id }: { id: number }) {
  const condition = useMemo(() => ({ company_id: String(id) }), [id])
  const leads = useLeadList({
    place: useAddress(kinds),
    path: `/companies/${id}/leads`,
    condition,
    default_columns: 'title,email,phone,lead_status,created_at',
  })
  const { place, list, filter_popup, area } = leads
  return (
    <section className={css.leads} aria-label="Leads of the company">
      <div className={css.leadsHead}>
        <h2>Leads</h2>
        <span className={page.muted}>{list.count && formatRowCount(list.count)}</span>
        <span className={page.spacer} />
        <Button data-filter-button onClick={(event) => filter_popup.open(event.currentTarget, '')}>
          Filter
        </Button>
      </div>
      <FilterBar
        fields={leadFilters}
        address={place.address}
        onChange={place.setFilters}
        popup={filter_popup}
        error={list.error}
      />
      <div className={toolbar.area} ref={area}>
        <LeadGrid {...leads} has_peek={false} end_text={list.rows.length === 0 ? 'No leads.' : 'That is all.'} />
        <LeadActions leads={leads} />
      </div>
    </section>
  )
}

function CompanyActions({ company }: { company: Company }) {
  const popup = usePopup()
  const can_write = useScope('write') && !company.is_deleted
  const copy = (text: string, what: string): void =>
    void navigator.clipboard.writeText(text).then(() => showToast(`${what} copied`))
  return (
    <>
      <IconButton
        label="More"
        look="plain"
        aria-haspopup="menu"
        onClick={(event) => popup.open(event.currentTarget, true)}
      >
        <EllipsisIcon size={16} aria-hidden />
      </IconButton>
      {popup.is_open && (
        <Menu
          anchor={popup.anchor}
          label="Company"
          align="end"
          onClose={popup.close}
          entries={[
            { label: 'Copy link', onSelect: () => copy(`${location.origin}/console/companies/${company.id}`, 'Link') },
            { label: 'Copy as JSON', onSelect: () => copy(JSON.stringify(company, null, 2), 'JSON') },
            ...(can_write
              ? [{ label: 'Delete', is_danger: true, has_line_above: true, onSelect: () => deleteCompany(company) }]
              : []),
          ]}
        />
      )}
    </>
  )
}

function DeletedBanner({ id }: { id: number }) {
  const can_write = useScope('write')
  return (
    <Banner tone="bad" actions={can_write && <Button onClick={() => restoreCompany({ id })}>Restore</Button>}>
      This company is deleted.
    </Banner>
  )
}
