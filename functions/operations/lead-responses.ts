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

const included = {
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

export const leadExample = {
  id: 42,
  full_name: 'Asha Rao',
  first_name: 'Asha',
  last_name: 'Rao',
  title: 'Head of Purchasing',
  email: 'asha.rao@example.com',
  email_verified: true,
  phone: '+912048001234',
  phone_verified: false,
  additional_emails: [],
  additional_phones: [],
  company_id: 7,
  company_name: 'Example Instruments',
  company_domain: 'example.com',
  country: 'India',
  city: 'Pune',
  state: 'Maharashtra',
  postal_code: '411001',
  industry: 'Instruments',
  tags: ['trade-fair'],
  source: 'apify',
  provider_name: 'apify',
  external_id: 'linkedin:in/asha-rao-example',
  actor_id: 'nwua9Gu5YrADL7ZDj',
  run_id: 'HG7ML7M8z78YcAPEB',
  dataset_id: 'wmKPijuyDnPZAPRMk',
  enrichment_status: 'pending',
  enrichment_data: null,
  lead_score: 70,
  lead_status: 'new',
  notes: null,
  raw_data: { fullName: 'Asha Rao' },
  version: 3,
  created_at: '2026-03-02T07:38:32.674Z',
  updated_at: '2026-03-04T10:12:00.000Z',
  created_by: 'sync',
  updated_by: 'crm',
  is_deleted: false,
  deleted_at: null,
  deleted_by: null,
} as const
