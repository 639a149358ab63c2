import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
import { isContradicted, isNameAgreed } from '../duplicates/contradiction.ts'
import { type DuplicateFeatures, EMPTY_SUBJECT, toFeatures } from '../duplicates/features.ts'
import { toStrongIdentities } from '../duplicates/strong-identities.ts'
import type { LeadIdentity } from '../model/lead-identity.ts'
import type { IngestItem } from './lead-draft.ts'
import { findStatedNames } from './source-states.ts'
import type { ExistingLead } from './statements/types.ts'

/** A lead that items may belong to: of the database, or made by an item before. */
export interface Target {
  external_id: string
  existing: ExistingLead | null
  features: DuplicateFeatures | null
  /** Other names that items of the lead stated, in short: a lead that is renamed little by little stays one person. */
  other_names: StatedName[]
  /** Another lead was merged into it: its names are one person's by that decision. */
  is_keeper: boolean
  /** Those that it has, as far as it gets more, and those that items of the call gave it. */
  identities: string[]
}

type StatedName = Pick<DuplicateFeatures, 'first' | 'last' | 'company'>

export function toTargets(
  byId: ReadonlyMap<number, ExistingLead>,
  own: ReadonlySet<number>,
  features: ReadonlyMap<number, DuplicateFeatures>,
): Map<number, Target> {
  const targets = new Map<number, Target>()
  for (const [id, existing] of byId) {
    // Another provider's lead may have the same external id: the number tells them apart.
    const external_id = own.has(id) ? existing.external_id : `lead:${id}`
    targets.set(id, {
      external_id,
      existing,
      features: features.get(id) ?? null,
      other_names: [],
      is_keeper: false,
      identities: [],
    })
  }
  return targets
}

const LEAD_IDENTITIES_MAX = 30
/** A file may have many rows of one person, and each of them is to be found again. */
const FILE_IDS_MAX = 20

/** How many identities of a kind a lead has: more are not one person's. A mailbox or a number of a file may change. */
const kindLimits: Record<string, number> = { email: 5, linkedin: 3 }

/** False if the lead has as many identities of this kind as one person may have. */
export function hasRoom({ identities }: Target, identity: string): boolean {
  const namespace = toNamespace(identity)
  const limit = namespace.startsWith('file') ? FILE_IDS_MAX : (kindLimits[namespace] ?? 1)
  const same = identities.filter((one) => toNamespace(one) === namespace).length
  return same < limit && identities.length < LEAD_IDENTITIES_MAX
}

const toNamespace = (identity: string): string => identity.slice(0, identity.indexOf(':'))

/** Reads what these leads have already. */
export async function addStoredIdentities(
  db: Db,
  targets: ReadonlyMap<number, Target>,
  lead_ids: readonly number[],
): Promise<void> {
  const find = { table: 'lead_identities', key: 'lead_id', columns: ['lead_id', 'identity'] } as const
  for (const { lead_id, identity } of await findById<LeadIdentity>(db, find, lead_ids))
    targets.get(lead_id)?.identities.push(identity)
}

/** Two systems number their records alike, so a number joins only people and companies of one name. */
export const hasSameName = ({ features }: Target, item: DuplicateFeatures): boolean =>
  features !== null && isNameAgreed(features, item)

/** A lead that an item of the call makes. It is read for comparing only when another item meets it. */
export class NewTarget implements Target {
  readonly external_id: string
  readonly existing = null
  readonly other_names: StatedName[] = []
  readonly is_keeper = false
  readonly identities: string[] = []
  readonly #item: IngestItem
  #features: DuplicateFeatures | null = null

  constructor(external_id: string, item: IngestItem) {
    this.external_id = external_id
    this.#item = item
  }

  get features(): DuplicateFeatures {
    this.#features ??= this.identities.reduce(withIdentity, toItemFeatures(this.#item))
    return this.#features
  }

  addIdentity(identity: string): void {
    this.identities.push(identity)
    if (this.#features !== null) this.#features = withIdentity(this.#features, identity)
  }
}

/** Later items of the call are compared with this identity, too. */
export function addIdentity(target: Target, identity: string): void {
  if (target instanceof NewTarget) {
    target.addIdentity(identity)
    return
  }
  target.identities.push(identity)
  if (target.features) target.features = withIdentity(target.features, identity)
}

function withIdentity(features: DuplicateFeatures, identity: string): DuplicateFeatures {
  if (identity.startsWith('linkedin:') && !features.linkedin.includes(identity))
    return { ...features, linkedin: [...features.linkedin, identity] }
  if (identity.startsWith('google_cid:') && !features.google.includes(identity))
    return { ...features, google: [...features.google, identity] }
  return features
}

export const isNameContradicted = (target: Target, item: DuplicateFeatures): boolean =>
  toVariants(target).some((variant) => isContradicted({ ...variant, linkedin: [], google: [] }, item, 'email'))

/** The lead under each name that its items stated: none of them may contradict. */
export const toVariants = ({ features, other_names }: Target): DuplicateFeatures[] =>
  features === null ? [] : [features, ...other_names.map((name) => ({ ...features, ...name }))]

const OTHER_NAMES_MAX = 24

export function addName({ features, other_names, is_keeper }: Target, stated: DuplicateFeatures): void {
  if (is_keeper || features === null || features.kind !== stated.kind || other_names.length >= OTHER_NAMES_MAX) return
  const text = toNameText(features.kind, stated)
  if ([features, ...other_names].some((name) => toNameText(features.kind, name) === text)) return
  other_names.push({ first: stated.first, last: stated.last, company: stated.company })
}

const toNameText = (kind: DuplicateFeatures['kind'], { first, last, company }: StatedName): string =>
  kind === 'company' ? (company?.text ?? '') : `${first?.text ?? ''} ${last?.text ?? ''}`

export const toItemFeatures = (item: IngestItem): DuplicateFeatures =>
  toFeatures({ id: 0, ...item.lead, identities: toItemIdentities(item) })

/**
 * Adds names that a lead does not have any more, or never took because newer ones were known. They are read only where
 * an item states another name than the lead has.
 */
export async function addFormerNames(
  db: Db,
  targets: ReadonlyMap<number, Target>,
  compared: ReadonlyMap<number, readonly IngestItem[]>,
): Promise<void> {
  const renamed: number[] = []
  for (const [id, { features, existing }] of targets) {
    if (features === null || existing?.source_states === undefined) continue
    const text = toNameText(features.kind, features)
    const isRenamed = compared.get(id)?.some((item) => toNameText(features.kind, toItemFeatures(item)) !== text)
    if (isRenamed) renamed.push(id)
  }
  if (renamed.length === 0) return
  const find = { table: 'sales_leads', key: 'merged_into_id', columns: ['merged_into_id'] } as const
  const merged = await findById<{ merged_into_id: number }>(db, find, renamed)
  for (const { merged_into_id } of merged) (targets.get(merged_into_id) as Target).is_keeper = true
  for (const [id, names] of await findStatedNames(db, renamed)) {
    const target = targets.get(id)
    for (const name of names) if (target) addName(target, toFeatures({ ...EMPTY_SUBJECT, ...name }))
  }
}

const identitiesOf = new WeakMap<IngestItem, readonly string[]>()

/** Kept with the item, as what merging compares. */
export function toItemIdentities(item: IngestItem): readonly string[] {
  const known = identitiesOf.get(item)
  if (known) return known
  const { record_identity } = item
  const stated = [...toStrongIdentities(item.lead), ...(item.identities ?? [])]
  const identities = [...new Set(record_identity === undefined ? stated : [...stated, record_identity])]
  identitiesOf.set(item, identities)
  return identities
}
