import { expect, test } from 'vitest'
import { ENGINES } from '../setup/engines.ts'
import { summary, tableHead, tableRow } from './report.ts'
import { runFaults } from './run.ts'
import { scenarios } from './scenarios.ts'
import type { Consumer, FaultEngine } from './site.ts'

/** Where the counter-example is shown in the short form; `npm run test:faults` shows it everywhere. */
const naive: Record<string, FaultEngine> = {
  'kill -9 at random instants': 'sqlite',
  '3 consumers on one run': 'postgres',
}

const rounds = (
  { name, short }: { name: string; short: readonly FaultEngine[] },
  consumer: Consumer,
  engine: FaultEngine,
) => Number(consumer === 'product' ? short.includes(engine) : naive[name] === engine)

test('under every fault no item is lost and none is stored twice; a naive consumer shows that the faults are real', async () => {
  const results = await runFaults({
    scenarios,
    engines: ENGINES,
    consumers: ['product', 'naive'],
    rounds,
    seed: 11,
    items: 600,
    page_rows_max: 30,
  })
  console.log([tableHead(), ...results.map(tableRow), ...summary(results)].join('\n'))
  const ours = results.filter(({ consumer }) => consumer === 'product')
  // PostgreSQL alone where everything is behind a pooler.
  const isAlone = ENGINES.length === 1
  expect(ours.length).toBeGreaterThanOrEqual(isAlone ? 5 : ENGINES.includes('mysql') ? 11 : 8)
  for (const { scenario, engine, lost, duplicated, complaint } of ours)
    expect({ scenario, engine, lost, duplicated, complaint }).toEqual({
      scenario,
      engine,
      lost: 0,
      duplicated: 0,
      complaint: null,
    })
  const theirs = results.filter(({ consumer }) => consumer === 'naive')
  const count = (column: 'lost' | 'duplicated') => theirs.reduce((sum, result) => sum + result[column], 0)
  expect(count('lost') + count('duplicated')).toBeGreaterThan(0)
  expect(ours.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(isAlone ? 2 : 8)
}, 600_000)
