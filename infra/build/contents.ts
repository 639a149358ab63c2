import { type FunctionName, type FunctionSpec, functionManifest } from '../../functions/runtime/manifest.ts'

/**
 * Minified bytes that a cold start reads and compiles, at most: the entry and what it imports, without the chunks that
 * it asks for later (drivers, clients).
 */
export function startBytesMax(name: FunctionName): number {
  // Consumers and schedules start out of anybody's sight.
  return functionManifest[name].trigger.type === 'http' ? 400_000 : Number.POSITIVE_INFINITY
}

/**
 * What requests that map items load, in chunks of their own: the public suffix list (125 KB), metadata of telephone
 * numbers (121 KB), names of countries (44 KB), the mapping itself (105 KB). Telling leads apart needs all of them, while
 * the request is answered.
 */
const MAPPING_BYTES = 400_000

/** The functions of the API that are allowed more than the others, none of it at start. */
const extraBytes: Partial<Record<FunctionName, number>> = {
  // Files; with the reader of CSV, 32 KB.
  imports: MAPPING_BYTES + 50_000,
  // Rejected items mapped again; with the AWS SDK's client for the queue, which the first run to be queued loads.
  'sync-actions': MAPPING_BYTES + 200_000,
}

/** Minified bytes of all JavaScript in a bundle, at most. The API's functions and the webhook are to stay light. */
export function bytesMax(name: FunctionName, engine: string): number {
  const { config, trigger }: FunctionSpec = functionManifest[name]
  // mysql2 weighs that much more than postgres.js, 240 KB of it the certificates of Amazon RDS; in the driver's chunk.
  const driver_bytes = engine === 'mysql' && config.includes('database') ? 620_000 : 0
  return driver_bytes + ownBytesMax(name, { config, trigger })
}

function ownBytesMax(name: FunctionName, { config, trigger }: Pick<FunctionSpec, 'config' | 'trigger'>): number {
  if (name === 'apify-webhook') return 350_000
  // apify-client and its 60 packages.
  if (config.includes('apify')) return 3_000_000
  return trigger.type === 'http' ? 400_000 + (extraBytes[name] ?? 0) : 600_000
}

/** Packages by the part of the configuration without which a function has no use for them. */
const packagesOfPart = {
  database: ['kysely', 'postgres', 'mysql2'],
  apify: ['apify-client'],
  queue: ['@aws-sdk/client-sqs'],
} as const

/** The packages that must not be in a bundle: other engines' drivers, clients of services that it has no rights on. */
export function forbiddenPackages(name: FunctionName, engine: string): string[] {
  const { config }: FunctionSpec = functionManifest[name]
  const drivers = { postgres: ['mysql2'], mysql: ['postgres'], sqlite: ['mysql2', 'postgres'] }[engine] ?? []
  const useless = Object.entries(packagesOfPart).flatMap(([part, packages]) =>
    config.some((each) => each === part) ? [] : packages,
  )
  return [...drivers, ...useless]
}
