import { alarmTopic, dashboard } from './alarms.ts'
import { api } from './api.ts'
import { region } from './names.ts'
import { deadLetterQueue, syncQueue } from './queues.ts'

/** All resources are created where they are imported; what is left is to tell what a person needs next. */
export function createStack() {
  return {
    api: api.url,
    webhook: $interpolate`${api.url}/webhooks/apify`,
    webhook_headers_template: '{"Authorization": "Bearer <the secret ApifyWebhookSecret>"}',
    docs: $interpolate`${api.url}/docs`,
    sync_queue: syncQueue.url,
    dead_letter_queue: deadLetterQueue.url,
    alarm_topic: alarmTopic.arn,
    dashboard: $interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`,
  }
}
