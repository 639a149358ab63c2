import type { MapContext, MappedItem, UnreadValue } from '../model/mapped-item.ts'
import { toCleanLine, truncateText } from '../normalize/text.ts'
import type { FactTrace } from './facts.ts'
import { COMPANY, type Field, type Owner, PERSON } from './fields.ts'
import { createMapper, type MapperOptions } from './map-item.ts'

/** How one column of the lead or company got its value. */
export interface ExplainedColumn {
  /** `email`, `company.website`, `external_url` … */
  column: string
  value: string
  /** Keys of the item without which the column would differ, the most important first. Empty if no single one decides. */
  keys: string[]
}

/** A key of the item that changed nothing. */
export interface UnusedKey {
  key: string
  value: string
  /** What the key was read as (`phone`, `company.name`), or null if it means nothing to the mapping. */
  read_as: string | null
}

export interface Explanation {
  outcome: 'lead' | 'rejected'
  reason: string | null
  /** Keys without which the item would not be rejected for this reason. */
  reason_keys: string[]
  /** The preset that was chosen, or `general`; null for a rejection before any was tried. */
  mapping: string | null
  kind: string | null
  columns: ExplainedColumn[]
  unused: UnusedKey[]
  unread: readonly UnreadValue[]
}

/** Values of one item that are tried. Each costs one more mapping of the item. */
const LEAVES_MAX = 400
/** Keys that are read again in total, which bounds the time for items with thousands of keys. */
const KEY_READS_MAX = 100_000
const KEYS_PER_MAPPING_MAX = 3_000
const DEPTH_MAX = 7
const LIST_MAX = 10
const VALUE_MAX = 80

type Path = readonly (string | number)[]

interface Leaf {
  path: Path
  key: string
  value: string
}

/**
 * Explains what the mapping makes of one item: which key gave which column, what was not used, and why an item is
 * rejected.
 *
 * It maps the item again without each of its values and compares. That is slow, but cannot differ from what the mapping
 * does. Keys with the same value are left out together, since one of them would make up for the other.
 */
export function explainItem(item: unknown, context?: MapContext, options: MapperOptions = {}): Explanation {
  const trace = new KeyTrace()
  const mapped = createMapper({ ...options, trace })(item, context)
  // Even an item that is rejected has columns: they show what the mapping understood.
  const lenient = createMapper({ ...options, isLenient: true })(item, context)
  const leaves = listLeaves(item)
  const columns = toColumns(lenient)
  const { keysByColumn, reasonKeys } = findDecidingKeys(item, context, options, mapped, columns, leaves)
  const decidingKeys = new Set([...reasonKeys, ...[...keysByColumn.values()].flat()])
  const metadata = lenient.outcome === 'lead' ? lenient.source.metadata : {}
  return {
    outcome: mapped.outcome,
    reason: mapped.outcome === 'rejected' ? mapped.reason : null,
    reason_keys: reasonKeys,
    mapping: typeof metadata.mapping === 'string' ? metadata.mapping : null,
    kind: typeof metadata.kind === 'string' ? metadata.kind : null,
    columns: [...columns].map(([column, value]) => ({
      column,
      value,
      keys: chooseKeys(keysByColumn.get(column), value, leaves, trace),
    })),
    unused: leaves
      .filter(({ key }) => !decidingKeys.has(key))
      .map((leaf) => ({ key: leaf.key, value: leaf.value, read_as: trace.find(leaf) })),
    unread: mapped.unread ?? lenient.unread ?? [],
  }
}

/** Maps the item again without each value, and notes which columns and whether the reason change. */
function findDecidingKeys(
  item: unknown,
  context: MapContext | undefined,
  options: MapperOptions,
  mapped: MappedItem,
  columns: ReadonlyMap<string, string>,
  leaves: readonly Leaf[],
): { keysByColumn: Map<string, string[]>; reasonKeys: string[] } {
  const mapStrictly = createMapper(options)
  const mapLeniently = createMapper({ ...options, isLenient: true })
  const keysByColumn = new Map<string, string[]>()
  const reasonKeys: string[] = []
  for (const group of groupByValue(leaves)) {
    const keys = group.map(({ key }) => key)
    const rest = omitPaths(
      item,
      group.map(({ path }) => path),
    )
    for (const column of findChanges(columns, toColumns(mapLeniently(rest, context))))
      keysByColumn.set(column, [...(keysByColumn.get(column) ?? []), ...keys])
    if (mapped.outcome === 'rejected' && changesReason(mapped, mapStrictly(rest, context))) reasonKeys.push(...keys)
  }
  return { keysByColumn, reasonKeys }
}

/** Notes what each key of an item was read as. */
class KeyTrace implements FactTrace {
  private readonly path: string[] = []
  private readonly readings = new Map<string, { text: string; values: Set<string> }>()

  enter(key: string): void {
    this.path.push(key)
  }

  leave(): void {
    this.path.pop()
  }

  note(owner: Owner, field: Field, value: unknown): void {
    const key = this.path.join('.')
    const prefix = owner === COMPANY ? 'company.' : owner === PERSON ? 'contact person.' : ''
    const known = this.readings.get(key)
    const reading = known ?? { text: `${prefix}${field.replace(/_/g, ' ')}`, values: new Set() }
    if (known === undefined) this.readings.set(key, reading)
    if (typeof value !== 'object') reading.values.add(toShortText(value))
  }

  /** Returns what a key was read as. Elements of a list and wrapped values are read under the key around them. */
  find({ key, value }: Pick<Leaf, 'key' | 'value'>): string | null {
    const plain = key.replace(/\[\d+\]/g, '')
    const own = this.readings.get(plain)
    if (own !== undefined) return own.text
    const outer = this.readings.get(plain.slice(0, Math.max(0, plain.lastIndexOf('.'))))
    return outer?.values.has(value) === true ? outer.text : null
  }
}

/** Lists the plain values of an item with their keys, as far as the limits go. */
function listLeaves(item: unknown): Leaf[] {
  const leaves: Leaf[] = []
  const keys = typeof item === 'object' && item !== null ? Math.min(Object.keys(item).length, KEYS_PER_MAPPING_MAX) : 0
  const leavesMax = Math.min(LEAVES_MAX, Math.ceil(KEY_READS_MAX / Math.max(keys, 1)))
  const visit = (value: unknown, path: Path, key: string): void => {
    if (leaves.length >= leavesMax || value === null || value === undefined || value === '') return
    if (typeof value !== 'object') {
      leaves.push({ path, key, value: toShortText(value) })
      return
    }
    if (path.length >= DEPTH_MAX) return
    if (Array.isArray(value)) {
      for (const [index, entry] of value.slice(0, LIST_MAX).entries())
        visit(entry, [...path, index], `${key}[${index}]`)
      return
    }
    for (const [name, entry] of Object.entries(value))
      visit(entry, [...path, name], key === '' ? name : `${key}.${name}`)
  }
  visit(item, [], '')
  return leaves
}

function toShortText(value: unknown): string {
  const line = toCleanLine(String(value).slice(0, VALUE_MAX * 4))
  return line.length > VALUE_MAX ? `${truncateText(line, VALUE_MAX - 1).trimEnd()}…` : line
}

function groupByValue(leaves: readonly Leaf[]): Leaf[][] {
  const groups = new Map<string, Leaf[]>()
  for (const leaf of leaves) {
    // Flags and small numbers repeat by chance.
    const isOwn = leaf.value.length < 4 || leaf.value === 'true' || leaf.value === 'false'
    const key = isOwn ? `key:${leaf.key}` : leaf.value.toLowerCase()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [leaf])
    else group.push(leaf)
  }
  return [...groups.values()]
}

/** Returns a copy of an item without some values. Only the objects on the way to them are copied. */
function omitPaths(item: unknown, paths: readonly Path[]): unknown {
  let result = item
  for (const path of paths) result = omitPath(result, path, 0)
  return result
}

function omitPath(value: unknown, path: Path, depth: number): unknown {
  const step = path[depth]
  if (step === undefined || typeof value !== 'object' || value === null) return value
  const isLast = depth === path.length - 1
  if (Array.isArray(value)) {
    const copy = [...value] as unknown[]
    copy[Number(step)] = isLast ? null : omitPath(copy[Number(step)], path, depth + 1)
    return copy
  }
  const copy: Record<string, unknown> = { ...value }
  if (isLast) delete copy[String(step)]
  else copy[String(step)] = omitPath(copy[String(step)], path, depth + 1)
  return copy
}

/** Columns that follow from others: they would only repeat what is said there. */
const DERIVED_COLUMNS = new Set([
  'company.company_key',
  'company.name',
  'company.domain',
  'company.country',
  'company.city',
  'company.industry',
])

/** Returns the filled columns of a lead and its company as texts. */
function toColumns(mapped: MappedItem): Map<string, string> {
  const columns = new Map<string, string>()
  if (mapped.outcome === 'rejected') return columns
  const add = (column: string, value: unknown) => {
    const text = Array.isArray(value) ? value.join(', ') : value === null || value === false ? '' : String(value)
    if (text !== '' && !DERIVED_COLUMNS.has(column)) columns.set(column, toShortText(text))
  }
  for (const [column, value] of Object.entries(mapped.lead)) add(column, value)
  add('external_url', mapped.source.external_url)
  for (const [column, value] of Object.entries(mapped.company ?? {})) add(`company.${column}`, value)
  return columns
}

function findChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before].filter(([column, value]) => after.get(column) !== value).map(([column]) => column)
}

function changesReason(before: MappedItem, after: MappedItem): boolean {
  return after.outcome === 'lead' || (before.outcome === 'rejected' && after.reason !== before.reason)
}

const squash = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')

/**
 * Chooses the keys to name for a column: those whose value is in it, else all that decide. If no key decides alone, two
 * spellings of one value make up for each other: then all keys are named that were read and contain the value.
 */
function chooseKeys(
  keys: readonly string[] | undefined,
  value: string,
  leaves: readonly Leaf[],
  trace: KeyTrace,
): string[] {
  const wanted = squash(value)
  const matching = leaves.filter((leaf) => {
    const text = squash(leaf.value)
    return text.length > 1 && (wanted.includes(text) || text.includes(wanted))
  })
  if (keys === undefined) return matching.filter((leaf) => trace.find(leaf) !== null).map(({ key }) => key)
  const deciding = matching.filter(({ key }) => keys.includes(key)).map(({ key }) => key)
  return deciding.length > 0 ? deciding : [...new Set(keys)]
}
