import { parseArgs } from 'node:util'

export const sections = ['ways', 'consumers', 'reimport', 'flatness', 'pages', 'sizes', 'lambda', 'split'] as const
export type Section = (typeof sections)[number]

/** Where `--profile` writes; not part of the repository. */
export const PROFILE_DIRECTORY = 'bench-profile'

const HELP = `npm run bench:ingest -- [options]

  --engine NAME    postgres (default), sqlite, mysql or all
  --rows N         items of a load (default 20000)
  --rounds N       rounds whose medians count; one more comes before, to warm up (default 5)
  --page N         items a page (default 1000)
  --only A,B       sections: ${sections.join(', ')} (default all; on SQLite and MySQL ways only)
  --flatness N     leads in the table for the section flatness (default 1000000)
  --profile        also writes CPU profiles of the consumer to ./${PROFILE_DIRECTORY}, and prints where its time went;
                   with --only none nothing else is measured
  --json           prints one JSON object as the last line
`

export interface BenchOptions {
  engines: ('postgres' | 'sqlite' | 'mysql')[]
  rows: number
  rounds: number
  page_rows: number
  only: readonly Section[]
  flatness_rows: number
  is_profiled: boolean
  is_json: boolean
}

/** Reads the command line; prints help and ends where it asks for it. */
export function readOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'postgres' },
      rows: { type: 'string', default: '20000' },
      rounds: { type: 'string', default: '5' },
      page: { type: 'string', default: '1000' },
      only: { type: 'string', default: sections.join(',') },
      flatness: { type: 'string', default: '1000000' },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    process.exit(0)
  }
  const engines = values.engine === 'all' ? ['postgres', 'sqlite', 'mysql'] : [values.engine]
  const only = values.only === 'none' ? [] : values.only.split(',')
  const unknown = [
    ...engines.filter((name) => !['postgres', 'sqlite', 'mysql'].includes(name)),
    ...only.filter((name) => !sections.includes(name as Section)),
  ]
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}.\n\n${HELP}`)
  return {
    engines: engines as BenchOptions['engines'],
    rows: Number(values.rows),
    rounds: Number(values.rounds),
    page_rows: Number(values.page),
    only: only as Section[],
    flatness_rows: Number(values.flatness),
    is_profiled: values.profile,
    is_json: values.json,
  }
}
