import type { Db } from '../database/engine.ts'
import type { Origin } from '../database/ingest.ts'
import type { MappedCompany } from '../mapping/types.ts'
import { emptyColumns } from './fill.ts'

/** About 10 MB of keys. */
const COMPANIES_MAX = 50_000

/** The companies that a sync has met so far: asked for again only when an item says more of one than any before. */
export interface CompanyMemory {
  /** Finds or creates companies; key → id, of these and maybe of others. */
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
      const news = companies.filter((company) => {
        const open = unsaid.get(company.company_key)
        return open === undefined || (open & ~emptyColumns(company)) !== 0
      })
      if (news.length === 0) return ids
      if (ids.size > COMPANIES_MAX) forget()
      const found = await db.engine.ingest.ensureCompanies(db, ids.size === 0 ? companies : news, origin)
      for (const [company_key, id] of found) ids.set(company_key, id)
      for (const company of news) {
        const open = unsaid.get(company.company_key) ?? -1
        unsaid.set(company.company_key, open & emptyColumns(company))
      }
      return ids
    },
    forget,
  }
}
