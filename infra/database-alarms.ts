import { createAlarm } from './create-alarm.ts'
import type { CreatedDatabase } from './database.ts'
import { settings } from './settings.ts'

const GIB = 1024 ** 3

/** Memory of the smallest class of each size, in GiB: enough to estimate the connections that PostgreSQL allows. */
const memoryOfSize: Readonly<Record<string, number>> = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16 }

/** RDS allows one connection per 9,531,392 bytes of memory. */
function estimateConnectionsMax(instance: string): number {
  const size = instance.split('.')[1] ?? ''
  const factor = Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? 0)
  const memory_gib = factor > 0 ? 16 * factor : (memoryOfSize[size] ?? 1)
  return Math.floor((memory_gib * GIB) / 9_531_392)
}

/** Alarms of a created database. A database at DatabaseUrl is watched by its provider. */
export function createDatabaseAlarms(created: CreatedDatabase | undefined): aws.cloudwatch.MetricAlarm[] {
  if (!created) return []
  const metric = { namespace: 'AWS/RDS', dimensions: created.dimensions }
  const pinned = createAlarm('database-pinned', {
    description:
      'The proxy keeps database connections for single clients for half an hour, so more of them are needed. If ' +
      '"too many connections" appears in the logs, lower CONSUMER_CONCURRENCY.',
    namespace: 'AWS/RDS',
    metricName: 'DatabaseConnectionsCurrentlySessionPinned',
    dimensions: { ProxyName: created.proxy_name },
    statistic: 'Minimum',
    threshold: 5,
    periods: 6,
  })
  const cpu = createAlarm('database-cpu', {
    description: 'The database has been busy above 90 % for 15 minutes: choose a larger size, docs/deploy.md.',
    ...metric,
    metricName: 'CPUUtilization',
    statistic: 'Average',
    threshold: 90,
    periods: 3,
  })
  return [cpu, pinned, ...(created.kind === 'postgres' ? instanceAlarms(metric) : clusterAlarms(metric))]
}

interface Metric {
  namespace: string
  dimensions: Record<string, $util.Output<string>>
}

function instanceAlarms(metric: Metric): aws.cloudwatch.MetricAlarm[] {
  return [
    createAlarm('database-storage', {
      description:
        'Less than 2 GB of disk are free: AWS enlarges the disk up to DATABASE_STORAGE_MAX_GB only. Raise it and deploy.',
      ...metric,
      metricName: 'FreeStorageSpace',
      statistic: 'Minimum',
      threshold: 2 * GIB,
      comparison: 'LessThanThreshold',
    }),
    createAlarm('database-connections', {
      description:
        'The database has used four fifths of its connections for 15 minutes: lower CONSUMER_CONCURRENCY or choose a larger ' +
        'DATABASE_INSTANCE.',
      ...metric,
      metricName: 'DatabaseConnections',
      statistic: 'Maximum',
      threshold: Math.floor(estimateConnectionsMax(settings.DATABASE_INSTANCE) * 0.8),
      periods: 3,
    }),
  ]
}

function clusterAlarms(metric: Metric): aws.cloudwatch.MetricAlarm[] {
  return [
    createAlarm('database-capacity', {
      description: 'Aurora has been at its largest size for 15 minutes: raise DATABASE_ACU_MAX and deploy.',
      ...metric,
      metricName: 'ACUUtilization',
      statistic: 'Average',
      threshold: 95,
      periods: 3,
    }),
  ]
}
