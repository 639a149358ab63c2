import { takeApiOptions } from './backend/api-target.ts'
import { reportError } from './output/report-error.ts'
import { createProgram, expandShortcuts } from './program.ts'

/** Commands that use no running stack, or start their own. */
const selfContained = new Set(['demo', 'start', 'map', 'completion'])
const needsSecret = new Set(['webhook', 'doctor', 'config'])
/** Commands that process many rows, with the memory limits of the consumer. */
const limitsMemory = new Set(['sync', 'import'])

/** The `leads` command. Each command is defined in commands/; output/ maps errors to exit codes. */
let words = process.argv.slice(2)
try {
  words = expandShortcuts(takeApiOptions(words))
  if (limitsMemory.has(words[0] ?? '')) (await import('./local/memory-flags.ts')).applyMemoryFlags(words)
  // Under `sst shell` the linked resources of a deployment are its configuration.
  if (process.env.SST_RESOURCE_App) await (await import('./local/stage-settings.ts')).loadStageSettings()
  // The demo has its own database. A file must not replace it with the real one.
  else if (words[0] !== 'demo') {
    const { loadEnvFile } = await import('./local/settings-sources.ts')
    loadEnvFile()
    const isHelp = words.includes('--help') || words.includes('-h')
    if (!isHelp && !selfContained.has(words[0] ?? '')) {
      const { loadLocalSecret, loadRunningStack } = await import('./local/running-stack.ts')
      loadRunningStack()
      if (needsSecret.has(words[0] ?? '')) loadLocalSecret()
    }
  }
  if (!(await forwardToStage())) {
    const program = await createProgram(words)
    await program.parseAsync(words, { from: 'user' })
  }
} catch (error) {
  await reportError(error, { json: words.includes('--json'), debug: process.env.LOG_LEVEL === 'DEBUG' })
}

/** Runs the command in the stage of `sst shell` if only functions reach its database. Returns whether it did. */
async function forwardToStage(): Promise<boolean> {
  if (!process.env.SST_RESOURCE_App) return false
  const { findAdminFunction, runInStage, runsInStage } = await import('./local/run-in-stage.ts')
  const function_name = findAdminFunction()
  if (function_name === null || !runsInStage(words)) return false
  const { currentAuthor } = await import('./with-database.ts')
  await runInStage(function_name, words, currentAuthor())
  return true
}
