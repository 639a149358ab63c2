import type { IngestStatements } from '../types.ts'
import { ensureCompanies } from './companies.ts'
import { insertLeads } from './insert-leads.ts'
import { insertPage } from './insert-page.ts'
import { insertSightings } from './insert-sightings.ts'
import { updateLeads } from './update-leads.ts'

export const postgresStatements = {
  ensureCompanies,
  insertLeads,
  insertPage,
  updateLeads,
  insertSightings,
} satisfies Partial<IngestStatements>
