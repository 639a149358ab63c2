import { readFileSync } from 'node:fs'
import { Command, Help } from 'commander'
import { leadShortcuts } from './lead-shortcuts.ts'
import { escapeControls } from './output/escape.ts'
import { exitCodes } from './output/exit-codes.ts'

type Register = (program: Command) => void

/**
 * Commands by their first word, in the order of the help. Only the command that is called is loaded, and it imports
 * drivers when it runs: `leads --help` reads all of these files and opens nothing.
 */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import('./commands/demo.ts')).registerDemo,
  start: async () => (await import('./commands/start.ts')).registerStart,
  migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
  sync: async () => (await import('./commands/sync.ts')).registerSync,
  syncs: async () => (await import('./commands/syncs.ts')).registerSyncs,
  reconcile: async () => (await import('./commands/reconcile.ts')).registerReconcile,
  leads: async () => (await import('./commands/leads.ts')).registerLeads,
  duplicates: async () => (await import('./commands/duplicates.ts')).registerDuplicates,
  import: async () => (await import('./commands/import.ts')).registerImport,
  export: async () => (await import('./commands/export.ts')).registerExport,
  map: async () => (await import('./commands/map.ts')).registerMap,
  remap: async () => (await import('./commands/remap.ts')).registerRemap,
  normalize: async () => (await import('./commands/normalize.ts')).registerNormalize,
  keys: async () => (await import('./commands/keys.ts')).registerKeys,
  webhook: async () => (await import('./commands/webhook.ts')).registerWebhook,
  cleanup: async () => (await import('./commands/cleanup.ts')).registerCleanup,
  db: async () => (await import('./commands/db.ts')).registerDb,
  doctor: async () => (await import('./commands/doctor.ts')).registerDoctor,
  config: async () => (await import('./commands/config.ts')).registerConfig,
  completion: async () => {
    const { registerCompletion } = await import('./commands/completion.ts')
    // The script needs all commands; the factory is handed in, so that the command does not import this module.
    return (program) => registerCompletion(program, () => createProgram())
  },
}

/** Expands `leads list` to `leads leads list`, and `help keys create` to `keys create --help`. */
export function expandShortcuts(words: readonly string[]): string[] {
  const [first = '', ...rest] = words
  if (first === 'help') {
    const command = expandShortcuts(rest)
    // An unknown command is an error, which a help text would hide.
    return Object.hasOwn(commands, command[0] ?? '') || command.length === 0 ? [...command, '--help'] : command
  }
  return leadShortcuts.includes(first) ? ['leads', ...words] : [...words]
}

const NARROW = 80

/** Creates the program with the command that `words` names, or with all commands. */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const program = new Command('leads')
  // reportError() prints JSON instead.
  const isSilent = words.includes('--json')
  program
    .description('Turns Apify runs into one clean, de-duplicated, audited lead database.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'print the version')
    // main.ts has taken both out of the words: they are here for the help and the completion.
    .option('--url <url>', 'use the API at this URL instead of the database (or LEADS_URL)')
    .option('--key <key>', 'API key for --url; LEADS_API_KEY keeps it out of the process list')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .showSuggestionAfterError()
    .configureHelp({ ...helpStyle, helpWidth: helpWidth() })
    .configureOutput({
      getOutHelpWidth: helpWidth,
      getErrHelpWidth: helpWidth,
      ...(isSilent ? { writeErr: () => {} } : {}),
      outputError: (text, write) => write(`leads: ${escapeControls(rewordUsageError(text))}`),
    })
    // Options belong to the command before them: `import list --json` is not `import --json`.
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', exitCodeHelp)
  const [first = ''] = words
  const chosen = Object.hasOwn(commands, first) ? { [first]: commands[first] } : commands
  for (const load of Object.values(chosen)) {
    const register = await load?.()
    register?.(program)
  }
  applySettings(program, ['leads'])
  return program
}

/** Subcommands copy the parent's settings before those are complete. Therefore they are set again. */
function applySettings(command: Command, path: readonly string[]): void {
  command
    .configureHelp({ ...helpStyle, helpWidth: helpWidth() })
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError(`See \`${path.join(' ')} --help\`.`)
  for (const child of command.commands) applySettings(child, [...path, child.name()])
}

/** Rewrites commander's usage errors without its jargon. */
export const rewordUsageError = (text: string): string =>
  text
    .replace(/^error: /, '')
    .replace(/^command-argument value '(.*)' is invalid for argument '(.*?)'\./s, "'$1' is not a valid <$2>.")
    .replace(/^option '(.*)' argument '(.*)' is invalid\./s, "option '$1' cannot be '$2'.")

const version = (): string =>
  (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version

const helpStyle: Partial<Help> = {
  sortSubcommands: false,
  sortOptions: false,
  showGlobalOptions: false,
  // Repeatable options start with an empty collection, which is not a useful default to show.
  optionDescription: (option) => new Help().optionDescription(option).replace(' (default: {})', ''),
}

/** A pipe has no width: scripts and the docs read the same text everywhere. */
function helpWidth(): number {
  return process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns, 110)) : NARROW
}

const exitCodeHelp = `
Exit codes:
${Object.entries(exitCodes)
  .sort(([, a], [, b]) => a.code - b.code)
  .map(([, { code, meaning }]) => `  ${String(code).padEnd(5)}${meaning}`)
  .join('\n')}

--json prints one JSON value on standard output, and errors as JSON on standard
error. NO_COLOR=1 turns colors off; a pipe never gets any.
Settings come from the environment, then from the file .env in this folder, then
from the stack that \`leads start\` runs here. \`leads config\` lists them.

With --url these commands work on a deployed API: leads, syncs, import, export,
keys, and sync --queue.`
