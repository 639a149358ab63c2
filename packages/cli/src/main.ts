import { finish } from './output/report-error.ts'
import { createProgram, fullWords } from './program.ts'

/** Commands that look at nothing outside, or bring their own stack. */
const selfContained = new Set(['demo', 'start', 'map', 'completion'])
const needsSecret = new Set(['webhook', 'doctor', 'config'])

/** The `leads` command. What each command does is in commands/, what an error means for the exit code in output/. */
const words = fullWords(process.argv.slice(2))
try {
  // Under `sst shell` the links of a deployment are its configuration.
  if (process.env.SST_RESOURCE_App) await import('@leads/functions/runtime/linked-environment')
  // The demo has its own database, which a file must not replace with the real one.
  else if (words[0] !== 'demo') {
    const { useEnvFile } = await import('./local/settings-sources.ts')
    useEnvFile()
    const isHelp = words.includes('--help') || words.includes('-h')
    if (!isHelp && !selfContained.has(words[0] ?? '')) {
      const { useLocalSecret, useRunningStack } = await import('./local/running-stack.ts')
      useRunningStack()
      if (needsSecret.has(words[0] ?? '')) useLocalSecret()
    }
  }
  const program = await createProgram(words)
  await program.parseAsync(words, { from: 'user' })
} catch (error) {
  await finish(error, { json: words.includes('--json'), debug: process.env.LOG_LEVEL === 'DEBUG' })
}
