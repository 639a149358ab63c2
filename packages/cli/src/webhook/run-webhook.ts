import { installWebhook, listDispatches, listWebhooks, type WebhookDispatch } from '@leads/core/apify/manage-webhooks'
import { readConfig } from '@leads/core/config/read-config'
import { getSettingSource } from '../local/settings-sources.ts'
import { getColors } from '../output/colors.ts'
import { CommandError } from '../output/errors.ts'
import { formatTime } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { wrap } from '../output/wrap.ts'

interface InstallFlags {
  actor: string
  url: string
  json?: boolean
}

const outcomeMessages = {
  created: 'The webhook was created.',
  updated: 'The webhook existed; its events and secret were updated.',
  unchanged: 'The webhook existed and is up to date.',
}

export async function runWebhookInstall({ actor, url, json }: InstallFlags): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CommandError(
      'usage',
      `${url} is not a valid URL. Give one such as https://api.example.com/webhooks/apify.`,
    )
  const config = readConfig(['apify', 'webhook'])
  const webhook = await installWebhook(config, {
    actor: actor.replace('/', '~'),
    request_url: url,
    secret: config.APIFY_WEBHOOK_SECRET,
  })
  if (json) {
    printJson(webhook)
    return
  }
  print(
    renderFields([
      ['webhook', webhook.webhook_id],
      ['Actor', actor],
      ['address', webhook.request_url],
      ['events', webhook.event_types.map((type) => type.replace('ACTOR.RUN.', '')).join(', ')],
    ]),
  )
  printNote('', outcomeMessages[webhook.outcome])
  if (/^(127\.|localhost|\[::1\])/.test(new URL(url).hostname))
    printNote('Apify cannot reach an address of this machine. Use a public URL, or that of a tunnel.')
  const secret_from = getSettingSource('APIFY_WEBHOOK_SECRET')
  if (secret_from) printNote(`The secret comes from the ${secret_from}. The receiver must have the same secret.`)
  if (webhook.others.length > 0)
    printNote(
      'This Actor has webhooks to other URLs. Delete outdated ones in the Apify Console:',
      ...webhook.others.map(({ webhook_id, request_url }) => `  ${webhook_id}  ${request_url}`),
    )
}

interface StatusFlags {
  actor?: string
  limit: number
  json?: boolean
}

export async function runWebhookStatus({ actor, limit, json }: StatusFlags): Promise<void> {
  const config = readConfig(['apify'])
  const webhooks = await listWebhooks(config, actor?.replace('/', '~'))
  const found = []
  for (const webhook of webhooks)
    found.push({ ...webhook, dispatches: await listDispatches(config, webhook.webhook_id, limit) })
  if (found.some(({ dispatches }) => dispatches[0] !== undefined && isFailing(dispatches[0]))) process.exitCode = 1
  if (json) {
    printJson(found)
    return
  }
  if (found.length === 0) {
    const where = actor === undefined ? '' : ` of Actor ${actor}`
    print(`There is no webhook${where}. \`leads webhook install --actor ACTOR --url ADDRESS\` creates one.`)
    return
  }
  const { bold } = getColors()
  const { red } = getColors(process.stderr)
  let anyFailing = false
  for (const [index, { dispatches, ...webhook }] of found.entries()) {
    if (index > 0) print('')
    print(bold(`${webhook.webhook_id} → ${webhook.request_url}`), `for Actor ${webhook.actor_id ?? '(any)'}`)
    if (dispatches.length === 0) {
      print('No deliveries yet.')
      continue
    }
    print(
      renderTable(
        [
          { head: 'time (UTC)' },
          { head: 'event' },
          { head: 'run', is_never_cut: true },
          { head: 'state' },
          { head: 'attempts', align: 'right' as const },
          { head: 'response', align: 'right' as const },
          { head: 'error', shrinks: true },
        ],
        dispatches.map((dispatch) => [
          formatTime(dispatch.created_at).slice(0, 16),
          dispatch.event_type.replace('ACTOR.RUN.', ''),
          dispatch.run_id,
          getDispatchState(dispatch),
          dispatch.attempts,
          dispatch.response_status,
          dispatch.error_message,
        ]),
      ),
    )
    const failing = dispatches.filter(isFailing)
    if (failing[0]) printNote(red(wrap(`${failing.length} failed: ${describeFailure(failing[0])}`, 0, process.stderr)))
    anyFailing ||= failing.length > 0
  }
  if (anyFailing) printNote('', '`leads reconcile` queues the runs they reported.')
}

/** Failed permanently, or only failed attempts up to now. Apify retries for 32 hours, too long to wait for. */
const isFailing = ({ dispatch_status, attempts, response_status, error_message }: WebhookDispatch): boolean =>
  dispatch_status === 'FAILED' ||
  (dispatch_status === 'ACTIVE' && attempts > 0 && (error_message !== null || (response_status ?? 0) >= 300))

const getDispatchState = (dispatch: WebhookDispatch): string =>
  dispatch.dispatch_status === 'ACTIVE' ? (isFailing(dispatch) ? 'retrying' : 'pending') : dispatch.dispatch_status

/** Describes the latest failure and its fix. */
function describeFailure({ response_status, error_message }: WebhookDispatch): string {
  if (response_status === 401 || response_status === 403)
    return `the receiver rejected the secret (${response_status}). Run \`leads webhook install\` with the receiver's APIFY_WEBHOOK_SECRET.`
  if (response_status === 404) return 'the receiver has no such path (404). The URL must end in /webhooks/apify.'
  if (response_status !== null) return `the receiver answered ${response_status}. See its log.`
  return `the receiver was not reached (${error_message ?? 'no response'}). Check that it runs and that its URL is public.`
}
