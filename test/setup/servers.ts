import type { TestProject } from 'vitest/node'
import { startBroker } from './broker.ts'
import type { TestEngine } from './engines.ts'
import { hasMariadb, MARIADB_INSTALL_COMMAND } from './mariadb-server.ts'
import { makeScratchDirectory, removeDirectory, removeOrphans } from './scratch.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    database_engines: TestEngine[]
    database_broker_url: string
    scratch_directory: string
  }
}

/** Once a run: finds out which engines can be tested, and stands ready to start their servers. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engines: TestEngine[] = ['sqlite', 'postgres']
  if (process.env.TEST_PGBOUNCER === '1') engines.splice(0, engines.length, 'postgres')
  else if (hasMariadb()) engines.push('mysql')
  else if (process.env.REQUIRE_ALL_ENGINES === '1')
    throw new Error(`MariaDB is not installed, and REQUIRE_ALL_ENGINES=1 wants it tested: ${MARIADB_INSTALL_COMMAND}`)
  else
    console.warn(`\n!!! MySQL/MariaDB IS NOT TESTED: mariadbd was not found. Install it: ${MARIADB_INSTALL_COMMAND}\n`)

  removeOrphans()
  const directory = await makeScratchDirectory()
  const broker = await startBroker(directory)
  project.provide('database_engines', engines)
  project.provide('database_broker_url', broker.url)
  project.provide('scratch_directory', directory)
  return async () => {
    await broker.stop()
    await removeDirectory(directory)
  }
}
