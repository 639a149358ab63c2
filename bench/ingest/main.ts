import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { describeMachine } from '../machine.ts'
import { startBench } from './bench.ts'
import type { BenchEngine } from './engine.ts'
import { readOptions, type Section } from './options.ts'
import {
  type Figures,
  measureConsumers,
  measureFlatness,
  measurePages,
  measureReimport,
  measureSizes,
  measureWays,
} from './sections.ts'

const start: Record<string, (directory: string) => Promise<BenchEngine>> = {
  postgres: async (directory) => (await import('./postgres.ts')).startPostgresBench(directory),
  sqlite: async (directory) => (await import('./sqlite.ts')).startSqliteBench(directory),
  mysql: async (directory) => (await import('./mysql.ts')).startMysqlBench(directory),
}

const measure = {
  ways: measureWays,
  consumers: measureConsumers,
  reimport: measureReimport,
  flatness: measureFlatness,
  pages: measurePages,
  sizes: measureSizes,
} satisfies Record<Section, unknown>

const options = readOptions()
console.log(describeMachine())
console.log(`${options.rows} items of 1.3 KB, ${options.page_rows} a page, medians of ${options.rounds} rounds\n`)
const answer: Record<string, Figures> = {}
for (const name of options.engines) {
  const directory = await makeBenchDirectory()
  const engine = await (start[name] as (typeof start)[string])(directory)
  try {
    console.log(engine.description)
    const bench = await startBench(engine, options)
    const figures: Figures = {}
    for (const section of options.only) {
      if (name !== 'postgres' && section !== 'ways') continue
      Object.assign(figures, await measure[section](bench))
    }
    answer[name] = figures
    await bench.close()
  } finally {
    await engine.stop()
    await removeBenchDirectory(directory)
  }
}
if (options.is_json) {
  const { postgres, ...others } = answer
  console.log(JSON.stringify({ ...postgres, ...others }))
}
