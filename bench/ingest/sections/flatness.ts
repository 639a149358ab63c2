import { fillLeads } from '../../fill.ts'
import { round } from '../../measure.ts'
import { type Bench, ratioOf } from '../bench.ts'
import { connectBench } from '../postgres.ts'
import { type Figures, rate } from './figures.ts'

/** The database stage on tables that are large already, without fresh statistics, against empty ones. */
export async function measureFlatness(bench: Bench): Promise<Figures> {
  const { engine, options } = bench
  const large = await engine.create()
  const sql = connectBench(large)
  await fillLeads(sql, options.flatness_rows)
  await sql.end()
  const ms: Record<'empty' | 'large', number[]> = { empty: [], large: [] }
  for (let turn = 0; turn <= options.rounds; turn += 1) {
    const empty = await bench.onFresh((url) => bench.stage(url))
    // Other people each time: the table keeps growing.
    const grown = await bench.stage(large, {
      items: { ...bench.items, seed: 1000 + turn },
      run_id: `large-${turn}`,
    })
    if (turn === 0) continue
    ms.empty.push(empty.ms)
    ms.large.push(grown.ms)
  }
  await engine.drop(large)
  const flatness = round(ratioOf(ms.empty, ms.large))
  const leads = options.flatness_rows.toLocaleString('en')
  console.log(`Rate at ${leads} leads: ${rate(options.rows, ms.large)} items/s, ${flatness} of that on empty tables\n`)
  return { flatness_1m: flatness }
}
