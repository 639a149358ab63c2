import { freshDatabase } from '../setup/engines.ts'
import { type ConsoleStack, runConsoleStack } from './run-console-stack.ts'

export { ADMIN_KEY, type ConsoleStack } from './run-console-stack.ts'

/** The console on a new SQLite database, which is dropped when the stack closes. */
export async function startConsoleStack(): Promise<ConsoleStack> {
  const fresh = await freshDatabase('sqlite')
  const stack = await runConsoleStack(fresh.database_url)
  return {
    ...stack,
    async close() {
      await stack.close()
      await fresh.drop()
    },
  }
}
