import { printTable, round } from '../../measure.ts'
import { type Bench, inTurn, ratioOf } from '../bench.ts'
import { type Figures, rate } from './figures.ts'

/** Items of existing leads: the database stage of a second run, with nothing, a tenth and all of them changed. */
export async function measureReimport(bench: Bench): Promise<Figures> {
  const { options, items, reference } = bench
  const again = (changed_share: number, run_id: string) => async () =>
    (await bench.onFresh((url) => bench.stage(url, { items: { ...items, changed_share }, run_id }), reference)).ms
  const ms = await inTurn(options.rounds, {
    insert: async () => (await bench.onFresh((url) => bench.stage(url))).ms,
    // Another message for leads that this very run has created: nothing to note.
    same_run: again(0, bench.run_id),
    unchanged: again(0, 'again'),
    tenth: again(0.1, 'again'),
    all: again(1, 'again'),
  })
  const names = {
    insert: 'new',
    same_run: 'existing leads, seen again by the run that created them',
    unchanged: 'existing leads, seen by another run',
    tenth: 'known, 10% changed',
    all: 'known, all changed',
  }
  printTable([
    ['items', 'items/s', 'of inserting'],
    ...(Object.keys(names) as (keyof typeof names)[]).map((way) => [
      names[way],
      rate(options.rows, ms[way]),
      round(ratioOf(ms.insert, ms[way])),
    ]),
  ])
  console.log()
  return {
    reimport_unchanged_over_insert: round(ratioOf(ms.insert, ms.same_run)),
    reimport_unchanged_by_another_run_over_insert: round(ratioOf(ms.insert, ms.unchanged)),
    reimport_tenth_changed_over_insert: round(ratioOf(ms.insert, ms.tenth)),
    reimport_all_changed_over_insert: round(ratioOf(ms.insert, ms.all)),
  }
}
