import { Command, type Help } from 'commander'
import { exitCodes } from './output/exit-codes.ts'

type Register = (program: Command) => void

/**
 * Every command by its first word, in the order of the help. Only the one that is called gets loaded, and it loads
 * drivers and the like when it runs: `leads --help` reads all of these files and still opens nothing.
 */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  start: async () => (await import('./commands/start.ts')).registerStart,
  migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
  sync: async () => (await import('./commands/sync.ts')).registerSync,
  syncs: async () => (await import('./commands/syncs.ts')).registerSyncs,
  reconcile: async () => (await import('./commands/reconcile.ts')).registerReconcile,
  leads: async () => (await import('./commands/leads.ts')).registerLeads,
  import: async () => (await import('./commands/import.ts')).registerImport,
  export: async () => (await import('./commands/export.ts')).registerExport,
  map: async () => (await import('./commands/map.ts')).registerMap,
  remap: async () => (await import('./commands/remap.ts')).registerRemap,
  keys: async () => (await import('./commands/keys.ts')).registerKeys,
  webhook: async () => (await import('./commands/webhook.ts')).registerWebhook,
  cleanup: async () => (await import('./commands/cleanup.ts')).registerCleanup,
  db: async () => (await import('./commands/db.ts')).registerDb,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  config: async () => (await import('./commands/config.ts')).registerConfig,
  completion: async () => (await import('./commands/completion.ts')).registerCompletion,
}

/** What people type first: `leads list` for `leads leads list`. */
const leadVerbs = new Set(['list', 'show', 'history', 'edit', 'delete', 'restore'])

export const fullWords = (words: readonly string[]): string[] =>
  leadVerbs.has(words[0] ?? '') ? ['leads', ...words] : [...words]

const NARROW = 80

/** The program with the commands that `words` may mean: the one it names, or all. */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command('leads')
  program
    .description('Turns Apify runs into one clean, de-duplicated, audited lead database.')
    .usage('<command> [options]')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showSuggestionAfterError()
    .configureHelp({ ...helpStyle, helpWidth: helpWidth() })
    .configureOutput({
      getOutHelpWidth: helpWidth,
      getErrHelpWidth: helpWidth,
      outputError: (text, write) => write(text.replace(/^error:/, 'leads:')),
    })
    // Options belong to the command that they follow: `import list --json` is not `import --json`.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', exitCodeHelp)
  const [first = ''] = words
  const chosen = Object.hasOwn(commands, first) ? { [first]: commands[first] } : commands
  for (const load of Object.values(chosen)) {
    const register = await load?.()
    register?.(program)
  }
  for (const command of program.commands) inherit(command)
  return program
}

/** Sub-commands made by `.command()` take the parent's settings before these are complete, so they are set once more. */
function inherit(command: Command): void {
  command
    .configureHelp({ ...helpStyle, helpWidth: helpWidth() })
    .exitOverride()
    .showSuggestionAfterError()
  for (const child of command.commands) inherit(child)
}

const helpStyle: Partial<Help> = { sortSubcommands: false, sortOptions: false, showGlobalOptions: false }

/** A pipe has no width: what a script or the docs read is the same everywhere. */
function helpWidth(): number {
  return process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns, 110)) : NARROW
}

const exitCodeHelp = `
Exit codes:
${Object.entries(exitCodes)
  .sort(([, a], [, b]) => a.code - b.code)
  .map(([, { code, meaning }]) => `  ${String(code).padEnd(5)}${meaning}`)
  .join('\n')}

Most commands take --json: one JSON value on standard output, errors as JSON on
standard error. NO_COLOR=1 turns colours off; a pipe never gets any.
Settings come from the environment: see \`leads config\`.`
