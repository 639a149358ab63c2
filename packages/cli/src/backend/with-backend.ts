import { findApiTarget } from './api-target.ts'
import type { Backend } from './backend.ts'

/** Runs `work` on the API that LEADS_URL names, or on the database. Loads only what that one needs. */
export async function withBackend<Result>(work: (backend: Backend) => Promise<Result>): Promise<Result> {
  const target = findApiTarget()
  if (target) {
    const { createApiBackend } = await import('./api-backend.ts')
    return work(createApiBackend(target))
  }
  const [{ withDatabase }, { createDatabaseBackend }] = await Promise.all([
    import('../with-database.ts'),
    import('./database-backend.ts'),
  ])
  return withDatabase((db) => work(createDatabaseBackend(db)))
}
