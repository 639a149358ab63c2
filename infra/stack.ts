import './admin.ts'
import './alarms.ts'
import { getAccount } from './account.ts'
import { api } from './api.ts'
import { consumerConcurrency } from './consumers.ts'
import { alarmTopic } from './create-alarm.ts'
import { dashboard } from './dashboard.ts'
import { region } from './names.ts'
import { deadLetterQueue, syncQueue } from './queues.ts'
import { settings } from './settings.ts'

/** Imported modules create all resources. The rest prints what the operator needs next. */
export function createStack() {
  const account = getAccount()
  return {
    account: `${account.account_id}, ${account.region}`,
    api: api.url,
    webhook: $interpolate`${api.url}/webhooks/apify`,
    webhook_headers_template: '{"Authorization": "Bearer <the secret ApifyWebhookSecret>"}',
    docs: $interpolate`${api.url}/docs`,
    actors: process.env.APIFY_ACTOR_IDS === '*' ? 'every Actor of the Apify account' : process.env.APIFY_ACTOR_IDS,
    sync_queue: syncQueue.url,
    dead_letter_queue: deadLetterQueue.url,
    alarm_topic: alarmTopic.arn,
    dashboard: $interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`,
    ...describeDomain(),
    ...describeConcurrency(account.concurrency),
  }
}

/** With a certificate of your own you also set the DNS record; this is what it points to. */
function describeDomain() {
  if (!settings.API_DOMAIN || !settings.API_DOMAIN_CERTIFICATE_ARN) return {}
  const target = api.nodes.domainName.domainNameConfiguration.targetDomainName
  return { dns_record: $interpolate`${settings.API_DOMAIN} CNAME ${target}` }
}

function describeConcurrency(quota: number | undefined) {
  if (consumerConcurrency === settings.CONSUMER_CONCURRENCY) return {}
  return {
    concurrency_note:
      `${consumerConcurrency} runs are imported at once instead of ${settings.CONSUMER_CONCURRENCY}: this account may run ` +
      `${quota} functions at once. Raise "Concurrent executions" under Service Quotas → AWS Lambda, then deploy again.`,
  }
}
