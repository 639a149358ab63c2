import type { Db } from '../database/engine.ts'
import type { MappedCompany } from '../model/mapped-item.ts'
import { toEmptyColumnMask } from './company-backfill.ts'
import type { Provenance } from './provenance.ts'
import { getStatements } from './statements/registry.ts'
import type { IngestStatements } from './statements/types.ts'

/** About 10 MB of keys. */
const CACHED_COMPANIES_MAX = 50_000

/** The companies that a sync has met so far: asked for again only when an item says more of one than any before. */
export interface CompanyCache {
  /** Finds or creates companies; key → id. */
  resolveIds(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<ReadonlyMap<string, number>>
  /** The same for who needs no ids: sends what is new to the database at once, and is done when that is written. */
  upsertNew(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<void>
  /** To be called when a company has gone meanwhile. */
  clear(): void
}

type Ensure = IngestStatements['ensureCompanies']

/** `ensure` is called with what is new to the memory; whoever wants to be told of that beforehand brings an own one. */
export function createCompanyCache(
  resolveIds: Ensure = (db, companies, origin) => getStatements(db).ensureCompanies(db, companies, origin),
): CompanyCache {
  const ids = new Map<string, number>()
  /** A bit for each column that no item has said anything of. */
  const emptyMaskByKey = new Map<string, number>()
  const clear = (): void => {
    ids.clear()
    emptyMaskByKey.clear()
  }
  const addsValues = (company: MappedCompany): boolean => {
    const open = emptyMaskByKey.get(company.company_key)
    return open === undefined || (open & ~toEmptyColumnMask(company)) !== 0
  }
  const remember = (companies: readonly MappedCompany[]): void => {
    for (const company of companies) {
      const open = emptyMaskByKey.get(company.company_key) ?? -1
      emptyMaskByKey.set(company.company_key, open & toEmptyColumnMask(company))
    }
  }
  return {
    async resolveIds(db, companies, origin) {
      if (emptyMaskByKey.size > CACHED_COMPANIES_MAX) clear()
      // Taken now: what is forgotten while the database is asked must not be missing from the answer.
      const answer = new Map<string, number>()
      const news: MappedCompany[] = []
      for (const company of companies) {
        const id = ids.get(company.company_key)
        if (id !== undefined) answer.set(company.company_key, id)
        if (id === undefined || addsValues(company)) news.push(company)
      }
      if (news.length === 0) return answer
      for (const [company_key, id] of await resolveIds(db, news, origin)) {
        answer.set(company_key, id)
        ids.set(company_key, id)
      }
      remember(news)
      return answer
    },
    async upsertNew(db, companies, origin) {
      if (emptyMaskByKey.size > CACHED_COMPANIES_MAX) clear()
      const news = companies.filter(addsValues)
      if (news.length === 0) return
      // Before the answer: the next page is sent before that. It comes in order, and a failure forgets them all.
      remember(news)
      try {
        for (const [company_key, id] of await resolveIds(db, news, origin)) ids.set(company_key, id)
      } catch (error) {
        clear()
        throw error
      }
    },
    clear: clear,
  }
}
