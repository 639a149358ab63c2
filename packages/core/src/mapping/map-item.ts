import type { MapContext, MappedItem } from '../model/mapped-item.ts'
import { findSiteHost } from '../normalize/hosts.ts'
import { cleanText, splitWords } from '../normalize/text.ts'
import { assembleLead } from './assemble-lead.ts'
import { collectFacts } from './collect-facts.ts'
import { detectKind } from './detect-kind.ts'
import type { Facts, FactTrace } from './facts.ts'
import { type CompiledPreset, choosePreset, compilePreset, getPath, matchesConditions, type Preset } from './preset.ts'
import { PRESETS } from './presets/index.ts'

/**
 * Raised whenever the mapping gives other results. Stored raw data that an older version mapped is worth a replay, and a
 * three-way merge takes its base from the version that wrote the row.
 */
export const MAPPING_VERSION = 6

export interface MapperOptions {
  /** False: only the general mapper and `mappings`. */
  presets?: boolean
  /** Presets of the user (MAPPINGS_FILE). They are tried before the built-in ones. */
  mappings?: readonly Preset[]
  /** Receives every fact with its key. Only for explanations. */
  trace?: FactTrace
  /** Builds a lead even from an item that would be rejected. Only for explanations. */
  isLenient?: boolean
}

export type Mapper = (item: unknown, context?: MapContext) => MappedItem

/**
 * Creates the function that turns one dataset item into a lead or a rejection with its reason. The function is pure,
 * never throws, and takes time linear in the part of the item that it reads (at most 3,000 keys, 6 levels deep).
 */
export function createMapper(options: MapperOptions = {}): Mapper {
  const presets = [...(options.mappings ?? []), ...(options.presets === false ? [] : PRESETS)].map(compilePreset)
  return (item, context) => {
    try {
      return mapItem(item, context, presets, options)
    } catch (error) {
      // No code above is known to throw. An item that makes it throw is kept for a replay like any other rejection.
      return {
        outcome: 'rejected',
        reason: `could not be mapped: ${cleanText(error instanceof Error ? error.message : 'unknown error', 200) ?? 'unknown error'}`,
      }
    }
  }
}

function mapItem(
  item: unknown,
  context: MapContext | undefined,
  presets: readonly CompiledPreset[],
  options: MapperOptions,
): MappedItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return { outcome: 'rejected', reason: 'not an object' }
  const object = item as Record<string, unknown>
  const chosen = choosePreset(object, presets, context)
  const rule = chosen?.preset.reject?.find((candidate) => matchesConditions(object, candidate.when))
  if (rule !== undefined && options.isLenient !== true) return { outcome: 'rejected', reason: rule.reason }
  // Rows of files have no Actor: an unknown `Batch ID` there must not identify a lead.
  const isActorItem = context?.actor_id != null || context?.actor_name != null
  const facts = collectFacts(object, { skip: chosen?.ignore ?? null, guess: isActorItem, trace: options.trace ?? null })
  facts.actorHost = findActorHost(context)
  if (facts.visited === 0) return { outcome: 'rejected', reason: 'empty item' }
  if (chosen !== null) applyFields(facts, object, chosen)
  const kind = chosen?.preset.kind ?? detectKind(facts)
  const match = { preset: chosen?.preset.name ?? null, identity: findPresetIdentity(object, chosen) }
  const mapped = assembleLead(facts, kind, match, context, options.isLenient === true)
  // Hidden keys are never read as data, but this one tells why there is none.
  if (mapped.outcome === 'rejected' && object['#error'] === true) {
    return { outcome: 'rejected', reason: 'error record: the Actor marked the item as failed' }
  }
  return mapped
}

/** The site that an Actor is named after: `someone/clutch-scraper` reads clutch.co. */
function findActorHost(context: MapContext | undefined): string | null {
  const name = context?.actor_name ?? context?.actor_id
  if (typeof name !== 'string') return null
  if (name !== lastActor.name) lastActor = { name, host: findHostOfName(name) }
  return lastActor.host
}

/** The items of one run share their Actor. */
let lastActor: { name: string; host: string | null } = { name: '', host: null }

function findHostOfName(name: string): string | null {
  const own = /[/~](.{1,100})/.exec(name)?.[1]
  for (const word of splitWords(own ?? '')) {
    const host = word.length > 2 ? findSiteHost(word) : null
    if (host !== null) return host
  }
  return null
}

/** A preset's columns go before everything that the general way found. A column set to null is closed. */
function applyFields(facts: Facts, item: Record<string, unknown>, chosen: CompiledPreset): void {
  for (const { owner, field, paths } of chosen.fields) {
    if (paths === null) {
      facts.clear(owner, field)
      continue
    }
    for (const [index, path] of paths.entries()) {
      const value = getPath(item, path)
      if (value === null || value === undefined || value === '') continue
      const list = Array.isArray(value) && field !== 'employees' ? value.slice(0, 25) : [value]
      facts.trace?.enter(path.join('.'))
      for (const entry of list) facts.add(owner, field, entry, index * 0.1)
      facts.trace?.leave()
    }
  }
}

function findPresetIdentity(
  item: Record<string, unknown>,
  chosen: CompiledPreset | null,
): { namespace: string; value: string } | null {
  if (chosen?.identity == null) return null
  for (const path of chosen.identity.paths) {
    const value = cleanText(getPath(item, path), 2_000)
    if (value !== null) return { namespace: chosen.identity.namespace, value }
  }
  return null
}
