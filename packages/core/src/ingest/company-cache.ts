import type { Db } from '../database/engine.ts'
import type { MappedCompany } from '../model/mapped-item.ts'
import { toEmptyColumnMask } from './company-backfill.ts'
import type { Provenance } from './provenance.ts'
import { getStatements } from './statements/registry.ts'
import type { IngestStatements } from './statements/types.ts'

/** About 10 MB of keys. */
const CACHED_COMPANIES_MAX = 50_000

/** Cache of resolved companies. A company is queried again only if an item adds a value. */
export interface CompanyCache {
  /** Finds or creates companies; key → id. */
  resolveIds(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<ReadonlyMap<string, number>>
  /** The same without ids: sends new companies and values immediately, and resolves when they are written. */
  upsertNew(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<void>
  /** Call it after a company was deleted by another writer. */
  clear(): void
}

type Ensure = IngestStatements['ensureCompanies']

/** Calls `resolveIds` with companies that the cache does not cover. Pass a function to observe them before they are written. */
export function createCompanyCache(
  resolveIds: Ensure = (db, companies, origin) => getStatements(db).ensureCompanies(db, companies, origin),
): CompanyCache {
  const ids = new Map<string, number>()
  /** A bit per column for which no item had a value. */
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
      // Read now: an entry that is cleared during the query must not be missing from the result.
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
      // Before the response, because the next page is sent earlier. Pages are in order, and a failure clears the cache.
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
