import { LeadDetail } from '@leads/core/leads/lead-views'
import { leadIncludes } from '@leads/core/leads/list-leads'
import { Company } from '@leads/core/model/company'
import { LeadEvent } from '@leads/core/model/lead-event'
import { LeadSource } from '@leads/core/model/lead-source'
import * as z from 'zod'

/** Response schemas of leads, with an example. */

export const CompanyResponse = Company.meta({ id: 'Company' })
export const LeadSourceResponse = LeadSource.meta({ id: 'LeadSource' })
export const LeadEventResponse = LeadEvent.meta({ id: 'LeadEvent' })

/** Values that are too large for a response are null and named here. */
export const omittedFields = z.array(z.string()).optional().meta({
  description: 'Fields that are null because their value is above 4 MB. `leads export` contains it.',
})

const included = {
  omitted_fields: omittedFields,
  company: CompanyResponse.nullable().optional(),
  lead_source: LeadSourceResponse.nullable().optional(),
}

/** A lead in a list, with the requested fields. */
export const ListedLeadResponse = LeadDetail.partial().extend(included).meta({ id: 'ListedLead' })

export const LeadResponse = LeadDetail.extend(included).meta({ id: 'LeadWithIncludes' })

export const includeParameter = z
  .string()
  .max(100)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(leadIncludes, { error: `some of ${leadIncludes.join(', ')}` })))
  .optional()
  .meta({
    override: { type: 'string' },
    description: 'Related rows to include: `company`, `source`, or both as `company,source`.',
  })
