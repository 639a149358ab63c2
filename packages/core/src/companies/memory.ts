import type { Db } from '../database/engine.ts'
import type { Origin } from '../database/ingest.ts'
import type { MappedCompany } from '../mapping/types.ts'
import { emptyColumns } from './fill.ts'

/** About 10 MB of keys. */
const COMPANIES_MAX = 50_000

/** The companies that a sync has met so far: asked for again only when an item says more of one than any before. */
export interface CompanyMemory {
  /** Finds or creates companies; key → id. */
  ensure(db: Db, companies: readonly MappedCompany[], origin: Origin): Promise<ReadonlyMap<string, number>>
  /** To be called when a company has gone meanwhile. */
  forget(): void
}

export function createCompanyMemory(): CompanyMemory {
  const ids = new Map<string, number>()
  /** A bit for each column that no item has said anything of. */
  const unsaid = new Map<string, number>()
  const forget = (): void => {
    ids.clear()
    unsaid.clear()
  }
  return {
    async ensure(db, companies, origin) {
      if (ids.size > COMPANIES_MAX) forget()
      // Taken now: what is forgotten while the database is asked must not be missing from the answer.
      const answer = new Map<string, number>()
      const news: MappedCompany[] = []
      for (const company of companies) {
        const id = ids.get(company.company_key)
        if (id !== undefined) answer.set(company.company_key, id)
        const open = unsaid.get(company.company_key)
        if (id === undefined || open === undefined || (open & ~emptyColumns(company)) !== 0) news.push(company)
      }
      if (news.length === 0) return answer
      for (const [company_key, id] of await db.engine.ingest.ensureCompanies(db, news, origin)) {
        answer.set(company_key, id)
        ids.set(company_key, id)
      }
      for (const company of news) {
        const open = unsaid.get(company.company_key) ?? -1
        unsaid.set(company.company_key, open & emptyColumns(company))
      }
      return answer
    },
    forget,
  }
}
