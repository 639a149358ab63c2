import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
import { findByKey } from '../database/find-by-key.ts'
import { runTogether } from '../database/transaction.ts'
import type { ImportBatch } from '../model/import-batch.ts'
import type { LeadSourceState } from '../model/lead-identity.ts'
import type { LeadSighting } from '../model/lead-source.ts'
import type { ImportedLead } from './field-hashes.ts'
import { LeadHistory } from './lead-history.ts'
import { toFileSourceKey } from './source-key.ts'
import { getStatements } from './statements/registry.ts'
import type { ExistingLead } from './statements/types.ts'

/** Adds to existing leads what each source said last of them. Most leads have one source that said one thing: no rows. */
export async function attachSourceStates(db: Db, leads: readonly ExistingLead[]): Promise<void> {
  const byId = new Map(leads.map((lead) => [lead.id, lead]))
  for (const lead of leads) delete lead.source_states
  const columns = ['lead_id', 'source_key', 'import_hashes', 'observed_at'] as const
  for (const { lead_id, ...state } of await findStates<LeadSourceState>(db, [...byId.keys()], columns)) {
    const lead = byId.get(lead_id)
    if (lead) lead.source_states = [...(lead.source_states ?? []), state]
  }
}

/** By lead, then by source. */
async function findStates<Row extends Pick<LeadSourceState, 'lead_id' | 'source_key'>>(
  db: Db,
  lead_ids: readonly number[],
  columns: readonly (keyof LeadSourceState)[],
): Promise<Row[]> {
  const rows = await findById<Row>(db, { table: 'lead_source_states', key: 'lead_id', columns }, lead_ids)
  return rows.sort((a, b) => a.lead_id - b.lead_id || (a.source_key < b.source_key ? -1 : 1))
}

type StatedName = Partial<Pick<ImportedLead, 'full_name' | 'company_name'>>

/** Names that sources stated of these leads, besides those that the leads have. */
export async function findStatedNames(db: Db, lead_ids: readonly number[]): Promise<Map<number, StatedName[]>> {
  const columns = ['lead_id', 'source_key', 'observations'] as const
  const names = new Map<number, StatedName[]>()
  for (const { lead_id, observations } of await findStates<LeadSourceState>(db, lead_ids, columns)) {
    for (const field of ['full_name', 'company_name'] as const) {
      for (const value of Object.values(observations?.values[field] ?? {}))
        if (typeof value === 'string') names.set(lead_id, [...(names.get(lead_id) ?? []), { [field]: value }])
    }
  }
  return names
}

/** A lead as its history begins. */
export interface HistoryStart {
  id: number
  import_hashes: string | null
  observed_at: string | null
  created_at: string
  actor_id: string | null
  provider_name: string | null
}

/** Rows by lead. */
export interface StoredHistories {
  states: ReadonlyMap<number, readonly LeadSourceState[]>
  sightings: ReadonlyMap<number, readonly SightingRow[]>
}

/** Reads what is stored of the histories of these leads. Sent while the leads are locked. */
export async function readStoredHistories(trx: Db, lead_ids: readonly number[]): Promise<StoredHistories> {
  const columns = ['lead_id', 'source_key', 'import_hashes', 'observed_at', 'observations'] as const
  const [states, seen] = await runTogether(
    trx,
    () => findStates<LeadSourceState>(trx, lead_ids, columns),
    () => findById<SightingRow>(trx, sightings, lead_ids),
  )
  const byLead = ({ lead_id }: { lead_id: number }): number => lead_id
  return { states: Map.groupBy(states, byLead), sightings: Map.groupBy(seen, byLead) }
}

/**
 * Reads what every source said of these leads. One without rows was said by its first source, and said again, word for
 * word, by its sightings. Called while the leads are locked. Returns what makes the history of each.
 */
export async function readHistories(
  trx: Db,
  leads: readonly HistoryStart[],
  rankOf: (source_key: string) => number,
  stored: StoredHistories,
): Promise<(lead: HistoryStart) => LeadHistory> {
  const isFresh = ({ id, import_hashes }: HistoryStart): boolean => !stored.states.has(id) && import_hashes !== null
  const fromFiles = leads.filter((lead) => lead.actor_id === null && isFresh(lead))
  const batches = await findFirstBatches(
    trx,
    fromFiles.map(({ id }) => id),
  )
  const toSeenBy = await findSightingSources(trx, [...stored.sightings.values()].flat())
  return (lead) => {
    const { id, import_hashes, observed_at, created_at, actor_id, provider_name } = lead
    const history = new LeadHistory(rankOf)
    const states = stored.states.get(id)
    for (const state of states ?? []) {
      const { source_key, observations } = state
      const seen = observations ?? {
        seen: [[Date.parse(state.observed_at), state.import_hashes, null] as const],
        values: {},
      }
      history.addState({ source_key, observations: seen as NonNullable<typeof observations> })
    }
    if (isFresh(lead)) {
      const batch = batches.get(id)
      const source_key = batch?.source_key ?? actor_id ?? provider_name ?? 'unknown'
      const at = Date.parse(observed_at ?? created_at)
      history.add(source_key, at, import_hashes ?? '', batch?.import_batch_id ?? null)
    }
    const said = (source_key: string): string | null | undefined =>
      states ? states.find((state) => state.source_key === source_key)?.import_hashes : import_hashes
    addSightings(history, stored.sightings.get(id) ?? [], toSeenBy, { said, isStated: states !== undefined })
    return history
  }
}

interface FirstBatch {
  import_batch_id: string
  source_key: string
}

/** The files that created these leads. */
async function findFirstBatches(trx: Db, lead_ids: readonly number[]): Promise<Map<number, FirstBatch>> {
  const batches = new Map<number, string>()
  const find = { table: 'lead_sources', key: 'lead_id', columns: ['lead_id', 'import_batch_id'] } as const
  const sources = await findById<{ lead_id: number; import_batch_id: string | null }>(trx, find, lead_ids)
  for (const { lead_id, import_batch_id } of sources)
    if (import_batch_id !== null) batches.set(lead_id, import_batch_id)
  const keys = await findFileSources(trx, [...new Set(batches.values())])
  return new Map(
    [...batches].map(([lead_id, import_batch_id]) => [
      lead_id,
      { import_batch_id, source_key: keys.get(import_batch_id) ?? toFileSourceKey(null) },
    ]),
  )
}

async function findFileSources(trx: Db, import_batch_ids: readonly string[]): Promise<Map<string, string>> {
  const find = {
    table: 'import_batches',
    key: 'import_batch_id',
    columns: ['import_batch_id', 'column_matches', 'import_options'],
  } as const
  const rows = await findByKey<Pick<ImportBatch, 'import_batch_id' | 'column_matches' | 'import_options'>>(
    trx,
    find,
    import_batch_ids,
  )
  return new Map(
    rows.map(({ import_batch_id, column_matches, import_options }) => [
      import_batch_id,
      toFileSourceKey(column_matches, import_options.source),
    ]),
  )
}

const sightings = {
  table: 'lead_sightings',
  key: 'lead_id',
  columns: ['lead_id', 'source_type', 'source_id', 'observed_at'],
} as const

type SightingRow = Pick<LeadSighting, (typeof sightings.columns)[number]>

/** Reads which source each sighting is of. */
async function findSightingSources(trx: Db, rows: readonly SightingRow[]): Promise<(sighting: SightingRow) => string> {
  const idsOf = (type: SightingRow['source_type']): string[] => [
    ...new Set(
      rows.flatMap(({ source_type, source_id, observed_at }) =>
        source_type === type && observed_at !== null ? source_id : [],
      ),
    ),
  ]
  const keys = { import: await findFileSources(trx, idsOf('import')), apify: await findActors(trx, idsOf('apify')) }
  const unknown = { import: toFileSourceKey(null), apify: 'apify' }
  return ({ source_type, source_id }) => keys[source_type].get(source_id) ?? unknown[source_type]
}

/** A sighting that is newer than what its source is known to have said, said the same as it did. */
function addSightings(
  history: LeadHistory,
  rows: readonly SightingRow[],
  toSource: (sighting: SightingRow) => string,
  /** The hashes of what a source said last, and whether that is of the lead's rows, which say when, too. */
  { said, isStated }: { said: (source_key: string) => string | null | undefined; isStated: boolean },
): void {
  const seen = rows.flatMap((row) => (row.observed_at === null ? [] : [{ ...row, at: Date.parse(row.observed_at) }]))
  for (const row of seen.sort((a, b) => a.at - b.at)) {
    const source_key = toSource(row)
    const hashes = said(source_key)
    if (!hashes || (isStated && row.at <= (history.newest(source_key) ?? 0))) continue
    history.add(source_key, row.at, hashes, row.source_type === 'import' ? row.source_id : null)
  }
}

async function findActors(trx: Db, run_ids: readonly string[]): Promise<Map<string, string>> {
  const find = { table: 'apify_sync_states', key: 'run_id', columns: ['run_id', 'actor_id'] } as const
  const runs = await findByKey<{ run_id: string; actor_id: string | null }>(trx, find, run_ids)
  return new Map(runs.flatMap(({ run_id, actor_id }) => (actor_id === null ? [] : [[run_id, actor_id]])))
}

/** Stores the history of a lead that has no rows yet, with its values, before it is merged with another. */
export async function storeHistory(trx: Db, lead: HistoryStart & Partial<ImportedLead>): Promise<void> {
  const toHistory = await readHistories(trx, [lead], () => 0, await readStoredHistories(trx, [lead.id]))
  const history = toHistory(lead)
  history.remember(lead)
  await writeSourceStates(trx, [{ lead_id: lead.id, history, fields: {} as ImportedLead }])
}

/** Removes what a file said of these leads, when its import is undone. Returns the time of what was said last of each. */
export async function forgetBatch(
  trx: Db,
  lead_ids: readonly number[],
  import_batch_id: string,
): Promise<Map<number, Date>> {
  const columns = ['lead_id', 'source_key', 'observations'] as const
  const states = await findStates<LeadSourceState>(trx, lead_ids, columns)
  const times = new Map<number, Date>()
  for (const [lead_id, rows] of Map.groupBy(states, (state) => state.lead_id)) {
    const history = new LeadHistory()
    for (const { source_key, observations } of rows) if (observations) history.addState({ source_key, observations })
    if (!history.removeBatch(import_batch_id)) continue
    await trx.kysely.deleteFrom('lead_source_states').where('lead_id', '=', lead_id).execute()
    await writeSourceStates(trx, [{ lead_id, history, fields: {} as ImportedLead }])
    const newest = history.newestOfAll()
    if (newest !== undefined) times.set(lead_id, new Date(newest))
  }
  return times
}

/** Stores what the sources of these leads said, in the order of the leads. */
export async function writeSourceStates(
  trx: Db,
  histories: readonly { lead_id: number; history: LeadHistory; fields: ImportedLead }[],
): Promise<void> {
  const rows = [...histories]
    .sort((a, b) => a.lead_id - b.lead_id)
    .flatMap(({ lead_id, history, fields }) => history.toStates(fields).map((state) => ({ lead_id, ...state })))
  await getStatements(trx).upsertSourceStates(trx, rows)
}
