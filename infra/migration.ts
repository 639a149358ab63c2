import { createHash } from 'node:crypto'
import { bundles, createFunction, database } from './functions.ts'

/**
 * The deployment invokes the migrate function when the set of migrations, or the database, is another than last time.
 * Every function with a database waits for it, so new code never meets an old schema; if it fails, the deployment ends
 * there and the running version is left as it is.
 */
const migrate = createFunction('migrate', { after: database.ready })

export const migration = new aws.lambda.Invocation(
  'Migration',
  {
    functionName: migrate.name,
    input: '{}',
    triggers: {
      migrations: bundles.migrations_hash,
      // Part of a hash: enough to tell another database, nothing to learn from.
      database: $util.unsecret(
        database.url.apply((url) => createHash('sha256').update(url).digest('hex').slice(0, 12)),
      ),
    },
  },
  { dependsOn: [migrate] },
)
