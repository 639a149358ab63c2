import type * as z from 'zod'
import { toRowSchema } from './column-schema.ts'
import { lazily, lazyEnum } from './lazily.ts'
import { leadColumns } from './lead-columns.ts'

export const LeadStatus = lazyEnum(leadColumns.lead_status.choices)
export type LeadStatus = z.infer<ReturnType<typeof LeadStatus>>

export const EnrichmentStatus = lazyEnum(leadColumns.enrichment_status.choices)
export type EnrichmentStatus = z.infer<ReturnType<typeof EnrichmentStatus>>

/** A row of `sales_leads`. The input schemas are picked from it. */
export const Lead = lazily(() => toRowSchema(leadColumns))
export type Lead = z.infer<ReturnType<typeof Lead>>
