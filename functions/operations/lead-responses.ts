import { LeadDetail } from '@leads/core/leads/lead-views'
import { leadIncludes } from '@leads/core/leads/list-leads'
import { Company } from '@leads/core/model/company'
import { buildShape, lazily } from '@leads/core/model/lazily'
import { LeadEvent } from '@leads/core/model/lead-event'
import { LeadSource } from '@leads/core/model/lead-source'
import * as z from 'zod'

/** Response schemas of leads, with an example. */

/** Values that are too large for a response are null and named here. */
export const omittedFields = lazily(() =>
  z
    .array(z.string())
    .optional()
    .meta({
      description:
        'Fields that are null because the row would be above 4 MB with them. The file of `leads export` contains those of ' +
        'a lead.',
    }),
)
/** Of a single sync or import: what later passes made of its leads. */
export const candidatePairs = lazily(() =>
  z
    .int()
    .min(0)
    .meta({
      description:
        'Pairs of leads that may be one, found since, of which this one created the later lead. At most 10,000 are counted. ' +
        '`GET /duplicates` lists pairs.',
    }),
)
const omitted = { omitted_fields: omittedFields }

export const CompanyResponse = lazily(() => Company().extend(buildShape(omitted)).meta({ id: 'Company' }))
export const LeadSourceResponse = lazily(() => LeadSource().extend(buildShape(omitted)).meta({ id: 'LeadSource' }))
export const LeadEventResponse = lazily(() => LeadEvent().extend(buildShape(omitted)).meta({ id: 'LeadEvent' }))

const included = {
  ...omitted,
  company: () => CompanyResponse().nullable().optional(),
  lead_source: () => LeadSourceResponse().nullable().optional(),
}

/** A lead in a list, with the requested fields. */
export const ListedLeadResponse = lazily(() =>
  LeadDetail().partial().extend(buildShape(included)).meta({ id: 'ListedLead' }),
)

export const LeadResponse = lazily(() => LeadDetail().extend(buildShape(included)).meta({ id: 'LeadWithIncludes' }))

export const includeParameter = lazily(() =>
  z
    .string()
    .max(100)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(leadIncludes, { error: `some of ${leadIncludes.join(', ')}` })))
    .optional()
    .meta({
      override: { type: 'string' },
      description: 'Related rows to include: `company`, `source`, or both as `company,source`.',
    }),
)

/** Examples for the documentation. */
export const leadEventExample = {
  id: 7,
  lead_id: 42,
  event_type: 'call_made',
  event_name: 'Called',
  event_description: null,
  event_data: { minutes: 12 },
  event_source: 'api',
  event_timestamp: '2026-03-04T10:12:00.000Z',
  actor: 'crm',
  old_status: null,
  new_status: null,
  changed_fields: null,
  created_at: '2026-03-04T10:12:00.000Z',
  updated_at: '2026-03-04T10:12:00.000Z',
  created_by: 'crm',
  updated_by: 'crm',
}

export const leadSourceExample = {
  id: 9,
  lead_id: 42,
  source_type: 'apify',
  source_name: 'Google Maps',
  provider_name: 'apify',
  provider_id: null,
  actor_id: 'nwua9Gu5YrADL7ZDj',
  actor_name: 'compass/crawler-google-places',
  run_id: 'HG7ML7M8z78YcAPEB',
  dataset_id: 'wmKPijuyDnPZAPRMk',
  external_id: 'google_place:ChIJ0000000000',
  external_url: null,
  scraped_at: null,
  import_batch_id: null,
  scrape_params: null,
  data_quality_score: 85,
  confidence_score: 90,
  metadata: { sightings: [] },
  created_at: '2026-03-02T07:38:32.674Z',
  updated_at: '2026-03-02T07:38:32.674Z',
  created_by: 'apify-sync',
  updated_by: 'apify-sync',
  is_deleted: false,
  deleted_at: null,
  deleted_by: null,
}
