import type { MapContext, MappedItem } from '../model/mapped-item.ts'
import { assembleLead } from './assemble-lead.ts'
import { collectFacts } from './collect-facts.ts'
import { detectKind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { cleanText } from './normalize/text.ts'
import { type CompiledPreset, choosePreset, compilePreset, getPath, matchesConditions, type Preset } from './preset.ts'
import { PRESETS } from './presets/index.ts'

/**
 * Raised whenever the answers of the mapping change: stored raw data mapped with an older version is worth replaying,
 * and a three-way merge takes its base from the version that wrote the row.
 */
export const MAPPING_VERSION = 1

export interface MapperOptions {
  /** False: only the general mapper and `mappings`. */
  presets?: boolean
  /** Presets of the user (MAPPINGS_FILE); they are tried before the built-in ones. */
  mappings?: readonly Preset[]
}

export type Mapper = (item: unknown, context?: MapContext) => MappedItem

/**
 * Makes the function that turns one dataset item into a lead or a rejection with its reason. It is pure, never throws,
 * and costs time linear in the part of the item that it looks at (at most 3,000 keys, 6 levels deep).
 */
export function createMapper(options: MapperOptions = {}): Mapper {
  const presets = [...(options.mappings ?? []), ...(options.presets === false ? [] : PRESETS)].map(compilePreset)
  return (item, context) => {
    try {
      return mapItem(item, context, presets)
    } catch (error) {
      // Nothing above is known to throw; should an item find a way, it is kept for replay like any other rejection.
      return {
        outcome: 'rejected',
        reason: `could not be mapped: ${cleanText(error instanceof Error ? error.message : 'unknown error', 200) ?? 'unknown error'}`,
      }
    }
  }
}

function mapItem(item: unknown, context: MapContext | undefined, presets: readonly CompiledPreset[]): MappedItem {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return { outcome: 'rejected', reason: 'not an object' }
  const object = item as Record<string, unknown>
  const chosen = choosePreset(object, presets, context)
  const refused = chosen?.preset.reject?.find((rule) => matchesConditions(object, rule.when))
  if (refused !== undefined) return { outcome: 'rejected', reason: refused.reason }
  const facts = collectFacts(object, chosen?.ignore ?? null)
  if (facts.visited === 0) return { outcome: 'rejected', reason: 'empty item' }
  if (chosen !== null) applyFields(facts, object, chosen)
  const kind = chosen?.preset.kind ?? detectKind(facts)
  const origin = { preset: chosen?.preset.name ?? null, identity: presetIdentity(object, chosen) }
  const mapped = assembleLead(facts, kind, origin, context)
  // Hidden keys are never read as data, but this one tells why there is none.
  if (mapped.outcome === 'rejected' && object['#error'] === true) {
    return { outcome: 'rejected', reason: 'error record: the Actor marked the item as failed' }
  }
  return mapped
}

/** A preset's columns go before everything the general way found; a column set to null is closed. */
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
      for (const entry of list) facts.add(owner, field, entry, index * 0.1)
    }
  }
}

function presetIdentity(
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
