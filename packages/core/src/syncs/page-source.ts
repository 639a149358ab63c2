import type { ApifyApi } from '../apify/apify-api.ts'
import type { DatasetPage, DatasetPageOptions, DatasetPageRequest, ItemConverter } from '../apify/read-dataset-page.ts'
import { type IngestItem, prepareItem } from '../ingest/lead-draft.ts'
import type { MapContext, MappedItem } from '../model/mapped-item.ts'
import type { PageItem } from './write-page.ts'

/** Where a sync gets the pages of a dataset: mapped, and prepared for comparison with stored leads. */
export interface PageSource {
  /** @throws ApifyTransientError, ApifyPermanentError */
  read(request: DatasetPageRequest, limits: PageLimits): Promise<DatasetPage<PageItem>>
}

export type PageLimits = Pick<DatasetPageOptions, 'signal' | 'stall_timeout_ms'>

type Map = (item: unknown, context?: MapContext) => MappedItem

/** Reads and maps in this thread. A page may be requested before the context is known. */
export function createPageSource(readItems: ApifyApi['readItems'], map: Map, context: Promise<MapContext>): PageSource {
  const convert = context.then((known) => toPageItems(map, known))
  // Awaited when a page was received. Until then a failure must not count as unhandled.
  convert.catch(() => {})
  return { read: (request, limits) => readItems(request, convert, limits) }
}

/** Maps an item as soon as it is parsed. */
export const toPageItems =
  (map: Map, context: MapContext): ItemConverter<PageItem> =>
  (value, raw) => {
    const mapped = map(value, context)
    const { unread } = mapped
    if (mapped.outcome === 'rejected') return { raw, reason: mapped.reason, unread }
    const { lead: fields, company, source, former_external_id, identities } = mapped
    const lead: IngestItem = { lead: fields, company, source, former_external_id, identities, raw_data: raw }
    prepareItem(lead)
    return { raw, lead, unread }
  }
