import { join } from 'node:path'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { withTransaction } from '@leads/core/database/transaction'
import { applyItems, findExistingRows, toLeadKey } from '@leads/core/ingest/apply-items'
import type { IngestItem } from '@leads/core/ingest/lead-draft'
import type { Provenance } from '@leads/core/ingest/provenance'
import { getStatements } from '@leads/core/ingest/statements/registry'
import { createMapper } from '@leads/core/mapping/map-item'
import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { printTable, round } from '../measure.ts'
import { inventLookAlikes } from './invent-look-alikes.ts'

/**
 * Wrong merges at import: invented people, a third of whom share an address, a number, a mailbox or a whole name with
 * somebody else. An item is merged wrongly if its lead already has an item of another person.
 * `node bench/duplicates/measure-import.ts 100000`
 */
const ITEMS = Number(process.argv[2] ?? 100_000)
const PAGE_ITEMS = 1000
const at = new Date()
const map = createMapper()

const originOf = (page: number): Provenance => ({
  source: 'import',
  source_name: null,
  provider_name: page % 2 === 0 ? 'import' : 'apify',
  actor_id: null,
  actor_name: null,
  run_id: null,
  dataset_id: null,
  import_batch_id: null,
  scrape_params: null,
  actor: 'bench',
  at,
})

const directory = await makeBenchDirectory()
try {
  const url = `sqlite:${join(directory, 'import.db')}`
  await migrateUp(url)
  const db = await openDatabase(url)
  const people = inventLookAlikes(ITEMS)
  const owners = new Map<number, Set<number>>()
  let wrong = 0
  let refused = 0
  for (let start = 0; start < people.length; start += PAGE_ITEMS) {
    const origin = originOf(start / PAGE_ITEMS)
    const page: { item: IngestItem; entity: number }[] = []
    for (const { entity, item } of people.slice(start, start + PAGE_ITEMS)) {
      const mapped = map(item)
      if (mapped.outcome === 'rejected') refused += 1
      else page.push({ item: { ...mapped, raw_data: JSON.stringify(item) }, entity })
    }
    const items = page.map(({ item }) => item)
    const rows = await findExistingRows(db, items, origin)
    await withTransaction(db, (trx) => applyItems(trx, items, rows, origin, 'merge'))
    const keys = [...new Set(items.map((item) => toLeadKey(item, rows)))].filter((key) => !rows.known.has(key))
    const created = await getStatements(db).findLeads(db, origin.provider_name, keys)
    const ids = new Map(created.map(({ external_id, id }) => [external_id, id]))
    for (const { item, entity } of page) {
      const key = toLeadKey(item, rows)
      const id = rows.known.get(key)?.id ?? ids.get(key) ?? 0
      const known = owners.get(id) ?? new Set<number>()
      if (known.size > 0 && !known.has(entity)) wrong += 1
      owners.set(id, known.add(entity))
    }
  }
  await db.close()
  const read = people.length - refused
  const entities = new Set(people.map(({ entity }) => entity)).size
  printTable([
    ['items', 'refused', 'people', 'leads', 'wrong merges', 'percent'],
    [read, refused, entities, owners.size, wrong, round((wrong / read) * 100, 3)],
  ])
} finally {
  await removeBenchDirectory(directory)
}
