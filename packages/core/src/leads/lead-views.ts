import { Lead } from '../model/lead.ts'

/** A lead as it is shown: without what only imports use, and in lists without the scraped item (most of its bytes). */
export const LeadView = Lead.omit({ import_hashes: true, observed_at: true, raw_data: true })
export type LeadView = Omit<Lead, 'import_hashes' | 'observed_at' | 'raw_data'>

/** The whole lead, with the item it came from. */
export const LeadDetail = Lead.omit({ import_hashes: true, observed_at: true }).meta({ id: 'Lead' })
export type LeadDetail = Omit<Lead, 'import_hashes' | 'observed_at'>

export const leadViewColumns = Object.keys(LeadView.shape) as (keyof LeadView)[]
export const leadDetailColumns = Object.keys(LeadDetail.shape) as (keyof LeadDetail)[]
