import { createHash } from 'node:crypto'
import { bundles, createFunction, database } from './functions.ts'

/**
 * The deployment invokes the migrate function when the set of migrations, or the database, has changed. Every function
 * with a database waits for it, so new code never runs on an old schema. If it fails, the deployment ends there and the
 * running version is left as it is.
 */
export const migrateFunction = createFunction('migrate', { after: database.ready })

/**
 * How long to wait for the database. One that was created a moment ago may still refuse connections and logins while its
 * proxy learns the password; one at an address has to be there, and a typing error should not cost 15 minutes.
 */
const wait = database.created ? { wait_s: 600, is_created: true } : { wait_s: 75, is_created: false }

export const migration = new aws.lambda.Invocation(
  'Migration',
  {
    functionName: migrateFunction.name,
    input: JSON.stringify(wait),
    triggers: {
      migrations: bundles.migrations_hash,
      // Part of a hash: enough to tell another database, nothing to learn from.
      database: $util.unsecret(
        database.url.apply((url) => createHash('sha256').update(url).digest('hex').slice(0, 12)),
      ),
    },
  },
  { dependsOn: [migrateFunction] },
)
