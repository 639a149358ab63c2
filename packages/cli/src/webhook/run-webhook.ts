import { installWebhook, listDispatches, listWebhooks } from '@leads/core/apify/webhooks'
import { readConfig } from '@leads/core/config/config'
import { colours } from '../output/colours.ts'
import { CommandError } from '../output/errors.ts'
import { time } from '../output/format.ts'
import { note, print, printJson } from '../output/print.ts'
import { renderFields, renderTable } from '../output/table.ts'

interface InstallFlags {
  actor: string
  url: string
  json?: boolean
}

const outcomes = {
  created: 'The webhook was made.',
  updated: 'The webhook was there; its events and secret are as they should be now.',
  unchanged: 'The webhook was there and is as it should be.',
}

export async function install({ actor, url, json }: InstallFlags): Promise<void> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CommandError('usage', `${url} is no address. Give one such as https://api.example.com/webhooks/apify.`)
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
  note('', outcomes[webhook.outcome])
  if (/^(127\.|localhost|\[::1\])/.test(new URL(url).hostname))
    note('Apify cannot reach an address of this machine: give a public one, or one of a tunnel.')
}

interface StatusFlags {
  actor?: string
  limit: number
  json?: boolean
}

export async function status({ actor, limit, json }: StatusFlags): Promise<void> {
  const config = readConfig(['apify'])
  const webhooks = await listWebhooks(config, actor?.replace('/', '~'))
  const found = []
  for (const webhook of webhooks)
    found.push({ ...webhook, dispatches: await listDispatches(config, webhook.webhook_id, limit) })
  if (found.some(({ dispatches }) => dispatches[0]?.dispatch_status === 'FAILED')) process.exitCode = 1
  if (json) {
    printJson(found)
    return
  }
  if (found.length === 0) {
    print('There is no webhook. `leads webhook install --actor ACTOR --url ADDRESS` makes one.')
    return
  }
  const { bold, red } = colours()
  for (const [index, { dispatches, ...webhook }] of found.entries()) {
    if (index > 0) print('')
    print(bold(`${webhook.webhook_id} → ${webhook.request_url}`))
    if (dispatches.length === 0) {
      print('It has not sent anything yet.')
      continue
    }
    print(
      renderTable(
        [
          ...[{ head: 'when (UTC)' }, { head: 'event' }, { head: 'run', is_whole: true }, { head: 'state' }],
          ...[
            { head: 'tries', align: 'right' as const },
            { head: 'answer', align: 'right' as const },
          ],
          { head: 'error', shrinks: true },
        ],
        dispatches.map((dispatch) => [
          ...[time(dispatch.created_at).slice(0, 16), dispatch.event_type.replace('ACTOR.RUN.', ''), dispatch.run_id],
          ...[dispatch.dispatch_status, dispatch.attempts, dispatch.response_status, dispatch.error_message],
        ]),
      ),
    )
    const failed = dispatches.filter(({ dispatch_status }) => dispatch_status === 'FAILED').length
    if (failed > 0) note(red(`${failed} failed. \`leads reconcile\` finds the runs that they were about.`))
  }
}
