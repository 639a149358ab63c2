import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { JsonObject } from '../model/fields.ts'
import { lazily } from '../model/lazily.ts'
import type { LeadDetail } from './lead-views.ts'
import { type ChangeOptions, updateLead } from './update-lead.ts'

/** The result of an enrichment: data or an error. */
export const Enrichment = lazily(() =>
  z
    .discriminatedUnion('status', [
      z.object({ status: z.literal('enriched'), data: JsonObject() }).strict(),
      z.object({ status: z.literal('failed'), error: z.string().min(1).max(1000) }).strict(),
    ])
    .meta({ id: 'Enrichment' }),
)
export type Enrichment = z.infer<ReturnType<typeof Enrichment>>

/** Stores the result of an enrichment. A failure keeps earlier data. @throws Problem as updateLead */
export function enrichLead(
  db: Db,
  id: number,
  enrichment: Enrichment,
  by: ChangeAuthor,
  options: Pick<ChangeOptions, 'version'> = {},
): Promise<LeadDetail> {
  if (enrichment.status === 'failed') {
    const event_data = { error: enrichment.error }
    return updateLead(db, id, { enrichment_status: 'failed' }, by, { ...options, event_data })
  }
  return updateLead(db, id, { enrichment_status: 'enriched', enrichment_data: enrichment.data }, by, options)
}
