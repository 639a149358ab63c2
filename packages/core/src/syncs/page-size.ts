import type { DatasetPage } from '../apify/read-dataset-page.ts'

/**
 * Returns the rows to request next, from the size of the last page's items: as many as fill the bytes of a page. Items of
 * 9 MB are read a few at a time, items of 1 KB by the full page.
 */
export function nextPageRows(
  last: Pick<DatasetPage<unknown>, 'items' | 'bytes'>,
  rows_max: number,
  bytes_max: number,
): number {
  if (last.items.length === 0) return rows_max
  const item_bytes = Math.max(1, last.bytes / last.items.length)
  return Math.max(1, Math.min(rows_max, Math.ceil(bytes_max / item_bytes)))
}
