import type { IngestStatements } from '../types.ts'
import { ensureCompanies } from './companies.ts'
import { insertEvents } from './insert-events.ts'
import { insertLeads } from './insert-leads.ts'
import { insertPage } from './insert-page.ts'
import { insertSightings } from './insert-sightings.ts'
import { updateLeads } from './update-leads.ts'
import { upsertSourceStates } from './upsert-source-states.ts'

export const postgresStatements = {
  ensureCompanies,
  insertLeads,
  insertPage,
  updateLeads,
  insertSightings,
  insertEvents,
  upsertSourceStates,
} satisfies Partial<IngestStatements>
