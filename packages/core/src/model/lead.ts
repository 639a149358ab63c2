import * as z from 'zod'
import { toRowSchema } from './column-schema.ts'
import { leadColumns } from './lead-columns.ts'

export const LeadStatus = z.enum(leadColumns.lead_status.choices)
export type LeadStatus = z.infer<typeof LeadStatus>

export const EnrichmentStatus = z.enum(leadColumns.enrichment_status.choices)
export type EnrichmentStatus = z.infer<typeof EnrichmentStatus>

/** A row of `sales_leads`. The input schemas are picked from it. */
export const Lead = toRowSchema(leadColumns)
export type Lead = z.infer<typeof Lead>
