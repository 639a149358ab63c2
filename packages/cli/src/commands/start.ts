import { readConfig } from '@leads/core/config/read-config'
import { parseEngineName } from '@leads/core/database/engine-names'
import type { Command } from 'commander'
import type { LocalSettings } from '../local/local-settings.ts'
import type { LocalStack } from '../local/local-stack.ts'
import { print, printJson } from '../output/print.ts'
import { waitForInterrupt } from '../output/wait-for-interrupt.ts'

interface StartFlags {
  bundles?: boolean
  json?: boolean
}

/** `leads start`: the local stack until Ctrl-C. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('run the local stack: API, webhook, queue, consumers and schedules on this machine')
    .option('--json', 'print one JSON object when it is ready: addresses, API key and webhook secret')
    .option('--bundles', 'build and run the deployment bundles, each function in its own process')
    .addHelpText(
      'after',
      `
Reads its settings from the environment (see docs/configuration.md). Missing
secrets are generated and stored in .data/.

Examples:
  $ npm start
  $ APIFY_TOKEN=apify_api_… PORT=8080 npm start
  $ DATABASE_URL=postgres://user:password@localhost:5432/leads npm start`,
    )
    .action(runUntilStopped)
}

/**
 * Reads the settings of all functions, so that a failed start lists every invalid variable at once. The token may be
 * missing; a missing secret is taken from the local settings.
 */
function readStartConfig(settings: LocalSettings) {
  const env = { ...process.env }
  env.APIFY_TOKEN ||= 'none'
  env.APIFY_WEBHOOK_SECRET ||= settings.webhook_secret
  return readConfig(['server', 'database', 'log', 'apify', 'webhook', 'sync', 'duplicates', 'cleanup', 'api'], env)
}

/** Builds the bundles for the engine of the database. Needs the development packages. */
async function buildBundles(database_url: string): Promise<string> {
  const { buildFunctions, bundlesDirectory } = await import('../../../../infra/build/bundle.ts')
  const engine = parseEngineName(database_url)
  await buildFunctions(engine)
  return bundlesDirectory(engine)
}

async function runUntilStopped({ bundles = false, json = false }: StartFlags): Promise<void> {
  // Registered first, so that Ctrl-C during the start also stops the stack in order.
  const stop = waitForInterrupt()
  let isStopped = false
  void stop.then(() => {
    isStopped = true
  })
  const { readLocalSettings } = await import('../local/local-settings.ts')
  const config = readStartConfig(readLocalSettings())
  const { loadMapper } = await import('@leads/core/mapping/load-mapper')
  loadMapper(config.MAPPINGS_FILE)
  if (!bundles) {
    const { prepareConsole } = await import('../local/prepare-console.ts')
    await prepareConsole(() => !json && print('Building the console …'))
  }
  // Read before the start, which sets the variables of the functions in this process.
  const isSecretGiven = Boolean(process.env.APIFY_WEBHOOK_SECRET)
  const stack = await startStack(config, bundles)
  const forget = await saveForOtherCommands(stack, config)
  const { printStackSummary, summarizeStack } = await import('../local/stack-summary.ts')
  const summary = summarizeStack(stack, {
    database_url: config.DATABASE_URL,
    webhook_secret: isSecretGiven ? null : config.APIFY_WEBHOOK_SECRET,
    is_key_given: config.LEADS_API_KEY !== undefined,
  })
  if (json) printJson(summary)
  else if (!isStopped) printStackSummary(summary)
  await stop
  if (!json) print('\nStopping. Pages in progress are finished first …')
  forget()
  await stack.close()
  if (!json) print('Stopped. Queued runs are kept for the next start.')
}

type StartConfig = ReturnType<typeof readStartConfig>

async function startStack(config: StartConfig, bundles: boolean): Promise<LocalStack> {
  const [{ startLocalStack }, { readLocalSettings, replaceLocalApiKey }] = await Promise.all([
    import('../local/local-stack.ts'),
    import('../local/local-settings.ts'),
  ])
  return startLocalStack({
    host: config.HOST,
    port: config.PORT,
    database_url: config.DATABASE_URL,
    ...(config.LEADS_API_KEY === undefined
      ? { api_key: readLocalSettings().api_key, replaceApiKey: () => replaceLocalApiKey().api_key }
      : { api_key: config.LEADS_API_KEY }),
    webhook_secret: config.APIFY_WEBHOOK_SECRET,
    queue_directory: '.data/queue',
    ...(bundles ? { bundles_directory: await buildBundles(config.DATABASE_URL) } : {}),
    env: { LOG_LEVEL: process.env.LOG_LEVEL || 'WARN' },
  })
}

/** Lets commands in another terminal find the stack. Returns a function that ends this. */
async function saveForOtherCommands(stack: LocalStack, config: StartConfig): Promise<() => void> {
  const [{ saveRunningStack }, { localAwsEnvironment }] = await Promise.all([
    import('../local/running-stack.ts'),
    import('../stack/local-aws.ts'),
  ])
  return saveRunningStack({
    ...localAwsEnvironment(stack.queue.endpoint),
    DATABASE_URL: config.DATABASE_URL,
    SYNC_QUEUE_URL: stack.queue.queue_url,
    SYNC_LONG_QUEUE_URL: stack.queue.long_queue_url,
    APIFY_WEBHOOK_SECRET: config.APIFY_WEBHOOK_SECRET,
  })
}
