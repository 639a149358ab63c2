import { readConfig } from '@leads/core/config/read-config'
import { parseEngineName } from '@leads/core/database/engine-names'
import { maskPassword } from '@leads/core/database/mask-password'
import type { Command } from 'commander'
import type { LocalSettings } from '../local/local-settings.ts'
import type { LocalStack } from '../local/local-stack.ts'
import { getColors } from '../output/colors.ts'
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
  return readConfig(['server', 'database', 'log', 'apify', 'webhook', 'sync', 'cleanup', 'api'], env)
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
  const settings = readLocalSettings()
  const config = readStartConfig(settings)
  const { loadMapper } = await import('@leads/core/mapping/load-mapper')
  loadMapper(config.MAPPINGS_FILE)
  const { APIFY_WEBHOOK_SECRET: webhook_secret } = config
  const { startLocalStack } = await import('../local/local-stack.ts')
  const { saveRunningStack, LOCAL_SETTINGS_FILE } = await import('../local/running-stack.ts')
  const { localAwsEnvironment } = await import('../stack/local-aws.ts')
  const api_key = config.LEADS_API_KEY ?? settings.api_key
  const stack = await startLocalStack({
    host: config.HOST,
    port: config.PORT,
    database_url: config.DATABASE_URL,
    api_key,
    webhook_secret,
    queue_directory: '.data/queue',
    ...(bundles ? { bundles_directory: await buildBundles(config.DATABASE_URL) } : {}),
    env: { LOG_LEVEL: process.env.LOG_LEVEL || 'WARN' },
  })
  const forget = saveRunningStack({
    ...localAwsEnvironment(stack.queue.endpoint),
    DATABASE_URL: config.DATABASE_URL,
    SYNC_QUEUE_URL: stack.queue.queue_url,
    APIFY_WEBHOOK_SECRET: webhook_secret,
  })
  const facts = { ...stackFacts(stack, config.DATABASE_URL), api_key, webhook_secret }
  if (json) printJson(facts)
  else if (!isStopped)
    printStackSummary(facts, config.LEADS_API_KEY ? 'from LEADS_API_KEY' : `stored in ${LOCAL_SETTINGS_FILE}`)
  await stop
  if (!json) print('\nStopping. Pages in progress are finished first …')
  forget()
  await stack.close()
  if (!json) print('Stopped. Queued runs are kept for the next start.')
}

const stackFacts = ({ url, webhook_url, queue }: LocalStack, database_url: string) => ({
  url,
  docs_url: `${url}/docs`,
  webhook_url,
  database_url: maskPassword(database_url),
  queue_url: queue.queue_url,
})

type Facts = ReturnType<typeof stackFacts> & { api_key: string; webhook_secret: string }

function printStackSummary(facts: Facts, key_source: string): void {
  const { url, docs_url, webhook_url, database_url, queue_url, api_key, webhook_secret } = facts
  const { bold, yellow } = getColors()
  const line = (name: string, value: string): void => print(`  ${name.padEnd(16)}${value}`)
  print(`${bold('Sales leads is running.')} Stop it with Ctrl-C.\n`)
  line('API', url)
  line('API docs', docs_url)
  line('API key', `${api_key}   (${key_source})`)
  line('Webhook', `POST ${webhook_url}`)
  line('  its header', `Authorization: Bearer ${webhook_secret}`)
  line('Database', database_url)
  line('Queue', `${queue_url}   (stored in .data/queue)`)
  if (!process.env.APIFY_TOKEN)
    print(`\n${yellow('APIFY_TOKEN is not set.')} Runs cannot be read from Apify until you restart with it.`)
  print(`\nTry: curl -H "Authorization: Bearer ${api_key}" "${url}/leads?limit=3"`)
}
