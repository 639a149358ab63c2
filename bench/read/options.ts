import { parseArgs } from 'node:util'

const HELP = `npm run bench:read -- [options]

  --leads A,B      sizes of the table (default 100000,1000000)
  --seconds N      how long each figure is measured (default 2)
  --depth N        pages to walk before the deep one (default 2000)
  --profile        also writes CPU profiles of some calls to ./bench-profile, and prints where their time went
  --json           prints one JSON object as the last line
`

export interface ReadOptions {
  sizes: number[]
  seconds: number
  depth: number
  is_profiled: boolean
  is_json: boolean
}

/** Reads the command line; prints help and ends where it asks for it. */
export function readOptions(): ReadOptions {
  const { values } = parseArgs({
    options: {
      leads: { type: 'string', default: '100000,1000000' },
      seconds: { type: 'string', default: '2' },
      depth: { type: 'string', default: '2000' },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    process.exit(0)
  }
  return {
    sizes: values.leads.split(',').map(Number),
    seconds: Number(values.seconds),
    depth: Number(values.depth),
    is_profiled: values.profile,
    is_json: values.json,
  }
}
