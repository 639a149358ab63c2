import type { Command } from 'commander'
import { printJson, printNote } from '../output/print.ts'

/** `leads db stats | reindex | dump-schema`: looks after the database itself. */
export function registerDb(program: Command): void {
  const db = program.command('db').description('look after the database itself')

  db.command('stats')
    .description(
      'show sizes of tables and indexes, which indexes are used, what deleted rows still take, and what the leads are',
    )
    .option('--json', 'print one JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { showStats } = await import('../database/show-stats.ts')
      await showStats(flags)
    })

  db.command('reindex')
    .description('build the indexes anew and refresh what the planner knows; readers and writers go on where they can')
    .option('--json', 'print one JSON object')
    .action(async (flags: { json?: boolean }) => {
      const { runReindex } = await import('../database/run-reindex.ts')
      await runReindex(flags)
    })

  db.command('dump-schema')
    .description('print the schema as the database tells it; migrations/*/schema.sql are such dumps')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: { json?: boolean }) => {
      const [{ readConfig }, { dumpSchema }, { openDatabase }] = await Promise.all([
        import('@leads/core/config/read-config'),
        import('@leads/core/database/dump-schema'),
        import('@leads/core/database/open-database'),
      ])
      const database = await openDatabase(readConfig(['database']).DATABASE_URL)
      try {
        const schema = await dumpSchema(database)
        if (json) printJson({ engine: database.engine.name, schema })
        else if (schema.trim() === '') printNote('The database has no tables yet. Run `leads migrate up`.')
        else process.stdout.write(schema)
      } finally {
        await database.close()
      }
    })
}
