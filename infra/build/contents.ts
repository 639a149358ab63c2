import { type FunctionName, type FunctionSpec, functionManifest } from '../../functions/runtime/manifest.ts'
import { type EngineName, engineFacts, engineNames } from '../../packages/core/src/database/engine-names.ts'

/**
 * Maximum of minified bytes that a cold start reads and compiles: the entry and what it imports, without the chunks that
 * it asks for later (drivers, clients).
 */
export const START_BYTES_MAX = 400_000

/**
 * What requests that map items load, in separate chunks: the public suffix list (125 KB), metadata of telephone
 * numbers (121 KB), names of countries (44 KB), the mapping itself (132 KB). Telling leads apart needs all of them, while
 * the request is answered.
 */
const MAPPING_BYTES = 477_000

/** The part of it that filters and writes need: domains, telephone numbers, countries. The first of them loads it. */
const STORED_FORMS_BYTES = 316_000

/** Reads from a replica, and what tells whether it is current; checks of keys that requests share or a transaction makes. */
const REPLICA_AND_KEY_BYTES = 11_000

/** The CA certificates of Amazon RDS, in a chunk that only a database at RDS loads. */
const RDS_ROOTS_BYTES = 190_000

/** The functions of the API that are allowed more than the others, none of it at start. */
const extraBytes: Partial<Record<FunctionName, number>> = {
  // Files: the readers of Excel workbooks (67 KB, loaded only for one), tables of encodings (150 KB, loaded by a preview),
  // the words of column names, readers and writers.
  imports: MAPPING_BYTES + REPLICA_AND_KEY_BYTES + 394_000,
  // Rejected items mapped again; with the AWS SDK's client for the queue, which the first run to be queued loads,
  // and the checks of the service, which read the migrations.
  'sync-actions': MAPPING_BYTES + 300_000,
  // Identities of leads: what makes two of them the same, and why.
  leads: STORED_FORMS_BYTES + REPLICA_AND_KEY_BYTES + 40_000,
  duplicates: STORED_FORMS_BYTES + REPLICA_AND_KEY_BYTES + 80_000,
  companies: STORED_FORMS_BYTES + REPLICA_AND_KEY_BYTES + 13_000,
  syncs: STORED_FORMS_BYTES + REPLICA_AND_KEY_BYTES + 3_000,
}

/** Maximum of minified bytes of all JavaScript in a bundle. The API's functions and the webhook are to stay light. */
export function bytesMax(name: FunctionName, engine: EngineName): number {
  const { config, trigger }: FunctionSpec = functionManifest[name]
  const facts = engineFacts[engine]
  const uses_server = config.includes('database') && facts.is_server
  return (uses_server ? facts.driver_bytes + RDS_ROOTS_BYTES : 0) + ownBytesMax(name, { config, trigger })
}

function ownBytesMax(name: FunctionName, { config, trigger }: Pick<FunctionSpec, 'config' | 'trigger'>): number {
  if (name === 'apify-webhook') return 350_000
  // apify-client and its packages.
  if (config.includes('apify')) return 2_000_000
  return trigger.type === 'http' ? 400_000 + (extraBytes[name] ?? 0) : 600_000
}

/** Packages by the part of the configuration without which a function has no use for them. */
const packagesOfPart = {
  database: ['kysely', 'postgres', 'mysql2'],
  apify: ['apify-client'],
  queue: ['@aws-sdk/client-sqs'],
} as const

/** The packages that must not be in a bundle: other engines' drivers, clients of services that it may not use. */
export function forbiddenPackages(name: FunctionName, engine: EngineName): string[] {
  const { config }: FunctionSpec = functionManifest[name]
  const drivers = engineNames.filter((each) => each !== engine).flatMap((each) => [...engineFacts[each].packages])
  const unused = Object.entries(packagesOfPart).flatMap(([part, packages]) =>
    config.some((each) => each === part) ? [] : packages,
  )
  return [...drivers, ...unused]
}
