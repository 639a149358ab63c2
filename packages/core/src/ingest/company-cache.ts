import type { Db } from '../database/engine.ts'
import type { MappedCompany } from '../model/mapped-item.ts'
import { emptyColumns } from './company-backfill.ts'
import type { IngestStatements, Origin } from './statements/types.ts'

/** About 10 MB of keys. */
const COMPANIES_MAX = 50_000

/** The companies that a sync has met so far: asked for again only when an item says more of one than any before. */
export interface CompanyMemory {
  /** Finds or creates companies; key → id. */
  ensure(db: Db, companies: readonly MappedCompany[], origin: Origin): Promise<ReadonlyMap<string, number>>
  /** The same for who needs no ids: sends what is new to the database at once, and is done when that is written. */
  send(db: Db, companies: readonly MappedCompany[], origin: Origin): Promise<void>
  /** To be called when a company has gone meanwhile. */
  forget(): void
}

type Ensure = IngestStatements['ensureCompanies']

/** `ensure` is called with what is new to the memory; whoever wants to be told of that beforehand brings an own one. */
export function createCompanyMemory(
  ensure: Ensure = (db, companies, origin) => db.engine.ingest.ensureCompanies(db, companies, origin),
): CompanyMemory {
  const ids = new Map<string, number>()
  /** A bit for each column that no item has said anything of. */
  const unsaid = new Map<string, number>()
  const forget = (): void => {
    ids.clear()
    unsaid.clear()
  }
  const saysMore = (company: MappedCompany): boolean => {
    const open = unsaid.get(company.company_key)
    return open === undefined || (open & ~emptyColumns(company)) !== 0
  }
  const note = (companies: readonly MappedCompany[]): void => {
    for (const company of companies) {
      const open = unsaid.get(company.company_key) ?? -1
      unsaid.set(company.company_key, open & emptyColumns(company))
    }
  }
  return {
    async ensure(db, companies, origin) {
      if (unsaid.size > COMPANIES_MAX) forget()
      // Taken now: what is forgotten while the database is asked must not be missing from the answer.
      const answer = new Map<string, number>()
      const news: MappedCompany[] = []
      for (const company of companies) {
        const id = ids.get(company.company_key)
        if (id !== undefined) answer.set(company.company_key, id)
        if (id === undefined || saysMore(company)) news.push(company)
      }
      if (news.length === 0) return answer
      for (const [company_key, id] of await ensure(db, news, origin)) {
        answer.set(company_key, id)
        ids.set(company_key, id)
      }
      note(news)
      return answer
    },
    async send(db, companies, origin) {
      if (unsaid.size > COMPANIES_MAX) forget()
      const news = companies.filter(saysMore)
      if (news.length === 0) return
      // Before the answer: the next page is sent before that. It comes in order, and a failure forgets them all.
      note(news)
      try {
        for (const [company_key, id] of await ensure(db, news, origin)) ids.set(company_key, id)
      } catch (error) {
        forget()
        throw error
      }
    },
    forget,
  }
}
