import type { MapContext } from '../model/mapped-item.ts'
import type { Kind } from './detect-kind.ts'
import type { Field, Owner } from './fields.ts'
import { COMPANY, SELF } from './fields.ts'

/**
 * The columns that a preset can fill, and the fact that each one writes. `company.` marks columns of the company.
 * The schema of MAPPINGS_FILE and the column table in docs/mapping.md derive from this table.
 */
export const presetColumns = {
  full_name: { owner: SELF, field: 'full_name' },
  first_name: { owner: SELF, field: 'first_name' },
  last_name: { owner: SELF, field: 'last_name' },
  title: { owner: SELF, field: 'job_title' },
  email: { owner: SELF, field: 'email' },
  personal_email: { owner: SELF, field: 'personal_email' },
  email_status: { owner: SELF, field: 'email_status' },
  phone: { owner: SELF, field: 'phone' },
  company_name: { owner: COMPANY, field: 'name' },
  company_domain: { owner: COMPANY, field: 'domain' },
  website: { owner: COMPANY, field: 'website' },
  address: { owner: SELF, field: 'address' },
  location: { owner: SELF, field: 'location' },
  country: { owner: SELF, field: 'country' },
  city: { owner: SELF, field: 'city' },
  state: { owner: SELF, field: 'state' },
  postal_code: { owner: SELF, field: 'postal_code' },
  industry: { owner: SELF, field: 'industry' },
  tags: { owner: SELF, field: 'tags' },
  external_url: { owner: SELF, field: 'url' },
  scraped_at: { owner: SELF, field: 'scraped_at' },
  linkedin_url: { owner: SELF, field: 'linkedin' },
  'company.linkedin_url': { owner: COMPANY, field: 'linkedin' },
  'company.employees': { owner: COMPANY, field: 'employees' },
  'company.description': { owner: COMPANY, field: 'description' },
  'company.company_type': { owner: COMPANY, field: 'company_type' },
  'company.address': { owner: COMPANY, field: 'address' },
  'company.country': { owner: COMPANY, field: 'country' },
  'company.city': { owner: COMPANY, field: 'city' },
  'company.state': { owner: COMPANY, field: 'state' },
  'company.postal_code': { owner: COMPANY, field: 'postal_code' },
  'company.phone': { owner: COMPANY, field: 'phone' },
  'company.email': { owner: COMPANY, field: 'email' },
  'company.industry': { owner: COMPANY, field: 'industry' },
} as const satisfies Record<string, PresetTarget>

export type PresetColumn = keyof typeof presetColumns

interface PresetTarget {
  owner: Owner
  field: Field
}

/** One condition on an item. All given parts must hold. A path joins keys by dots: `experience.0.title`. */
export interface Condition {
  path: string
  /** True: present and not empty. False: missing or empty. */
  exists?: boolean | undefined
  /** One of these values, compared as lower-case text. */
  equals?: readonly (string | number | boolean)[] | undefined
  /** Contains this text, in lower case. */
  contains?: string | undefined
}

/**
 * Mapping hints for one family of Actors, as plain data. The general mapper finds everything that a preset leaves out, so
 * a preset only names what the general mapper would get wrong or cannot know.
 */
export interface Preset {
  name: string
  /** Chosen by shape: all of `all`, at least one of `any`, none of `none`. Top-level keys count even if they are null. */
  match?:
    | {
        all?: readonly string[] | undefined
        any?: readonly string[] | undefined
        none?: readonly string[] | undefined
        when?: readonly Condition[] | undefined
      }
    | undefined
  /** Chosen by Actor (`user/name` or id) if no shape matches. */
  actors?: readonly string[] | undefined
  kind?: Kind | undefined
  /** Paths by column, best first. `null` keeps a column empty, regardless of what the general mapper finds. */
  fields?: Partial<Record<PresetColumn, string | readonly string[] | null>> | undefined
  /** Top-level keys that are about something else. */
  ignore?: readonly string[] | undefined
  /** Items that are not leads. */
  reject?: readonly { when: readonly Condition[]; reason: string }[] | undefined
  /** The vendor's stable identifier: the namespace, and the value at the first path that has one. */
  identity?: { namespace: string; paths: readonly string[] } | undefined
}

/** A preset that ships with the product. Lower `order` is tried first. */
export interface BuiltInPreset extends Preset {
  order: number
}

type Json = Record<string, unknown>

/** A preset that is prepared for use: paths are split, sets are built. */
export interface CompiledPreset {
  preset: Preset
  actors: ReadonlySet<string>
  ignore: ReadonlySet<string> | null
  fields: { column: PresetColumn; owner: Owner; field: Field; paths: readonly (readonly string[])[] | null }[]
  identity: { namespace: string; paths: readonly (readonly string[])[] } | null
}

const toActorKey = (actor: string) => actor.toLowerCase().replace('~', '/')

export function compilePreset(preset: Preset): CompiledPreset {
  const fields = Object.entries(preset.fields ?? {}).map(([column, paths]) => {
    const { owner, field } = presetColumns[column as PresetColumn]
    const list = paths === null || paths === undefined ? null : typeof paths === 'string' ? [paths] : paths
    return { column: column as PresetColumn, owner, field, paths: list?.map((path) => path.split('.')) ?? null }
  })
  return {
    preset,
    actors: new Set(preset.actors?.map(toActorKey)),
    ignore: preset.ignore === undefined ? null : new Set(preset.ignore),
    fields,
    identity:
      preset.identity === undefined
        ? null
        : { namespace: preset.identity.namespace, paths: preset.identity.paths.map((path) => path.split('.')) },
  }
}

/** Returns the value at a path of own properties. The step `*` returns the values of all elements of a list. */
export function getPath(item: unknown, path: readonly string[], from = 0): unknown {
  let value: unknown = item
  for (let index = from; index < path.length; index += 1) {
    const step = path[index] as string
    if (typeof value !== 'object' || value === null) return undefined
    if (step === '*')
      return Array.isArray(value)
        ? value
            .slice(0, 25)
            .map((entry) => getPath(entry, path, index + 1))
            .filter((entry) => entry != null)
        : undefined
    if (!Object.hasOwn(value, step)) return undefined
    value = (value as Json)[step]
  }
  return value
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

/** Returns true if all conditions hold. */
export function matchesConditions(item: Json, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => {
    const value = condition.path.includes('.')
      ? getPath(item, condition.path.split('.'))
      : Object.hasOwn(item, condition.path)
        ? item[condition.path]
        : undefined
    if (condition.exists !== undefined && isEmpty(value) === condition.exists) return false
    const text = typeof value === 'object' ? '' : String(value).toLowerCase()
    if (condition.equals !== undefined && !condition.equals.some((wanted) => String(wanted).toLowerCase() === text))
      return false
    return condition.contains === undefined || text.slice(0, 4_000).includes(condition.contains.toLowerCase())
  })
}

function matchesShape(item: Json, match: NonNullable<Preset['match']>): boolean {
  if (match.all !== undefined) for (const key of match.all) if (!Object.hasOwn(item, key)) return false
  if (match.none !== undefined) for (const key of match.none) if (Object.hasOwn(item, key)) return false
  if (match.any !== undefined && !match.any.some((key) => Object.hasOwn(item, key))) return false
  return match.when === undefined || matchesConditions(item, match.when)
}

/** Returns the first preset whose shape matches, else that of the Actor, else null. Actors get renamed and copied. */
export function choosePreset(
  item: Json,
  presets: readonly CompiledPreset[],
  context: MapContext | undefined,
): CompiledPreset | null {
  for (const compiled of presets)
    if (compiled.preset.match !== undefined && matchesShape(item, compiled.preset.match)) return compiled
  for (const actor of [context?.actor_id, context?.actor_name]) {
    if (typeof actor !== 'string') continue
    const key = toActorKey(actor)
    const found = presets.find((compiled) => compiled.actors.has(key))
    if (found !== undefined) return found
  }
  return null
}
