import { checkApify, checkWebhookSecret } from './check-apify.ts'
import { checkLeadCounts } from './check-lead-counts.ts'
import { diagnose, serviceChecks } from './diagnose.ts'
import type { Env, Finding } from './finding.ts'

/** Checks everything that the product depends on: what the API can check, the counts of leads, and Apify with the webhook's secret. */
export function diagnoseAll(env: Env = process.env): Promise<Finding[]> {
  return diagnose(env, [
    ...serviceChecks,
    ['lead_counts', checkLeadCounts],
    ['apify', checkApify],
    ['webhook', checkWebhookSecret],
  ])
}
