import type { CatalogReader } from './catalog.ts'
import type { Database, OpenOptions } from './engine.ts'
import { type EngineName, parseEngineName } from './engine-names.ts'
import type { SchemaConnection } from './migrations/schema-connection.ts'

/** What an engine's folder provides. Each module loads when it is first used. */
export interface EngineModules {
  open(): Promise<(database_url: string, options: OpenOptions) => Database | Promise<Database>>
  openSchema(): Promise<(database_url: string) => SchemaConnection | Promise<SchemaConnection>>
  dumpSchema(): Promise<(read: CatalogReader, except_table: string) => Promise<string[]>>
}

/**
 * The engines by name. A bundle for AWS defines BUNDLED_ENGINE: each condition is spelled out in its row, because esbuild
 * drops the other engines' drivers only where it can see that a condition is false.
 */
const engines: Record<EngineName, EngineModules | undefined> = {
  postgres:
    (process.env.BUNDLED_ENGINE ?? 'postgres') === 'postgres'
      ? {
          open: async () => (await import('./postgres/open.ts')).openPostgres,
          openSchema: async () => (await import('./postgres/schema-connection.ts')).openPostgresSchema,
          dumpSchema: async () => (await import('./postgres/dump-schema.ts')).dumpPostgres,
        }
      : undefined,
  mysql:
    (process.env.BUNDLED_ENGINE ?? 'mysql') === 'mysql'
      ? {
          open: async () => (await import('./mysql/open.ts')).openMysql,
          openSchema: async () => (await import('./mysql/schema-connection.ts')).openMysqlSchema,
          dumpSchema: async () => (await import('./mysql/dump-schema.ts')).dumpMysql,
        }
      : undefined,
  sqlite:
    (process.env.BUNDLED_ENGINE ?? 'sqlite') === 'sqlite'
      ? {
          open: async () => (await import('./sqlite/open.ts')).openSqlite,
          openSchema: async () => (await import('./sqlite/schema-connection.ts')).openSqliteSchema,
          dumpSchema: async () => (await import('./sqlite/dump-schema.ts')).dumpSqlite,
        }
      : undefined,
}

/** Returns the modules of an engine. @throws Error where this bundle was built for another engine */
export function getEngineModules(engine: EngineName): EngineModules {
  const modules = engines[engine]
  if (modules) return modules
  throw new Error(
    `DATABASE_URL names ${engine}, but this function was built for ${process.env.BUNDLED_ENGINE}: ` +
      'deploy it again with this DATABASE_URL.',
  )
}

/** Returns the modules of the engine that a `DATABASE_URL` selects. */
export const findEngineModules = (database_url: string): EngineModules =>
  getEngineModules(parseEngineName(database_url))
