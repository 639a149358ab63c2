import { finish } from './output/finish.ts'
import { createProgram } from './program.ts'

/** The `leads` command. What each command does is in commands/, what an error means for the exit code in output/. */
const words = process.argv.slice(2)
// Under `sst shell` the links of a deployment are its configuration.
if (process.env.SST_RESOURCE_App) await import('@leads/functions/linked-environment')
try {
  const program = await createProgram(words)
  await program.parseAsync(words, { from: 'user' })
} catch (error) {
  await finish(error, { json: words.includes('--json'), debug: process.env.LOG_LEVEL === 'DEBUG' })
}
