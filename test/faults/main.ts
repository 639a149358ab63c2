import { parseArgs } from 'node:util'
import { hasMariadb, MARIADB_INSTALL_COMMAND } from '../setup/mariadb-server.ts'
import { summary, tableHead, tableRow } from './report.ts'
import { runFaults } from './run.ts'
import { scenarios } from './scenarios.ts'
import type { Consumer, FaultEngine } from './site.ts'

const HELP = `npm run test:faults -- [options]

  --rounds N       rounds of each scenario on each engine (default 3)
  --seed N         decides where faults strike (default 1)
  --items N        items of a run (default 2000)
  --page-rows N    items a page at most (default 40)
  --only TEXT      only scenarios whose name contains this
  --engine NAME    postgres, mysql or sqlite; can be given several times (default all)
  --naive N        rounds of the naive consumer, shown next to ours; 0 omits it (default 1)
`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    items: { type: 'string', default: '2000' },
    'page-rows': { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
    engine: { type: 'string', multiple: true, default: ['postgres', 'mysql', 'sqlite'] },
    naive: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}

const engines = (values.engine as FaultEngine[]).filter((engine) => engine !== 'mysql' || hasMariadb())
if (!hasMariadb())
  console.warn(`MySQL/MariaDB is left out: mariadbd was not found. Install it: ${MARIADB_INSTALL_COMMAND}`)
const consumers: Consumer[] = Number(values.naive) > 0 ? ['product', 'naive'] : ['product']

console.log(`${values.items} items, ${values['page-rows']} a page, seed ${values.seed}\n\n${tableHead()}`)
const results = await runFaults({
  scenarios: scenarios.filter(({ name }) => name.includes(values.only)),
  engines,
  consumers,
  seed: Number(values.seed),
  items: Number(values.items),
  page_rows_max: Number(values['page-rows']),
  rounds: (_scenario, consumer) => Number(consumer === 'product' ? values.rounds : values.naive),
  onResult: (result) => console.log(tableRow(result)),
})
console.log(`\n${summary(results).join('\n')}`)
const isBroken = results.some(({ consumer, complaint }) => consumer === 'product' && complaint !== null)
process.exitCode = isBroken || results.length === 0 ? 1 : 0
