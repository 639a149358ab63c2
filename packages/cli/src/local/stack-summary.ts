import { maskPassword } from '@leads/core/database/mask-password'
import { getColors } from '../output/colors.ts'
import { print } from '../output/print.ts'
import type { LocalStack } from './local-stack.ts'
import { LOCAL_SETTINGS_FILE } from './running-stack.ts'

/** Addresses and secrets of a running local stack. A secret that came from the environment is null: it is not repeated. */
export interface StackSummary {
  url: string
  docs_url: string
  console_url: string | null
  webhook_url: string
  database_url: string
  queue_url: string
  api_key: string | null
  webhook_secret: string | null
}

export function summarizeStack(
  { url, console_url, webhook_url, queue, api_key }: LocalStack,
  settings: { database_url: string; webhook_secret: string | null; is_key_given: boolean },
): StackSummary {
  return {
    url,
    docs_url: `${url}/docs`,
    console_url,
    webhook_url,
    database_url: maskPassword(settings.database_url),
    queue_url: queue.queue_url,
    api_key: settings.is_key_given ? null : api_key,
    webhook_secret: settings.webhook_secret,
  }
}

/** A secret goes to a terminal only. Elsewhere, e.g. in a journal, many others could read it. */
const isShown = (secret: string | null): secret is string => secret !== null && process.stdout.isTTY === true

/** Returns the link that signs a browser in: the key is in the fragment, which a browser does not send to a server. */
export const createSignInUrl = (console_url: string, api_key: string | null): string =>
  isShown(api_key) ? `${console_url}#key=${encodeURIComponent(api_key)}` : console_url

/** Returns a curl command for a path of the API. */
export const renderCurl = (url: string, path: string, api_key: string | null): string =>
  `curl -H "Authorization: Bearer ${isShown(api_key) ? api_key : '$LEADS_API_KEY'}" "${url}${path}"`

function renderSecret(secret: string | null, variable: string): string {
  if (secret === null) return `from ${variable}`
  return isShown(secret) ? `${secret}   (stored in ${LOCAL_SETTINGS_FILE})` : `stored in ${LOCAL_SETTINGS_FILE}`
}

export function printStackSummary(summary: StackSummary): void {
  const { url, docs_url, console_url, webhook_url, database_url, queue_url, api_key, webhook_secret } = summary
  const { bold, yellow } = getColors()
  const lines: [string, string][] = [
    ...(console_url === null ? [] : [['Console', createSignInUrl(console_url, api_key)] as [string, string]]),
    ['API', url],
    ['API docs', docs_url],
    ['API key', renderSecret(api_key, 'LEADS_API_KEY')],
    ['Webhook', `POST ${webhook_url}`],
    [
      '  Authorization',
      isShown(webhook_secret)
        ? `Bearer ${webhook_secret}`
        : `Bearer … (${renderSecret(webhook_secret, 'APIFY_WEBHOOK_SECRET')})`,
    ],
    ['Database', database_url],
    ['Queue', `${queue_url}   (stored in .data/queue)`],
  ]
  print(`${bold('Sales leads is running.')} Stop it with Ctrl-C.\n`)
  print(...lines.map(([name, value]) => `  ${name.padEnd(16)}${value}`))
  if (!process.env.APIFY_TOKEN)
    print(`\n${yellow('APIFY_TOKEN is not set.')} Runs cannot be read from Apify until you restart with it.`)
  print(`\nTry: ${renderCurl(url, '/leads?limit=3', api_key)}`)
}
