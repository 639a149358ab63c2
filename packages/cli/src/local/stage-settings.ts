import { localVariables } from '@leads/core/config/read-config'
import { CommandError } from '../output/errors.ts'
import { readEnvFile } from './settings-sources.ts'

/** Variables that the links of a stage set. */
const linkedVariables = ['APIFY_TOKEN', 'APIFY_WEBHOOK_SECRET', 'CURSOR_SECRET', 'DATABASE_URL', 'SYNC_QUEUE_URL']

/** Name of the stage that `sst shell` runs this command for, if any. */
export function findStage(env: NodeJS.ProcessEnv = process.env): string | null {
  if (!env.SST_RESOURCE_App) return null
  const { stage } = JSON.parse(env.SST_RESOURCE_App) as { stage?: string }
  return stage ?? '(unknown)'
}

/**
 * Uses the links of the stage as configuration. SST itself reads `.env` and passes its variables on. Those of this machine
 * and those that the links set are removed first, so that the file never redirects the command. A variable that was set
 * for this command, with another value than in the file, still counts: it may lead through a tunnel.
 */
export async function loadStageSettings(): Promise<void> {
  const file = readEnvFile()
  for (const variable of [...linkedVariables, ...localVariables])
    if (file[variable] !== undefined && file[variable] === process.env[variable]) delete process.env[variable]
  await import('@leads/functions/runtime/linked-environment')
}

/** @throws CommandError configuration if a stage has no database link: the local default must not replace it */
export function assertStageDatabase(): void {
  const stage = findStage()
  if (stage === null || process.env.DATABASE_URL) return
  throw new CommandError(
    'configuration',
    `Stage ${stage} has no link DatabaseUrl. Deploy it first, or set DATABASE_URL for this command.`,
  )
}
