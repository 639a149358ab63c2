import { parseArgs } from 'node:util'
import { hasMariadb, MARIADB_INSTALL_COMMAND } from '../setup/mariadb-server.ts'
import { summary, tableHead, tableRow } from './report.ts'
import { runFaults } from './run.ts'
import { scenarios } from './scenarios.ts'
import type { Consumer, FaultEngine } from './site.ts'

const { values } = parseArgs({
  options: {
    /** Rounds of each scenario on each engine. */
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    items: { type: 'string', default: '2000' },
    'page-rows': { type: 'string', default: '40' },
    /** Only scenarios whose name contains this. */
    only: { type: 'string', default: '' },
    engine: { type: 'string', multiple: true, default: ['postgres', 'mysql', 'sqlite'] },
    /** Rounds of the naive consumer, shown next to ours; 0 omits it. */
    naive: { type: 'string', default: '1' },
  },
})

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
