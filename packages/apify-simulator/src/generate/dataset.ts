import * as z from 'zod'
import { apolloPeople } from './apollo-people.ts'
import { googlePlaces } from './google-places.ts'
import { linkedinPeople } from './linkedin-people.ts'
import { poison } from './malformed-items.ts'
import { chance, hash32 } from './random.ts'
import type { Generator, Item } from './types.ts'

const share = z.number().min(0).max(1)

/** Contents of a generated dataset. Each item is derived from (seed, offset), so none is kept in memory. */
export const datasetSpec = z.strictObject({
  generator: z.enum(['google-places', 'linkedin-people', 'apollo-people']),
  count: z.int().min(0),
  seed: z.int().default(1),
  /** Share of items that repeat an earlier record of the same dataset (another rank and time, the same facts). */
  duplicate_share: share.default(0.03),
  /** Share of items that are `{}`. */
  empty_share: share.default(0.005),
  /** Share of items that are an Actor's error or log records. */
  error_share: share.default(0.01),
  /** Share of records that a careless consumer breaks on: NUL, lone surrogates, huge numbers, deep nesting. */
  poison_share: share.default(0),
  /** Adds this many bytes to each record, for datasets of very big items (an Apify item may have 9 MB). */
  padding_bytes: z.int().min(0).max(9_000_000).default(0),
  /** A `share` of the records are those of an earlier dataset of `seed`; a `changed_share` of these has changed. */
  overlap: z
    .strictObject({ seed: z.int(), share, changed_share: share.default(0.2), count: z.int().min(0).optional() })
    .optional(),
})

/** The spec as a caller writes it: only `generator` and `count` are needed. */
export type DatasetSpec = z.input<typeof datasetSpec>
type FullSpec = z.output<typeof datasetSpec>

const GENERATORS: Record<FullSpec['generator'], Generator> = {
  'google-places': googlePlaces,
  'linkedin-people': linkedinPeople,
  'apollo-people': apolloPeople,
}

type Kind = 'record' | 'duplicate' | 'empty' | 'error'

/** Counts that follow from a spec without reading the dataset; what a faithful sync must arrive at. */
export interface DatasetCounts {
  /** All items: records + duplicates + empty + error. */
  items: number
  /** Different records: the leads of a dataset that shares none with another. */
  records: number
  /** Items that repeat a record of the same dataset. */
  duplicates: number
  empty: number
  error: number
  /** Of `records`: those the earlier dataset of `overlap` has, too. */
  shared: number
  /** Of `shared`: those that have changed since (their phone, title or job differs). */
  shared_changed: number
  /** Of `records`: those with NUL, lone surrogates, huge numbers or deep nesting. */
  poison: number
}

/** A dataset that can be read at any offset. */
export interface GeneratedDataset {
  count: number
  /** Equal for equal specs, even of different objects: a cache key. */
  key: string
  text(offset: number): string
}

function kindAt(spec: FullSpec, seed: number, offset: number): Kind {
  if (offset === 0) return 'record'
  const roll = chance(seed, offset, 31)
  if (roll < spec.duplicate_share) return 'duplicate'
  if (roll < spec.duplicate_share + spec.empty_share) return 'empty'
  if (roll < spec.duplicate_share + spec.empty_share + spec.error_share) return 'error'
  return 'record'
}

/** The record that a duplicate repeats: the nearest one at or before a place thrown from its offset; 0 always is one. */
function originalOf(spec: FullSpec, offset: number): number {
  let original = hash32(spec.seed, offset, 37) % offset
  while (kindAt(spec, spec.seed, original) !== 'record') original--
  return original
}

/** The seed of a record, and whether it has changed since. */
function originOf(spec: FullSpec, offset: number): { seed: number; changed: boolean } {
  const overlap = spec.overlap
  if (!overlap || offset >= (overlap.count ?? spec.count)) return { seed: spec.seed, changed: false }
  if (kindAt(spec, overlap.seed, offset) !== 'record') return { seed: spec.seed, changed: false }
  // Offsets that held no record in the earlier dataset cannot be shared, so the others are a little likelier to be.
  const records = 1 - spec.duplicate_share - spec.empty_share - spec.error_share
  if (chance(spec.seed, offset, 41) >= overlap.share / Math.max(records, 0.01))
    return { seed: spec.seed, changed: false }
  return { seed: overlap.seed, changed: chance(spec.seed, offset, 43) < overlap.changed_share }
}

function isPoison(spec: FullSpec, offset: number): boolean {
  if (spec.poison_share === 0 || kindAt(spec, spec.seed, offset) !== 'record') return false
  return chance(spec.seed, offset, 47) < spec.poison_share
}

function itemAt(spec: FullSpec, offset: number): Item {
  const generator = GENERATORS[spec.generator]
  const kind = kindAt(spec, spec.seed, offset)
  if (kind === 'empty') return {}
  if (kind === 'error') return generator.junk(spec.seed, offset)
  const index = kind === 'duplicate' ? originalOf(spec, offset) : offset
  const { seed, changed } = originOf(spec, index)
  return generator.item(seed, index, { position: offset, run_seed: spec.seed, changed })
}

/**
 * Opens a spec as a dataset.
 *
 * @throws ZodError for a spec that makes no sense.
 */
export function generateDataset(input: DatasetSpec): GeneratedDataset {
  const spec = datasetSpec.parse(input)
  const padding = spec.padding_bytes > 0 ? 'lorem ipsum '.repeat(Math.ceil(spec.padding_bytes / 12)) : ''
  const key = JSON.stringify(spec)
  return {
    count: spec.count,
    key,
    text(offset) {
      const item = itemAt(spec, offset)
      if (padding !== '') item.longDescription = padding.slice(0, spec.padding_bytes)
      const text = JSON.stringify(item)
      return isPoison(spec, offset) ? poison(text, offset) : text
    },
  }
}

/** Counts a spec without making its items: about 0.1 s for a million. */
export function countDataset(input: DatasetSpec): DatasetCounts {
  const spec = datasetSpec.parse(input)
  const counts: DatasetCounts = {
    items: spec.count,
    records: 0,
    duplicates: 0,
    empty: 0,
    error: 0,
    shared: 0,
    shared_changed: 0,
    poison: 0,
  }
  for (let offset = 0; offset < spec.count; offset++) {
    const kind = kindAt(spec, spec.seed, offset)
    if (kind === 'empty') counts.empty++
    else if (kind === 'error') counts.error++
    else if (kind === 'duplicate') counts.duplicates++
    else {
      counts.records++
      const { seed, changed } = originOf(spec, offset)
      if (spec.overlap && seed === spec.overlap.seed) counts.shared++
      if (changed) counts.shared_changed++
      if (isPoison(spec, offset)) counts.poison++
    }
  }
  return counts
}
