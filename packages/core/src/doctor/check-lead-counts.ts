import { readConfig } from '../config/read-config.ts'
import { CHECK_TIMEOUT_MS, type Env, type Finding, ok, warning } from './finding.ts'

const SCAN_MS_MAX = CHECK_TIMEOUT_MS * 0.8

/**
 * Compares the numbers of leads behind the statistics, also by status and country, with the leads, and the counts of
 * long periods with those of days.
 * Writers who disabled triggers, or data that was restored into a database with a schema, leave them wrong. Nothing is
 * reported where statistics read the leads themselves, or where the leads cannot be counted in time.
 */
export async function checkLeadCounts(env: Env): Promise<Finding[]> {
  const { openDatabase } = await import('../database/open-database.ts')
  const { createTimedQuery } = await import('../database/time-limit.ts')
  const { compareLeadCounts } = await import('../stats/lead-counts.ts')
  const { DATABASE_URL } = readConfig(['database'], env)
  const database = await openDatabase(DATABASE_URL, { connections_max: 1, connect_timeout_s: 5 })
  try {
    const compared = await compareLeadCounts(database, createTimedQuery(database, SCAN_MS_MAX))
    if (compared === null) return []
    const { counted, leads, wrong_values, wrong_sums } = compared
    const advice = '`leads db recount` corrects them; imports may run at the same time.'
    if (counted !== leads)
      return [warning('lead_counts', `The statistics count ${counted} leads, and there are ${leads}.`, advice)]
    if (wrong_values > 0)
      return [warning('lead_counts', 'The statistics by status or country are not those of the leads.', advice)]
    if (wrong_sums > 0)
      return [warning('lead_counts', 'The counts behind the statistics of long periods are wrong.', advice)]
    return [ok('lead_counts', 'The counts behind the statistics are those of the leads.')]
  } catch {
    // No database, no schema, too many leads: other checks report what is wrong.
    return []
  } finally {
    await database.close().catch(() => undefined)
  }
}
