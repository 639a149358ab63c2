import type { Command } from 'commander'
import { print, printJson, printNote } from '../output/print.ts'

/** `leads db stats | reindex | recount | dump-schema`: database maintenance. */
export function registerDb(program: Command): void {
  const db = program.command('db').description('maintain the database')

  db.command('stats')
    .description('show table and index sizes, index usage, space taken by deleted rows, and lead counts')
    .option('--json', 'print one JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { showStats } = await import('../database/show-stats.ts')
      await showStats(flags)
    })

  db.command('reindex')
    .description(
      'rebuild the indexes and refresh planner statistics; reads and writes continue where the engine allows it',
    )
    .option('--json', 'print one JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { runReindex } = await import('../database/run-reindex.ts')
      await runReindex(flags)
    })

  db.command('recount')
    .description('compare the counts behind the statistics with the leads, and correct them')
    .option('--json', 'print one JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { runRecount } = await import('../database/run-recount.ts')
      await runRecount(flags)
    })

  db.command('lift-tombstone')
    .description('let imports create a person again who was deleted permanently')
    .argument('<identity>', 'e.g. email:asha@example.com or linkedin:in/asha-rao')
    .option('--json', 'print one JSON object')
    .action(async (identity: string, flags: { json?: boolean }) => {
      const { liftTombstone } = await import('../database/lift-tombstone.ts')
      await liftTombstone(identity, flags)
    })

  db.command('dump-schema')
    .description('print the schema of the database, in the form of migrations/*/schema.sql')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const [{ readConfig }, { dumpSchema }, { openDatabase }, { assertStageDatabase }] = await Promise.all([
        import('@leads/core/config/read-config'),
        import('@leads/core/database/dump-schema'),
        import('@leads/core/database/open-database'),
        import('../local/stage-settings.ts'),
      ])
      assertStageDatabase()
      const database = await openDatabase(readConfig(['database']).DATABASE_URL)
      try {
        const schema = await dumpSchema(database)
        if (json) printJson({ engine: database.engine.name, schema })
        else if (schema.trim() === '') printNote('The database has no tables yet. Run `leads migrate up`.')
        else print(schema.trimEnd())
      } finally {
        await database.close()
      }
    })
}
