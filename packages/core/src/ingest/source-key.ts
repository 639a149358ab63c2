import { createHash } from 'node:crypto'
import type { ColumnMatch } from '../model/import-batch.ts'
import type { MappedSource } from '../model/mapped-item.ts'
import type { Provenance } from './provenance.ts'

/** Name of a source of files. */
export const SOURCE_NAME = /^\w[\w.-]{0,59}$/

/** The source of a file by the name that the import was given, else by its header: two exports of one system have the same. */
export function toFileSourceKey(columns: readonly Pick<ColumnMatch, 'header'>[] | null, source?: unknown): string {
  if (typeof source === 'string') return `file:${source.toLowerCase()}`
  if (!columns || columns.length === 0) return 'file:records'
  const text = columns.map(({ header }) => header).join('\u001f')
  return `file:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
}

/** Who says what the items of a write say; null if it is the source of the stored item. */
export const toSourceKey = ({ source_key, actor_id, provider_name }: Provenance): string | null =>
  source_key === undefined ? (actor_id ?? provider_name) : source_key

/** When what an item says was seen: never in the future. */
export function toObservedAt(
  { source }: { source: Pick<MappedSource, 'scraped_at'> },
  { observed_at, at }: Provenance,
): number {
  const seen = source.scraped_at === null ? (observed_at ?? at).getTime() : Date.parse(source.scraped_at)
  return Math.min(seen, at.getTime())
}

/** Sources that the setting names rank above all others, the first one highest. */
export function toSourceRank({ source_precedence = [] }: Provenance): (source_key: string) => number {
  const ranks = new Map(source_precedence.map((source_key, index) => [source_key, source_precedence.length - index]))
  return (source_key) => ranks.get(source_key) ?? (source_key.startsWith('file:') ? (ranks.get('file') ?? 0) : 0)
}
