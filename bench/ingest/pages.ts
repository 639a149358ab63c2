import { prepareItem } from '@leads/core/ingest/lead-draft'
import { createMapper } from '@leads/core/mapping/map-item'
import type { PageItem } from '@leads/core/syncs/write-page'

/** Items as the sync hands them to the database stage, in pages. An Actor's ids are told apart by the Actor. */
export function mapPages(texts: readonly string[], page_rows: number, actor_id: string): PageItem[][] {
  const map = createMapper()
  const pages: PageItem[][] = []
  for (let start = 0; start < texts.length; start += page_rows) {
    pages.push(
      texts.slice(start, start + page_rows).map((raw): PageItem => {
        const mapped = map(JSON.parse(raw), { actor_id, actor_name: 'bench/people' })
        if (mapped.outcome === 'rejected') return { raw, reason: mapped.reason }
        const lead = { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: raw }
        // As in the sync, which does it while the page before is written.
        prepareItem(lead)
        return { raw, lead }
      }),
    )
  }
  return pages
}
