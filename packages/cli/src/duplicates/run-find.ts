import { readConfig } from '@leads/core/config/read-config'
import { findAllDuplicates } from '@leads/core/duplicates/find-all-duplicates'
import { findCompanyDuplicates } from '@leads/core/duplicates/find-company-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { backfillIdentities } from '@leads/core/ingest/backfill-identities'
import { noopLog } from '@leads/core/log'
import { AUTO_MERGE_AUTHOR, mergeWithoutPerson } from '@leads/core/merges/merge-certain'
import { moveStrayLeads } from '@leads/core/merges/merge-companies'
import { formatNumber } from '../output/format.ts'
import { limitHeapGrowth } from '../output/limit-heap-growth.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { renderFields } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'

export interface FindFlags {
  all?: boolean
  json?: boolean
}

export async function runFind({ all, json }: FindFlags): Promise<void> {
  limitHeapGrowth()
  const { MERGE_CERTAIN } = readConfig(['duplicates'])
  const now = () => new Date()
  const result = await withDatabase((db) =>
    withInterrupt('Finished pages are saved. Run the command again to continue.', async (signal) => {
      const bar = await startProgress('comparing', null, 'pairs')
      try {
        await backfillIdentities({ db, now })
        const found = await (all ? findAllDuplicates : findDuplicates)({
          db,
          log: noopLog,
          now,
          onProgress: ({ pairs_scored }) => {
            bar.update(pairs_scored, pairs_scored)
            signal.throwIfAborted()
          },
        })
        const onMerged = () => signal.throwIfAborted()
        const options = { db, log: noopLog, now, onMerged, is_bridged_only: !MERGE_CERTAIN }
        const merged = await mergeWithoutPerson(options)
        const companies = await findCompanyDuplicates({ db, log: noopLog, now, is_all: all === true })
        await moveStrayLeads(db, { actor: AUTO_MERGE_AUTHOR, event_source: 'system', at: now() })
        return { ...found, ...companies, merged, is_finished: found.is_finished && companies.is_finished }
      } finally {
        bar.stop()
      }
    }),
  )
  if (json) {
    printJson(result)
    return
  }
  print(
    renderFields([
      ['leads read', formatNumber(result.leads_read)],
      ['pairs compared', formatNumber(result.pairs_scored)],
      ['may be one', formatNumber(result.pairs_found)],
      ['companies read', formatNumber(result.companies_read)],
      ['companies that may be one', formatNumber(result.company_pairs_found)],
      ...(MERGE_CERTAIN || result.merged > 0 ? [['merged', formatNumber(result.merged)] as [string, string]] : []),
    ]),
  )
  if (result.pairs_found > 0) printNote('', '`leads duplicates list` shows them.')
  if (result.company_pairs_found > 0) printNote('', '`leads duplicates companies list` shows the companies.')
}
