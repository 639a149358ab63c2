import { readConfig } from '@leads/core/config/read-config'
import { noopLog } from '@leads/core/log'
import { loadMapper } from '@leads/core/mapping/load-mapper'
import { remap } from '@leads/core/syncs/remap'
import { formatNumber } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { startProgress } from '../output/progress.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'
import { renderReplay } from './run-replay.ts'

export interface RemapFlags {
  actor?: string
  run?: string
  dryRun?: boolean
  json?: boolean
}

export async function runRemap({ actor, run, dryRun, json }: RemapFlags): Promise<void> {
  const { MAPPINGS_FILE, SOURCE_PRECEDENCE: source_precedence } = readConfig(['sync'])
  const is_dry_run = dryRun ?? false
  const result = await withDatabase((db) =>
    withInterrupt('Leads already mapped are saved. Run the same command again to continue.', async (signal) => {
      const { count } = await db.kysely
        .selectFrom('sales_leads')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('source', '=', 'apify')
        .executeTakeFirstOrThrow()
      const bar = await startProgress('mapping', Number(count), 'leads')
      try {
        return await remap({
          db,
          map: loadMapper(MAPPINGS_FILE),
          log: noopLog,
          source_precedence,
          now: () => new Date(),
          is_dry_run,
          ...(actor === undefined ? {} : { actor_id: actor }),
          ...(run === undefined ? {} : { run_id: run }),
          // Called between batches, after a commit.
          onProgress: ({ leads_read }) => {
            bar.update(leads_read, leads_read)
            signal.throwIfAborted()
          },
        })
      } finally {
        bar.stop()
      }
    }),
  )
  if (json) {
    printJson({ ...result, is_dry_run })
    return
  }
  print(
    renderFields([
      ['leads read', formatNumber(result.leads_read)],
      [is_dry_run ? 'would change' : 'changed', formatNumber(result.leads_changed)],
      ['now rejected', formatNumber(result.now_rejected)],
    ]),
  )
  const fields = Object.entries(result.fields).sort(([, a], [, b]) => b - a)
  if (fields.length > 0)
    print(
      '',
      renderTable(
        [{ head: 'column' }, { head: 'leads', align: 'right' }],
        fields.map(([name, n]) => [name, formatNumber(n)]),
      ),
    )
  if (result.rejections.tried > 0) print('', renderReplay(result.rejections, is_dry_run))
  if (is_dry_run) printNote('', 'Nothing was changed.')
}
