import Building2Icon from 'lucide-react/icons/building-2'
import CircleCheckIcon from 'lucide-react/icons/circle-check'
import type { ListedLead } from '../api/queries.ts'
import { Copy, Meter, Time } from '../parts/basics.tsx'
import { domainHref, emailHref, phoneHref } from '../parts/format.ts'
import { CellLink } from './cell-link.tsx'
import css from './cells.module.css'
import type { Column } from './columns.ts'
import { leadSources, leadStatuses } from './definitions.ts'
import { PhoneRow } from './phone-row.tsx'
import { EnrichmentStatus, LeadStatus, StatusDot } from './status.tsx'
import { validateDomain, validateEmail, validatePhone, validateScore } from './validate.ts'

type Field = keyof ListedLead & string

export const leadName = (lead: ListedLead): string =>
  lead.full_name ?? lead.company_name ?? lead.email ?? lead.phone ?? `Lead ${lead.id}`

function textColumn(
  field: Field,
  label: string,
  width: number,
  more: Partial<Column<ListedLead>> = {},
): Column<ListedLead> {
  const text = (lead: ListedLead): string => String(lead[field] ?? '')
  return {
    id: field,
    label,
    width,
    fields: [field],
    text,
    render: (lead) => (lead[field] ? <span>{text(lead)}</span> : null),
    editor: { kind: 'text', field },
    ...more,
  }
}

const monoColumn = (field: Field, label: string, width: number): Column<ListedLead> => ({
  id: field,
  label,
  width,
  fields: [field],
  text: (lead) => String(lead[field] ?? ''),
  render: (lead) => (lead[field] ? <span className={css.mono}>{String(lead[field])}</span> : null),
})

const timeColumn = (field: 'created_at' | 'updated_at', label: string, is_default: boolean): Column<ListedLead> => ({
  id: field,
  label,
  width: 120,
  is_default,
  sort: field,
  fields: [field],
  text: (lead) => lead[field] ?? '',
  render: (lead) => <Time value={lead[field]} className={css.dim} />,
})

function NameCell({ lead }: { lead: ListedLead }) {
  return (
    <>
      {!lead.full_name && lead.company_name && <Building2Icon size={13} className={css.dimIcon} aria-label="Company" />}
      <CellLink path={`/leads/${lead.id}`} className={lead.full_name ? css.name : css.dim}>
        {leadName(lead)}
      </CellLink>
    </>
  )
}

function EmailCell({ lead }: { lead: ListedLead }) {
  if (!lead.email) return null
  const href = emailHref(lead.email)
  const more = lead.additional_emails?.length ?? 0
  return (
    <>
      {href ? (
        <a href={href} tabIndex={-1}>
          {lead.email}
        </a>
      ) : (
        <span>{lead.email}</span>
      )}
      {lead.email_verified && <CircleCheckIcon size={12} className={css.good} aria-label="verified" />}
      {more > 0 && <span className={css.more}>+{more}</span>}
    </>
  )
}

function LinkCell({ text, href }: { text: string | null | undefined; href: string | undefined }) {
  if (!text) return null
  if (!href) return <span>{text}</span>
  const is_page = href.startsWith('http')
  return (
    <a href={href} tabIndex={-1} {...(is_page && { target: '_blank', rel: 'noopener noreferrer' })}>
      {text}
    </a>
  )
}

export function TagList({ tags, max = 2 }: { tags: readonly string[] | undefined; max?: number }) {
  if (!tags || tags.length === 0) return null
  return (
    <>
      {tags.slice(0, max).map((tag) => (
        <span key={tag} className={css.tag}>
          {tag}
        </span>
      ))}
      {tags.length > max && <span className={css.more}>+{tags.length - max}</span>}
    </>
  )
}

export const ScoreCell = ({ score }: { score: number | null | undefined }) =>
  score === null || score === undefined ? null : (
    <>
      <Meter value={score} label={`${score} of 100`} />
      <span>{score}</span>
    </>
  )

const shortId = (id: string): string => (id.length > 9 ? `${id.slice(0, 6)}…` : id)

export const leadColumns: readonly Column<ListedLead>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 230,
    is_default: true,
    is_pinned: true,
    fields: ['full_name', 'company_name'],
    text: (lead) => lead.full_name ?? '',
    render: (lead) => <NameCell lead={lead} />,
    editor: { kind: 'text', field: 'full_name' },
  },
  {
    id: 'lead_status',
    label: 'Status',
    width: 124,
    is_default: true,
    fields: ['lead_status'],
    text: (lead) => lead.lead_status ?? '',
    render: (lead) => <LeadStatus status={lead.lead_status} />,
    editor: {
      kind: 'menu',
      field: 'lead_status',
      options: leadStatuses.map((option) => ({ ...option, icon: <StatusDot status={option.value} /> })),
    },
  },
  textColumn('title', 'Title', 180, { is_default: true }),
  textColumn('company_name', 'Company', 190, {
    is_default: true,
    fields: ['company_name', 'company_id'],
    render: (lead) =>
      lead.company_id && lead.company_name ? (
        <CellLink path={`/companies/${lead.company_id}`}>{lead.company_name}</CellLink>
      ) : lead.company_name ? (
        <span>{lead.company_name}</span>
      ) : null,
  }),
  textColumn('email', 'Email', 220, {
    is_default: true,
    fields: ['email', 'email_verified', 'additional_emails'],
    render: (lead) => <EmailCell lead={lead} />,
    editor: { kind: 'text', field: 'email', validate: validateEmail },
  }),
  textColumn('phone', 'Phone', 140, {
    is_default: true,
    render: (lead) => <LinkCell text={lead.phone} href={lead.phone ? phoneHref(lead.phone) : undefined} />,
    editor: { kind: 'text', field: 'phone', validate: validatePhone },
  }),
  textColumn('city', 'City', 120, { is_default: true }),
  textColumn('country', 'Country', 120, { is_default: true }),
  {
    id: 'tags',
    label: 'Tags',
    width: 160,
    is_default: true,
    fields: ['tags'],
    text: (lead) => (lead.tags ?? []).join(', '),
    render: (lead) => (lead.tags?.length ? <TagList tags={lead.tags} /> : null),
    editor: { kind: 'tags', field: 'tags' },
  },
  {
    id: 'lead_score',
    label: 'Score',
    width: 96,
    is_default: true,
    align: 'end',
    sort: 'lead_score',
    fields: ['lead_score'],
    text: (lead) => String(lead.lead_score ?? ''),
    render: (lead) => (lead.lead_score === null ? null : <ScoreCell score={lead.lead_score} />),
    editor: { kind: 'number', field: 'lead_score', validate: validateScore },
  },
  {
    id: 'data_quality_score',
    label: 'Quality',
    width: 96,
    align: 'end',
    sort: 'data_quality_score',
    fields: ['data_quality_score'],
    text: (lead) => String(lead.data_quality_score ?? ''),
    render: (lead) => (lead.data_quality_score === null ? null : <ScoreCell score={lead.data_quality_score} />),
  },
  timeColumn('created_at', 'Added', true),
  textColumn('industry', 'Industry', 140),
  textColumn('state', 'State', 120),
  textColumn('postal_code', 'Postal code', 110),
  textColumn('company_domain', 'Domain', 180, {
    render: (lead) => <LinkCell text={lead.company_domain} href={domainHref(lead.company_domain)} />,
    editor: { kind: 'text', field: 'company_domain', validate: validateDomain },
  }),
  {
    id: 'enrichment_status',
    label: 'Enrichment',
    width: 110,
    fields: ['enrichment_status'],
    text: (lead) => lead.enrichment_status ?? '',
    render: (lead) => <EnrichmentStatus status={lead.enrichment_status} />,
  },
  {
    id: 'source',
    label: 'Source',
    width: 110,
    fields: ['source'],
    text: (lead) => lead.source ?? '',
    render: (lead) => <span>{leadSources.find(({ value }) => value === lead.source)?.label}</span>,
  },
  monoColumn('actor_id', 'Actor', 170),
  {
    id: 'run_id',
    label: 'Run',
    width: 110,
    fields: ['run_id'],
    text: (lead) => lead.run_id ?? '',
    render: (lead) =>
      lead.run_id ? (
        <CellLink path={`/syncs/${encodeURIComponent(lead.run_id)}`} className={css.mono}>
          {shortId(lead.run_id)}
        </CellLink>
      ) : null,
  },
  {
    id: 'external_id',
    label: 'External id',
    width: 180,
    fields: ['external_id'],
    text: (lead) => lead.external_id ?? '',
    render: (lead) => (lead.external_id ? <Copy text={lead.external_id}>{lead.external_id}</Copy> : null),
  },
  monoColumn('provider_name', 'Provider', 110),
  { ...monoColumn('id', 'Id', 90), sort: 'id', align: 'end' },
  {
    id: 'notes',
    label: 'Notes',
    width: 240,
    fields: ['notes'],
    text: (lead) => lead.notes ?? '',
    render: (lead) => (lead.notes ? <span>{lead.notes.split('\n', 1)[0]}</span> : null),
    editor: { kind: 'notes', field: 'notes' },
  },
  timeColumn('updated_at', 'Changed', false),
  textColumn('created_by', 'Added by', 120, { editor: undefined as never }),
  textColumn('updated_by', 'Changed by', 120, { editor: undefined as never }),
]

/** Read with each row, regardless of the shown columns. */
export const LEAD_FIELDS_ALWAYS = [
  'id',
  'version',
  'is_deleted',
  'full_name',
  'company_name',
  'lead_status',
  'tags',
  'email',
]

export function LeadPhoneRow({ lead }: { lead: ListedLead }) {
  const second = [lead.full_name ? lead.company_name : null, lead.city, lead.country].filter(Boolean).join(', ')
  const bottom = second || (leadName(lead) === lead.email ? lead.phone : (lead.email ?? lead.phone))
  return <PhoneRow name={leadName(lead)} end={<LeadStatus status={lead.lead_status} />} bottom={bottom} />
}
