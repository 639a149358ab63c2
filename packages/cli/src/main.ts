import { finish } from './output/finish.ts'
import { createProgram, fullWords } from './program.ts'

const usesQueue = new Set(['sync', 'syncs', 'reconcile', 'doctor'])

/** The `leads` command. What each command does is in commands/, what an error means for the exit code in output/. */
const words = fullWords(process.argv.slice(2))
// Under `sst shell` the links of a deployment are its configuration.
if (process.env.SST_RESOURCE_App) await import('@leads/functions/linked-environment')
// In the folder of a running local stack, its queue is the one that is meant.
else if (usesQueue.has(words[0] ?? '')) (await import('./local/running.ts')).useRunningStack()
try {
  const program = await createProgram(words)
  await program.parseAsync(words, { from: 'user' })
} catch (error) {
  await finish(error, { json: words.includes('--json'), debug: process.env.LOG_LEVEL === 'DEBUG' })
}
