/**
 * Properties of the engines that need no driver. Infrastructure, configuration and the webhook read this table, so it
 * imports nothing.
 */
export interface EngineFacts {
  /** Schemes of a `DATABASE_URL` that select the engine. */
  readonly schemes: readonly string[]
  /** npm packages of its driver: a bundle for another engine must not contain them. */
  readonly packages: readonly string[]
  /** It is reached over the network, so its URL has a host. */
  readonly is_server: boolean
  /** A function on AWS can use it; a function has no disk that persists. */
  readonly is_deployable: boolean
  /** Minified bytes that its driver adds to a bundle, compared with that of PostgreSQL. */
  readonly driver_bytes: number
}

export const engineFacts = {
  postgres: {
    schemes: ['postgres', 'postgresql'],
    packages: ['postgres'],
    is_server: true,
    is_deployable: true,
    driver_bytes: 0,
  },
  mysql: {
    schemes: ['mysql', 'mariadb'],
    packages: ['mysql2'],
    is_server: true,
    is_deployable: true,
    // 240 KB of it are the certificates of Amazon RDS.
    driver_bytes: 620_000,
  },
  sqlite: { schemes: ['sqlite'], packages: [], is_server: false, is_deployable: false, driver_bytes: 0 },
} as const satisfies Record<string, EngineFacts>

export type EngineName = keyof typeof engineFacts

export const engineNames = Object.keys(engineFacts) as EngineName[]

/** Engines that a function on AWS can use. */
export type DeployableEngine = {
  [Name in EngineName]: (typeof engineFacts)[Name]['is_deployable'] extends true ? Name : never
}[EngineName]

export const isDeployable = (engine: EngineName): engine is DeployableEngine => engineFacts[engine].is_deployable

/** Returns the engine that a `DATABASE_URL` selects by its scheme. @throws Error that lists the accepted schemes */
export function parseEngineName(database_url: string): EngineName {
  const scheme = /^([a-z]+):/i.exec(database_url)?.[1]?.toLowerCase() ?? ''
  const engine = engineNames.find((name) => (engineFacts[name].schemes as readonly string[]).includes(scheme))
  if (engine) return engine
  throw new Error(
    'DATABASE_URL must begin with postgres://, sqlite: or mysql://, e.g. sqlite:.data/leads.db or ' +
      'postgres://user:password@host:5432/leads',
  )
}
