import { readConfig } from '@leads/core/config/config'
import { dumpSchema } from '@leads/core/database/dump-schema'
import { openDatabase } from '@leads/core/database/open'
import type { Command } from 'commander'

/** `leads db dump-schema`: looks after the database itself. */
export function registerDb(program: Command): void {
  const db = program.command('db').description('look after the database itself')

  db.command('dump-schema')
    .description('print the schema as the database tells it; migrations/*/schema.sql are such dumps')
    .action(async () => {
      const database = await openDatabase(readConfig(['database']).DATABASE_URL)
      try {
        process.stdout.write(await dumpSchema(database))
      } finally {
        await database.close()
      }
    })
}
