import { assembleLead } from '@leads/core/mapping/assemble-lead'
import { collectFacts } from '@leads/core/mapping/collect-facts'
import { detectKind } from '@leads/core/mapping/detect-kind'
import { COMPANY, SELF } from '@leads/core/mapping/fields'
import { createMapper } from '@leads/core/mapping/map-item'
import { choosePreset, compilePreset } from '@leads/core/mapping/preset'
import { PRESETS } from '@leads/core/mapping/presets/index'
import { resolveEmails, resolvePhones, resolveWeb } from '@leads/core/mapping/resolve-contacts'
import { resolveLocation } from '@leads/core/mapping/resolve-location'
import { describeMachine } from './machine.ts'
import { KINDS } from './map-items.ts'
import { median, percentile, printTable, round } from './measure.ts'
import { readOptions } from './read-options.ts'

/**
 * What mapping costs an item, in microseconds, by kind of item and by stage. `--json` prints one JSON object as the last
 * line. The limit is 60 µs a typical item, a third of what writing it costs.
 */

const values = readOptions(import.meta.filename, { json: { type: 'boolean', default: false } })

const ITEMS = 5_000
const ROUNDS = 9
const LIMIT_US = 60
const CONTEXT = { actor_id: 'someone/some-actor' }

/**
 * Microseconds of processor time an item: the median of the rounds after two to warm up. Processor time of this thread,
 * because on a busy machine the clock also runs while others compute.
 */
function measure(items: readonly unknown[], work: (item: unknown) => unknown): Cost {
  const times: number[] = []
  const clock: number[] = []
  for (let attempt = 0; attempt < ROUNDS + 2; attempt += 1) {
    const start = performance.now()
    const cpu = process.threadCpuUsage()
    for (const item of items) work(item)
    const used = process.threadCpuUsage(cpu)
    if (attempt < 2) continue
    times.push((used.user + used.system) / items.length)
    clock.push(((performance.now() - start) * 1000) / items.length)
  }
  return {
    median_us: round(median(times), 1),
    worst_us: round(percentile(times, 0.99), 1),
    clock_us: round(median(clock), 1),
  }
}

interface Cost {
  median_us: number
  worst_us: number
  /** By the clock on the wall. */
  clock_us: number
}

const presets = PRESETS.map(compilePreset)
const mapItem = createMapper()
const general = createMapper({ presets: false })

/** Each stage on the facts of an item that were collected before; the rest of the total is assembly. */
function stagesOf(items: readonly unknown[]): Record<string, number> {
  const objects = items as Record<string, unknown>[]
  const facts = new Map(objects.map((item) => [item, collectFacts(item)]))
  const of = (item: unknown) => facts.get(item as Record<string, unknown>) ?? collectFacts({})
  const kinds = new Map(objects.map((item) => [item, detectKind(of(item))]))
  const kindOf = (item: unknown) => kinds.get(item as Record<string, unknown>) ?? 'company'
  const us = (work: (item: unknown) => unknown) => measure(items, work).median_us
  const lookUp = us(of)
  return {
    'choose preset': us((item) => choosePreset(item as Record<string, unknown>, presets, CONTEXT)),
    'collect facts': us((item) => collectFacts(item as Record<string, unknown>)),
    'person or company': Math.max(0, us((item) => detectKind(of(item))) - lookUp),
    places: Math.max(0, us((item) => [resolveLocation(of(item), SELF), resolveLocation(of(item), COMPANY)]) - lookUp),
    'website, domain': Math.max(0, us((item) => resolveWeb(of(item), [COMPANY, SELF], null)) - lookUp),
    'e-mails': Math.max(0, us((item) => resolveEmails(of(item), kindOf(item), null, [])) - lookUp),
    phones: Math.max(0, us((item) => resolvePhones(of(item), [SELF, COMPANY], () => 'DE')) - lookUp),
    'assemble, all of it': Math.max(
      0,
      us((item) => assembleLead(of(item), kindOf(item), { preset: null, identity: null }, CONTEXT)) - lookUp,
    ),
  }
}

const results = Object.entries(KINDS).map(([kind, make]) => {
  // Through JSON, as items come: the engine lays such objects out differently from literals.
  const items = Array.from({ length: ITEMS }, (_, index) => JSON.parse(JSON.stringify(make(index))) as unknown)
  const bytes = Math.round(JSON.stringify(items).length / items.length)
  return {
    kind,
    bytes,
    ...measure(items, (item) => mapItem(item, CONTEXT)),
    general_us: measure(items, (item) => general(item, CONTEXT)).median_us,
    stages: stagesOf(items),
  }
})

console.log(
  `Mapping, µs of processor time an item: ${ITEMS} different items a kind, median of ${ROUNDS} rounds. ${describeMachine()}\n`,
)
printTable([
  ['kind', 'bytes', 'median', 'slowest round', 'by the clock', 'without presets'],
  ...results.map((row) => [row.kind, row.bytes, row.median_us, row.worst_us, row.clock_us, row.general_us]),
])
const stages = Object.keys(results[0]?.stages ?? {})
console.log('\nBy stage:')
printTable([
  ['stage', ...results.map((row) => row.kind)],
  ...stages.map((stage) => [stage, ...results.map((row) => round(row.stages[stage] ?? 0, 1))]),
])
const TYPICAL_US = round(median(results.map((row) => row.median_us)), 1)
console.log(`\nTypical item: ${TYPICAL_US} µs, limit ${LIMIT_US} µs.`)
if (values.json)
  console.log(JSON.stringify({ bench: 'map', typical_us: TYPICAL_US, limit_us: LIMIT_US, kinds: results }))
if (TYPICAL_US > LIMIT_US) process.exitCode = 1
