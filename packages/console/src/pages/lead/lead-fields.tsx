import { useQuery } from '@tanstack/react-query'
import { eventsQuery, type Lead, type LeadEvent } from '../../api/queries.ts'
import { useScope } from '../../api/session.ts'
import { validateDomain, validateEmail, validatePhone, validateScore } from '../../list/validate.ts'
import { domainHref, emailHref, formatDate, phoneHref } from '../../parts/format.ts'
import { editLead } from '../leads/edit-lead.ts'
import { FieldRow, type FieldSpec, type Origin } from './field-row.tsx'
import css from './lead.module.css'

interface FieldGroup {
  title: string
  fields: readonly FieldSpec<Lead>[]
}

const text = (field: keyof Lead & string, label: string, more: Partial<FieldSpec<Lead>> = {}): FieldSpec<Lead> => ({
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
            <FieldRow
              key={spec.field}
              row={lead}
              spec={spec}
              can_write={can_write}
              origin={origins(spec.field)}
              onEdit={editLead}
            />
          ))}
        </section>
      ))}
    </>
  )
}

const isMachine = (event: LeadEvent): boolean =>
  event.actor === 'apify-sync' || event.event_source === 'apify' || event.event_source === 'import'

/** Who set a field last, by the newest event that contains it. Imports keep what a person set. */
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
