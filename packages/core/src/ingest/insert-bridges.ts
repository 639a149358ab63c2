import type { Db } from '../database/engine.ts'
import { BRIDGED, writePairs } from '../duplicates/pair-rows.ts'
import { LISTED_CERTAINTY_MIN } from '../duplicates/weights.ts'
import type { Provenance } from './provenance.ts'
import type { LeadBridge } from './resolve-items.ts'
import { getStatements } from './statements/registry.ts'
import type { ExistingLead } from './statements/types.ts'

/** Lists pairs of leads that one item identifies. The next comparison scores them and merges what is certain. */
export async function insertBridges(
  trx: Db,
  { known, bridges = [] }: { known: ReadonlyMap<string, ExistingLead>; bridges?: readonly LeadBridge[] },
  { provider_name, at }: Provenance,
): Promise<void> {
  if (bridges.length === 0) return
  const ids = new Map([...known].map(([key, { id }]) => [key, id]))
  for (const { other, other_id } of bridges) if (other_id !== null) ids.set(other, other_id)
  const created = new Set(bridges.flatMap(({ lead, other }) => [lead, other]).filter((key) => !ids.has(key)))
  for (const { external_id, id } of await getStatements(trx).findLeads(trx, provider_name, [...created]))
    ids.set(external_id, id)
  const pairs = new Map<string, [number, number]>()
  for (const { lead, other } of bridges) {
    const [one, two] = [ids.get(lead), ids.get(other)]
    if (one === undefined || two === undefined || one === two) continue
    const pair: [number, number] = one < two ? [one, two] : [two, one]
    pairs.set(pair.join(' '), pair)
  }
  const score = { certainty: LISTED_CERTAINTY_MIN, is_certain: false, reasons: BRIDGED }
  const found = [...pairs.values()].map(([a, b]) => ({ a, b, score }))
  await writePairs(trx, found, at)
}
