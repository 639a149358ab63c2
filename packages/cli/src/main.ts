import { finish } from './output/finish.ts'
import { createProgram } from './program.ts'

/** The `leads` command. What each command does is in commands/, what an error means for the exit code in output/. */
const words = process.argv.slice(2)
try {
  const program = await createProgram(words)
  await program.parseAsync(words, { from: 'user' })
} catch (error) {
  await finish(error, { json: words.includes('--json'), debug: process.env.LOG_LEVEL === 'DEBUG' })
}
