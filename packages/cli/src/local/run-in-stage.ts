import { CommandError } from '../output/errors.ts'

/** Answer of the admin function (functions/handlers/admin.ts). */
interface AdminResponse {
  exit_code: number
  stdout: string
  stderr: string
}

/** Commands that need no database of the stage, or files of this machine. */
const LOCAL_COMMANDS = new Set(['completion', 'config', 'demo', 'help', 'map', 'start', 'webhook'])

/** The function that runs commands next to the database of a stage, or null where this machine reaches the database. */
export function findAdminFunction(env: NodeJS.ProcessEnv = process.env): string | null {
  // In the admin function itself the command has arrived.
  if (!env.SST_RESOURCE_Admin || !env.DATABASE_URL || env.AWS_LAMBDA_FUNCTION_NAME) return null
  // A created database is behind its proxy, which has private addresses only.
  if (!/\.proxy-[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/.test(env.DATABASE_URL)) return null
  const { name } = JSON.parse(env.SST_RESOURCE_Admin) as { name?: string }
  return name ?? null
}

/** Whether a command has to run next to the database rather than here. */
export const runsInStage = (words: readonly string[]): boolean =>
  words.length > 0 &&
  !words.includes('--deploy') &&
  !LOCAL_COMMANDS.has(words[0] ?? '') &&
  !words.some((word) => /^(-h|--help|-V|--version)$/.test(word))

/**
 * Runs a command in the stage and prints what it printed.
 * @throws CommandError where it needs a file of this machine, or the function cannot be invoked
 */
export async function runInStage(function_name: string, words: readonly string[], author: string): Promise<void> {
  assertNoFiles(words)
  const { InvokeCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
  // A command may take 15 minutes, and one that has begun is not started a second time.
  const client = new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: 910_000 } })
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({ FunctionName: function_name, Payload: JSON.stringify({ words, author }) }),
    )
    const text = Payload ? Buffer.from(Payload).toString() : '{}'
    if (FunctionError) throw new CommandError('failed', `${function_name} failed: ${text.slice(0, 500)}`)
    const { exit_code, stdout, stderr } = JSON.parse(text) as AdminResponse
    process.stderr.write(stderr)
    process.stdout.write(stdout)
    process.exitCode = exit_code
  } finally {
    client.destroy()
  }
}

function assertNoFiles(words: readonly string[]): void {
  const [command, next] = words
  if (command === 'import' && next !== undefined && !['list', 'show', 'undo'].includes(next))
    throw new CommandError(
      'configuration',
      'The database of this stage is only reached from inside AWS, where your file is not. Import it over the API: ' +
        'POST /imports, docs/imports.md.',
    )
  if (words.some((word) => /^(-o|--output|--rejects)(=|$)/.test(word)))
    throw new CommandError(
      'configuration',
      'The command runs inside AWS and cannot write a file here. Leave the option out and redirect standard output.',
    )
}
