import { Lead } from '../model/lead.ts'

/** A lead in a list: without internal columns and without the scraped item, which is most of its bytes. */
export const LeadView = Lead.omit({ import_hashes: true, observed_at: true, raw_data: true })
export type LeadView = Omit<Lead, 'import_hashes' | 'observed_at' | 'raw_data'>

/** A complete lead with its scraped item. */
export const LeadDetail = Lead.omit({ import_hashes: true, observed_at: true }).meta({ id: 'Lead' })
export type LeadDetail = Omit<Lead, 'import_hashes' | 'observed_at'>

export const leadViewColumns = Object.keys(LeadView.shape) as (keyof LeadView)[]
export const leadDetailColumns = Object.keys(LeadDetail.shape) as (keyof LeadDetail)[]
