import { recountLeads } from '@leads/core/stats/lead-counts'
import { formatNumber } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'

export async function runRecount({ json }: { json?: boolean }): Promise<void> {
  const corrected = await withDatabase((db) =>
    withInterrupt('Corrected counts are saved. Run the command again to compare all of them.', async (signal) => {
      if (!db.engine.has_lead_counts) return null
      const bar = await startProgress('counting', null, 'batches')
      let batches = 0
      try {
        return await recountLeads({ db, now: () => new Date() }, () => {
          batches += 1
          bar.update(0, batches)
          signal.throwIfAborted()
        })
      } finally {
        bar.stop()
      }
    }),
  )
  if (json) printJson({ corrected })
  else if (corrected === null) print('This database keeps no counts: statistics read the leads.')
  else if (corrected === 0) print('All counts agree with the leads.')
  else print(`Corrected ${formatNumber(corrected)} counts.`)
}
