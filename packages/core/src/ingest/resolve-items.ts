import { hash } from 'node:crypto'
import type { Db } from '../database/engine.ts'
import { findByKey } from '../database/find-by-key.ts'
import { isContradicted, toMatchKind } from '../duplicates/contradiction.ts'
import type { DuplicateFeatures } from '../duplicates/features.ts'
import { parseGoogleCid } from '../duplicates/google-place.ts'
import { readFeatures, SUBJECT_COLUMNS } from '../duplicates/lead-subjects.ts'
import { isAsciiFormOf } from '../duplicates/strong-identities.ts'
import { findBuried, toNamedAddresses, toProviderIdentity } from '../duplicates/tombstones.ts'
import type { MergedColumn } from '../model/lead-columns.ts'
import type { LeadIdentity } from '../model/lead-identity.ts'
import { hashPositions, hasSameHashes } from './field-hashes.ts'
import {
  addFormerNames,
  addIdentity,
  addName,
  addStoredIdentities,
  hasRoom,
  hasSameName,
  isNameContradicted,
  NewTarget,
  type Target,
  toItemFeatures,
  toItemIdentities,
  toTargets,
  toVariants,
} from './item-target.ts'
import { type IngestItem, prepareItem } from './lead-draft.ts'
import { countJoin, createMatchCounts, type MatchCounts, toIdentityKind } from './match-counts.ts'
import type { Provenance } from './provenance.ts'
import { attachSourceStates } from './source-states.ts'
import { findLeadsById, findStoredItems } from './statements/find-leads-by-id.ts'
import { getStatements } from './statements/registry.ts'
import type { ExistingLead } from './statements/types.ts'

type ItemOrigin = Pick<Provenance, 'source' | 'provider_name'>

/** Which lead each item belongs to, and what is to be stored of its identities. */
export interface ResolvedItems {
  /** Leads that exist, by the external id under which items of this call go to them. */
  known: Map<string, ExistingLead>
  /** External id of an item's lead, where it is not the item's own. */
  aliases: Map<IngestItem, string>
  /** Identities that no lead has yet, with the external id of the lead that gets them. */
  new_identities: Map<string, string>
  /** Email addresses that turned out to belong to several people. */
  shared_identities: string[]
  bridges: LeadBridge[]
  /** By what items reach leads that do not have their external id: to be checked once the leads are locked. */
  reached_by: ReachedBy
  match_counts: MatchCounts
}

export interface ReachedBy {
  /** Identity → id of its lead. */
  identities: Map<string, number>
  /** External id of a merged lead → id of its keeper. */
  merged: Map<string, number>
}

/** A second lead that an item of `lead` identifies, without a name that contradicts. Both by their external ids. */
export interface LeadBridge {
  lead: string
  other: string
  /** Null for a lead that an earlier item of this call makes. */
  other_id: number | null
}

const GOOGLE_CID = 'google_cid:'

/** Represents all leads that were deleted permanently: their items are duplicates that change nothing. */
const BURIED_KEY = 'tombstone:'
const BURIED_LEAD: ExistingLead = {
  id: 0,
  external_id: BURIED_KEY,
  run_id: null,
  import_hashes: null,
  is_deleted: true,
  merged_into_id: null,
}

/** By what a tombstone knows an item. */
export const toBuriedKeys = (item: IngestItem, provider_name: string): string[] => [
  toProviderIdentity(provider_name, item.lead.external_id, item.lead.full_name ?? item.lead.company_name),
  // A hash is of all that the item says, but the domain of a deleted branch is that of the others, too.
  ...(item.former_external_id?.startsWith('hash:')
    ? [toProviderIdentity(provider_name, item.former_external_id, null)]
    : []),
  // The number of a deleted person may be another person's in the next system.
  ...toItemIdentities(item).filter((identity) => identity !== item.record_identity),
  ...toNamedAddresses(toItemIdentities(item), item.lead.full_name),
]

/**
 * Finds the lead of each item, in the order of the items: by its own external id first, then by its identities. A match
 * that names contradict is none: the item then creates its own lead.
 */
export async function resolveItems(
  db: Db,
  items: readonly IngestItem[],
  origin: ItemOrigin,
  /** Leads with the external ids of the items, with what their sources said, if they are known. */
  found: readonly ExistingLead[] | null = null,
): Promise<ResolvedItems> {
  const resolver = new ItemResolver(origin)
  await resolver.load(db, items, found)
  for (const item of items) resolver.resolve(item)
  return resolver.result
}

class ItemResolver {
  readonly result: ResolvedItems = {
    known: new Map(),
    aliases: new Map(),
    new_identities: new Map(),
    shared_identities: [],
    bridges: [],
    reached_by: { identities: new Map(), merged: new Map() },
    match_counts: createMatchCounts(),
  }
  readonly #origin: ItemOrigin
  readonly #buried = new Set<string>()
  readonly #byExternalId = new Map<string, Target>()
  readonly #byIdentity = new Map<string, Target>()
  readonly #shared = new Set<string>()
  /** The stored items of leads under external ids of earlier versions. */
  readonly #formerItems = new Map<string, string>()
  /** Items of leads with their external id that say who it is as was said before: they need no comparison. */
  readonly #plain = new Set<IngestItem>()
  /** The item at hand as leads are compared with it. Most items meet no lead, and reading one takes 10 µs. */
  #compared: { item: IngestItem; features: DuplicateFeatures } | null = null
  /** External ids of leads that a person merged into another: names do not undo that. */
  readonly #merged = new Set<string>()

  constructor(origin: ItemOrigin) {
    this.#origin = origin
  }

  async load(db: Db, items: readonly IngestItem[], given: readonly ExistingLead[] | null): Promise<void> {
    const { provider_name } = this.#origin
    const own_ids = [...new Set(items.map(({ lead }) => lead.external_id))]
    const own = given ?? (await getStatements(db).findLeads(db, provider_name, own_ids))
    const ownByExternalId = new Map(own.map((lead) => [lead.external_id, lead]))
    for (const item of items) if (isSaidOfOwn(ownByExternalId.get(item.lead.external_id), item)) this.#plain.add(item)
    const stored = await this.#findIdentities(db, items, ownByExternalId)
    const others = items.filter((item) => !this.#plain.has(item))
    const contested = selectContested(items, ownByExternalId, stored)
    const external_ids = new Set<string>()
    for (const item of others) {
      if (contested.has(item)) external_ids.add(toOwnLeadId(item))
      if (item.former_external_id !== undefined) external_ids.add(item.former_external_id)
    }
    for (const { external_id } of own) external_ids.delete(external_id)
    const found = [...own, ...(await getStatements(db).findLeads(db, provider_name, [...external_ids]))]
    // Afterwards: a lead that was deleted permanently before the look-up has its tombstones by now.
    const listKeys = () => [...new Set(items.flatMap((item) => toBuriedKeys(item, provider_name)))]
    if (items.length > 0) for (const identity of await findBuried(db, listKeys)) this.#buried.add(identity)
    const byId = new Map(found.map((lead) => [lead.id, lead]))
    const wanted = [
      ...stored.map(({ lead_id }) => lead_id),
      ...found.flatMap(({ merged_into_id }) => merged_into_id ?? []),
    ]
    await addLeads(db, byId, wanted)
    // An identity that was stored while its lead was merged is the keeper's.
    await addLeads(
      db,
      byId,
      [...byId.values()].flatMap(({ merged_into_id }) => merged_into_id ?? []),
    )
    const known = new Set(given)
    await attachSourceStates(
      db,
      [...byId.values()].filter((lead) => !known.has(lead)),
    )
    await this.#loadFormerItems(db, others, found)
    const compared = selectCompared(others, contested, found, stored)
    const features = new Map((await readFeatures(db, [...compared.keys()])).map((lead) => [lead.lead_id, lead]))
    const targets = toTargets(byId, new Set(found.map(({ id }) => id)), features)
    await addFormerNames(db, targets, compared)
    await addStoredIdentities(db, targets, selectGaining(compared, stored))
    this.#addTargets(byId, targets, found, stored)
  }

  /** Makes these leads, or their keepers, findable by their external ids and identities. */
  #addTargets(
    byId: ReadonlyMap<number, ExistingLead>,
    targets: ReadonlyMap<number, Target>,
    found: readonly ExistingLead[],
    stored: readonly LeadIdentity[],
  ): void {
    for (const lead of found) {
      const target = targets.get(lead.merged_into_id ?? lead.id)
      if (!target) continue
      this.#byExternalId.set(lead.external_id, target)
      if (lead.merged_into_id === null) continue
      this.#merged.add(lead.external_id)
      target.is_keeper = true
    }
    for (const { identity, lead_id, is_shared } of stored) {
      const target = targets.get(byId.get(lead_id)?.merged_into_id ?? lead_id)
      if (is_shared) this.#shared.add(identity)
      else if (target) this.#byIdentity.set(identity, target)
    }
  }

  /**
   * Identities that items may reach leads by, or bring. An item that says of its own lead what was said of it before
   * brings none, unless it states one beside the columns that the lead does not have: then it is resolved as the others.
   */
  async #findIdentities(
    db: Db,
    items: readonly IngestItem[],
    own: ReadonlyMap<string, ExistingLead>,
  ): Promise<LeadIdentity[]> {
    const columns = ['identity', 'lead_id', 'is_shared'] as const
    const find = (identities: Iterable<string>) =>
      findByKey<LeadIdentity>(db, { table: 'lead_identities', key: 'identity', columns }, [...identities])
    const stored = await find(
      new Set(items.flatMap((item) => (this.#plain.has(item) ? toUnstatedIdentities(item) : toItemIdentities(item)))),
    )
    const owners = new Map(stored.map(({ identity, lead_id }) => [identity, lead_id]))
    const late = [...this.#plain].filter((item) =>
      toUnstatedIdentities(item).some((one) => owners.get(one) !== own.get(item.lead.external_id)?.id),
    )
    if (late.length === 0) return stored
    for (const item of late) this.#plain.delete(item)
    const more = new Set(late.flatMap(toItemIdentities).filter((identity) => !owners.has(identity)))
    return [...stored, ...(await find(more))]
  }

  async #loadFormerItems(db: Db, items: readonly IngestItem[], found: readonly ExistingLead[]): Promise<void> {
    const former = new Set(items.flatMap(({ former_external_id }) => former_external_id ?? []))
    const ids = new Map(found.flatMap(({ id, external_id }) => (former.has(external_id) ? [[id, external_id]] : [])))
    for (const { id, raw_text } of await findStoredItems(db, [...ids.keys()]))
      this.#formerItems.set(ids.get(id) as string, raw_text ?? '')
  }

  resolve(item: IngestItem): void {
    if (this.#isBuried(item)) {
      this.result.aliases.set(item, BURIED_KEY)
      this.result.known.set(BURIED_KEY, BURIED_LEAD)
      return
    }
    const own = this.#plain.has(item) ? this.#byExternalId.get(item.lead.external_id) : undefined
    if (own?.existing) {
      this.result.known.set(own.external_id, own.existing)
      if (own.features) addName(own, toItemFeatures(item))
      return
    }
    const found = this.#findTarget(item)
    const target = found ?? this.#makeTarget(item)
    if (target.external_id !== item.lead.external_id) this.result.aliases.set(item, target.external_id)
    if (target.existing) this.result.known.set(target.external_id, target.existing)
    if (found?.features) addName(found, this.#toFeatures(item))
    for (const identity of toItemIdentities(item)) {
      const owner = this.#byIdentity.get(identity)
      if (owner && owner !== target) this.#bridge(target, owner, item, identity)
      if (this.#shared.has(identity) || owner) continue
      if (!hasRoom(target, identity)) continue
      this.#byIdentity.set(identity, target)
      this.result.new_identities.set(identity, target.external_id)
      addIdentity(target, identity)
    }
  }

  #toFeatures(item: IngestItem): DuplicateFeatures {
    if (this.#compared?.item !== item) this.#compared = { item, features: toItemFeatures(item) }
    return this.#compared.features
  }

  #isBuried(item: IngestItem): boolean {
    const { provider_name } = this.#origin
    return this.#buried.size > 0 && toBuriedKeys(item, provider_name).some((identity) => this.#buried.has(identity))
  }

  /** Notes that an item identifies a second lead. Which leads were made first must not decide how many there are. */
  #bridge(target: Target, owner: Target, item: IngestItem, identity: string): void {
    if (target.existing?.is_deleted || owner.existing?.is_deleted) return
    const features = this.#toFeatures(item)
    if (identity === item.record_identity && !hasSameName(owner, features)) return
    const isFile = this.#origin.source === 'import'
    if (this.#contradicts(owner, features, identity, isFile)) return
    const { external_id: other, existing } = owner
    this.result.match_counts.bridged += 1
    this.result.bridges.push({ lead: target.external_id, other, other_id: existing?.id ?? null })
  }

  #findTarget(item: IngestItem): Target | null {
    const isFile = this.#origin.source === 'import'
    const own = this.#findOwn(item, isFile)
    if (own) return own
    let isRefused = false
    for (const identity of toItemIdentities(item)) {
      const target = this.#byIdentity.get(identity)
      if (!target) continue
      const features = this.#toFeatures(item)
      if (identity === item.record_identity && !hasSameName(target, features)) continue
      if (!this.#contradicts(target, features, identity, isFile)) {
        if (target.existing) this.result.reached_by.identities.set(identity, target.existing.id)
        countJoin(this.result.match_counts, toIdentityKind(identity))
        return target
      }
      isRefused = true
      // Another page alone may be a new one of the same person: the address stays theirs.
      if (identity.startsWith('email:') && isNameContradicted(target, features)) this.#share(identity)
    }
    if (isRefused) this.result.match_counts.contradicted += 1
    return this.#findFormer(item, isFile)
  }

  /** The lead that an earlier version made of this item, under another external id. */
  #findFormer(item: IngestItem, isFile: boolean): Target | null {
    const { former_external_id, lead } = item
    if (former_external_id === undefined) return null
    const target = this.#byExternalId.get(former_external_id)
    if (target === undefined) return null
    const isSame = isAsciiFormOf(former_external_id, lead.external_id)
      ? !this.#contradicts(target, this.#toFeatures(item), lead.external_id, isFile)
      : this.#hasNumberOf(lead.external_id, former_external_id)
    if (!isSame) return null
    countJoin(this.result.match_counts, 'earlier_id')
    if (target.existing && this.#merged.has(former_external_id))
      this.result.reached_by.merged.set(former_external_id, target.existing.id)
    return target
  }

  /** Whether the stored item of a place has the number of this one: other branches with the same external id do not. */
  #hasNumberOf(external_id: string, former_external_id: string): boolean {
    const number = parseGoogleCid(external_id.slice(GOOGLE_CID.length))
    const stored = this.#formerItems.get(former_external_id)?.toLowerCase()
    if (number === null || !stored) return false
    return stored.includes(number) || stored.includes(`0x${BigInt(number).toString(16)}`)
  }

  /** The lead with the item's external id, unless the item contradicts what it says now. */
  #findOwn(item: IngestItem, isFile: boolean): Target | null {
    const { external_id } = item.lead
    const own = this.#byExternalId.get(external_id)
    if (!own) return null
    if (this.#merged.has(external_id)) {
      if (own.existing) this.result.reached_by.merged.set(external_id, own.existing.id)
      return own
    }
    return this.#contradicts(own, this.#toFeatures(item), external_id, isFile) ? null : own
  }

  #contradicts(target: Target, item: DuplicateFeatures, identity: string, isFile: boolean): boolean {
    const kind = toMatchKind(identity, isFile)
    return toVariants(target).some((variant) => isContradicted(variant, item, kind))
  }

  /** From now on the address matches no one: the next item with it is recognized by its name only. */
  #share(identity: string): void {
    this.#byIdentity.delete(identity)
    this.#shared.add(identity)
    this.result.shared_identities.push(identity)
  }

  #makeTarget(item: IngestItem): Target {
    const own = item.lead.external_id
    const isTaken = this.#byExternalId.has(own)
    // Also where the lead that had the external id was removed since.
    const isContested = isTaken || toItemIdentities(item).some((identity) => this.#shared.has(identity))
    // The same contradicted item again belongs to the lead that it made before.
    const again = isContested ? this.#byExternalId.get(toOwnLeadId(item)) : undefined
    if (again) return again
    const external_id = isTaken ? toOwnLeadId(item) : own
    const target = new NewTarget(external_id, item)
    this.#byExternalId.set(external_id, target)
    return target
  }
}

async function addLeads(db: Db, byId: Map<number, ExistingLead>, ids: readonly number[]): Promise<void> {
  for (const lead of await findLeadsById(
    db,
    ids.filter((id) => !byId.has(id)),
  ))
    byId.set(lead.id, lead)
}

/**
 * Items that may turn out to be another lead's than that of their external id or identities, because a lead or another
 * item has one of these: only such an item may have been given an external id of its own before.
 */
function selectContested(
  items: readonly IngestItem[],
  own: ReadonlyMap<string, ExistingLead>,
  stored: readonly LeadIdentity[],
): Set<IngestItem> {
  const taken = new Set(stored.map(({ identity }) => identity))
  const ids = new Set(own.keys())
  const [seenIds, seen] = [new Set<string>(), new Set<string>()]
  for (const item of items) {
    const { external_id } = item.lead
    if (seenIds.has(external_id)) ids.add(external_id)
    seenIds.add(external_id)
    for (const identity of toItemIdentities(item)) {
      if (seen.has(identity)) taken.add(identity)
      seen.add(identity)
    }
  }
  return new Set(
    items.filter(
      (item) => ids.has(item.lead.external_id) || toItemIdentities(item).some((identity) => taken.has(identity)),
    ),
  )
}

/** Leads that an item gives an identity which nobody has. */
function selectGaining(
  compared: ReadonlyMap<number, readonly IngestItem[]>,
  stored: readonly LeadIdentity[],
): number[] {
  const known = new Set(stored.map(({ identity }) => identity))
  return [...compared].flatMap(([id, items]) =>
    items.some((item) => toItemIdentities(item).some((identity) => !known.has(identity))) ? [id] : [],
  )
}

/** Leads with the items that may have to be compared with them. */
function selectCompared(
  items: readonly IngestItem[],
  contested: ReadonlySet<IngestItem>,
  found: readonly ExistingLead[],
  stored: readonly LeadIdentity[],
): Map<number, IngestItem[]> {
  const byExternalId = new Map(found.map((lead) => [lead.external_id, lead]))
  const byIdentity = new Map(stored.map(({ identity, lead_id }) => [identity, lead_id]))
  const compared = new Map<number, IngestItem[]>()
  const add = (lead_id: number, item: IngestItem): void => {
    const known = compared.get(lead_id)
    if (known) known.push(item)
    else compared.set(lead_id, [item])
  }
  for (const item of items) {
    const own = byExternalId.get(item.lead.external_id)
    const again = contested.has(item) ? byExternalId.get(toOwnLeadId(item)) : undefined
    for (const lead of [own, again]) if (lead) add(lead.merged_into_id ?? lead.id, item)
    for (const identity of toItemIdentities(item)) {
      const lead_id = byIdentity.get(identity)
      if (lead_id !== undefined) add(lead_id, item)
    }
  }
  return compared
}

/** Positions of the hashes of all columns that leads are compared by, and recognized by. */
const IDENTIFYING_POSITIONS = SUBJECT_COLUMNS.flatMap((column) => hashPositions[column as MergedColumn] ?? [])

/** The item has its lead's external id, and says who it is as was said before: names, addresses, places. */
function isSaidOfOwn(own: ExistingLead | undefined, item: IngestItem): boolean {
  if (!own || own.merged_into_id !== null || own.import_hashes === null) return false
  return hasSameHashes(own.import_hashes, prepareItem(item).import_hashes, IDENTIFYING_POSITIONS)
}

/** Identities that no column of the lead states. */
const toUnstatedIdentities = ({ identities = [], record_identity }: IngestItem): readonly string[] =>
  record_identity === undefined ? identities : [...identities, record_identity]

const ownLeadIds = new WeakMap<IngestItem, string>()

/** The external id of an item whose own one belongs to another lead: the same for the same name. Kept with the item. */
function toOwnLeadId(item: IngestItem): string {
  const known = ownLeadIds.get(item)
  if (known !== undefined) return known
  const id = hashOwnLeadId(item)
  ownLeadIds.set(item, id)
  return id
}

function hashOwnLeadId({ lead }: IngestItem): string {
  const words = [lead.external_id, lead.full_name, lead.first_name, lead.last_name, lead.company_name]
  const text = words.map((word) => word?.toLowerCase() ?? '').join('|')
  return `hash:${hash('sha256', text, 'hex').slice(0, 40)}`
}
