import { expect, test } from 'vitest'
import { runFaults } from '../faults/run.ts'
import { killWithinRun } from '../faults/scenarios.ts'
import { ENGINES } from '../setup/engines.ts'

test('a consumer killed at random points of 20,000 items leaves the rows, counters and events of an undisturbed sync', async () => {
  const [result] = await runFaults({
    scenarios: [killWithinRun],
    engines: ENGINES.filter((engine) => engine === 'postgres'),
    consumers: ['product'],
    rounds: () => 1,
    seed: 5,
    items: 20_000,
    page_rows_max: 500,
  })
  expect(result).toMatchObject({ lost: 0, duplicated: 0, complaint: null })
  expect(result?.kills).toBeGreaterThanOrEqual(4)
}, 600_000)
