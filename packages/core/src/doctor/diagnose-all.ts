import { checkApify, checkWebhookSecret } from './check-apify.ts'
import { diagnose, serviceChecks } from './diagnose.ts'
import type { Env, Finding } from './finding.ts'

/** Checks everything that the product depends on: what the API can check, and Apify with the webhook's secret. */
export function diagnoseAll(env: Env = process.env): Promise<Finding[]> {
  return diagnose(env, [...serviceChecks, ['apify', checkApify], ['webhook', checkWebhookSecret]])
}
