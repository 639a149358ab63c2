import { Command } from 'commander'
import { registerMap } from './commands/map.ts'

const program = new Command('leads').description(
  'Turns Apify runs into one clean, de-duplicated, audited lead database.',
)
registerMap(program)

try {
  await program.parseAsync()
} catch (error) {
  console.error(`leads: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
