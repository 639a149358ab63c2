import { makeBenchDirectory, removeBenchDirectory } from '../directory.ts'
import { describeMachine } from '../machine.ts'
import { type Bench, startBench } from './bench.ts'
import type { BenchEngine } from './engine.ts'
import { readOptions, type Section } from './options.ts'
import { profileIngest } from './profile.ts'
import { measureConsumers } from './sections/consumers.ts'
import type { Figures } from './sections/figures.ts'
import { measureFlatness } from './sections/flatness.ts'
import { measureLambda } from './sections/lambda.ts'
import { measurePages } from './sections/pages.ts'
import { measureReimport } from './sections/reimport.ts'
import { measureSizes } from './sections/sizes.ts'
import { measureSplit } from './sections/split.ts'
import { measureWays } from './sections/ways.ts'

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
  lambda: measureLambda,
  split: measureSplit,
} satisfies Record<Section, (bench: Bench) => Promise<Figures>>

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
    try {
      const figures: Figures = {}
      for (const section of options.only) {
        if (name !== 'postgres' && section !== 'ways') continue
        Object.assign(figures, await measure[section](bench))
      }
      if (options.is_profiled) Object.assign(figures, await profileIngest(bench))
      answer[name] = figures
    } finally {
      await bench.close()
    }
  } finally {
    await engine.stop()
    await removeBenchDirectory(directory)
  }
}
if (options.is_json) {
  const { postgres, ...others } = answer
  console.log(JSON.stringify({ ...postgres, ...others }))
}
