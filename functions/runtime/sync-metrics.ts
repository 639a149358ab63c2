import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import type { Sync } from '@leads/core/model/sync'
import type { RangeOutcome, SyncOutcome } from '@leads/core/syncs/run-sync'
import type { SQSRecord } from 'aws-lambda'

/** Metrics of one invocation, printed as one CloudWatch line (embedded metric format). */
export interface SyncMetrics {
  countPage(after: Sync, before: Sync): void
  /** Without an outcome if the sync was interrupted. The pages written before still count. */
  publish(outcome: SyncOutcome | RangeOutcome | undefined, options: { is_chain_ended: boolean }): void
}

/** POWERTOOLS_METRICS_DISABLED=true disables them, as in the local stack. */
export function startSyncMetrics(record: SQSRecord): SyncMetrics {
  const metrics = new Metrics({
    namespace: process.env.POWERTOOLS_METRICS_NAMESPACE ?? 'SalesLeads',
    serviceName: 'sync-consumer',
  })
  const started = Date.now()
  const counts = { ItemsRead: 0, LeadsNew: 0, ItemsDuplicate: 0, ItemsRejected: 0 }
  return {
    countPage(after, before) {
      counts.ItemsRead += after.total_records - before.total_records
      counts.LeadsNew += after.synced_records - before.synced_records
      counts.ItemsDuplicate += after.duplicate_records - before.duplicate_records
      counts.ItemsRejected += after.failed_records - before.failed_records
    },
    publish(outcome, { is_chain_ended }) {
      for (const [name, count] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, count)
      metrics.addMetric('QueueAge', MetricUnit.Seconds, (started - Number(record.attributes.SentTimestamp)) / 1000)
      metrics.addMetric('SyncDuration', MetricUnit.Milliseconds, Date.now() - started)
      if (outcome?.outcome === 'completed' && outcome.sync.finished_at !== null) {
        const lag_s = (Date.now() - Date.parse(outcome.sync.finished_at)) / 1000
        // A message that found no new items does not measure the delay of the run.
        if (counts.ItemsRead > 0) metrics.addMetric('SyncLag', MetricUnit.Seconds, lag_s)
      }
      if (is_chain_ended) metrics.addMetric('ChainsEnded', MetricUnit.Count, 1)
      metrics.publishStoredMetrics()
    },
  }
}
