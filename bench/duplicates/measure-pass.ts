import { openDatabase } from '@leads/core/database/open-database'
import { findAllDuplicates } from '@leads/core/duplicates/find-all-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { noopLog } from '@leads/core/log'
import { limitHeapGrowth } from '../../packages/cli/src/output/limit-heap-growth.ts'

/** One pass in a process that does nothing else: prints what it found, its time and its peak memory as JSON. */
// As the command does.
limitHeapGrowth()
const [kind, databaseUrl] = process.argv.slice(2)
if (databaseUrl === undefined) throw new Error('Name a pass (all or changed) and a database.')
const db = await openDatabase(databaseUrl)
try {
  const find = kind === 'all' ? findAllDuplicates : findDuplicates
  const started = performance.now()
  const result = await find({ db, log: noopLog, now: () => new Date() })
  const seconds = (performance.now() - started) / 1000
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  // The processor time of this process tells how busy the machine was otherwise.
  const cpuS = (userCPUTime + systemCPUTime) / 1e6
  console.log(JSON.stringify({ ...result, seconds, cpu_s: cpuS, rss_mb: maxRSS / 1024 }))
} finally {
  await db.close()
}
