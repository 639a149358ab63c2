import { type Gateway, startGateway } from '@leads/cli/stack/gateway'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { functionManifest } from '@leads/functions/runtime/manifest'

const SECRET = 'bench-webhook-secret'

/** Where runs come in: the webhook's function behind the gateway, and the queue that it fills. */
export interface Front {
  queue: QueueServer
  /** Posts the webhook of a run that has ended, as Apify does. @throws Error unless it was accepted */
  post(run_id: string): Promise<void>
  close(): Promise<void>
}

export async function startFront(): Promise<Front> {
  const { timeout_s } = functionManifest['sync-consumer']
  const queue = await startQueueServer({ visibility_timeout_s: timeout_s })
  Object.assign(process.env, {
    ...localAwsEnvironment(queue.endpoint),
    SYNC_QUEUE_URL: queue.queue_url,
    APIFY_WEBHOOK_SECRET: SECRET,
    LOG_LEVEL: 'ERROR',
  })
  const { handler } = await import('@leads/functions/handlers/apify-webhook')
  const gateway: Gateway = await startGateway({
    port: 0,
    routes: [{ method: 'POST', path: '/webhooks/apify', function_name: 'apify-webhook', handler }],
  })
  return {
    queue,
    async post(run_id) {
      const response = await fetch(`${gateway.url}/webhooks/apify`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
        body: webhookBody(run_id),
      })
      const text = await response.text()
      if (response.status !== 202) throw new Error(`The webhook was answered ${response.status}: ${text}`)
    },
    async close() {
      await gateway.close()
      await queue.close()
    },
  }
}

/** The fields of Apify's default template. */
const webhookBody = (run_id: string): string =>
  JSON.stringify({
    userId: 'bench',
    createdAt: new Date().toISOString(),
    eventType: 'ACTOR.RUN.SUCCEEDED',
    eventData: { actorId: 'bench', actorRunId: run_id },
    resource: { id: run_id, status: 'SUCCEEDED' },
  })
