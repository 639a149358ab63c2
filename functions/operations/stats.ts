import { parseTime } from '@leads/core/lists/filter'
import { lazily } from '@leads/core/model/lazily'
import { getSeries, Series, SeriesInterval } from '@leads/core/stats/get-series'
import { getStats, Stats } from '@leads/core/stats/get-stats'
import { SeriesGroup, SeriesMeasure } from '@leads/core/stats/read-figures'
import { computeWithinTimeLimit } from '@leads/core/stats/within-time-limit'
import * as z from 'zod'
import { defineOperation, type Operation } from '../http/operation.ts'
import { rowResponse } from '../http/schemas.ts'

const TimeText = lazily(() =>
  z
    .string()
    .max(40)
    .transform((text, context) => {
      const time = parseTime(text)
      if (time) return time
      context.addIssue({ code: 'custom', message: 'an ISO 8601 time such as 2026-01-01T00:00:00Z' })
      return z.NEVER
    })
    .optional(),
)

const seriesExample = {
  measure: 'leads',
  interval: 'day',
  zone: 'Europe/Berlin',
  since: '2026-03-01T23:00:00.000Z',
  until: '2026-03-03T23:00:00.000Z',
  series: [{ key: 'India', is_other: false, total: 42, points: [{ start: '2026-03-02', value: 42 }] }],
} as const

const statsExample = {
  leads_count: 2,
  by_lead_status: [{ value: 'new', leads_count: 2 }],
  by_enrichment_status: [{ value: 'pending', leads_count: 2 }],
  by_country: [{ value: 'India', leads_count: 2 }],
  by_source: [{ value: 'apify', leads_count: 2 }],
  by_day: [{ day: '2026-03-02', leads_count: 2 }],
  funnel: [{ lead_status: 'new', leads_count: 2, share: 1 }],
  by_actor: [
    {
      actor_id: 'nwua9Gu5YrADL7ZDj',
      actor_name: 'compass/crawler-google-places',
      runs_count: 1,
      total_records: 3,
      synced_records: 2,
      duplicate_records: 1,
      failed_records: 0,
      cost_usd: 0.02,
      cost_per_new_lead_usd: 0.01,
    },
  ],
}

export const statsOperations: readonly Operation[] = [
  defineOperation('stats', {
    method: 'GET',
    path: '/stats/series',
    operation_id: 'getStatsSeries',
    has_replica_reads: true,
    tag: 'Stats',
    summary: 'Get figures per day or week',
    description:
      'Returns new leads, records of syncs, their cost, or the share of filled fields per interval in a time zone. ' +
      '`by` splits them into the ten largest groups and the rest; records, cost and fill_rate can be split by actor. ' +
      'Intervals without data are omitted. The period is the last 30 days by default and has at most 400 days. ' +
      'Figures that take long are up to a minute old; what takes over 20 s is answered with 503.',
    scope: 'read',
    get query() {
      return z.object({
        measure: SeriesMeasure(),
        by: SeriesGroup().optional(),
        interval: SeriesInterval().optional().meta({ description: 'Default: day.' }),
        since: TimeText().meta({ override: { type: 'string' }, description: 'Start of the period (inclusive).' }),
        until: TimeText().meta({
          override: { type: 'string' },
          description: 'End of the period (exclusive). Default: now.',
        }),
        zone: z
          .string()
          .max(60)
          .optional()
          .meta({ description: 'IANA time zone. Default: UTC.', example: 'Europe/Berlin' }),
      })
    },
    get answers() {
      return { 200: { ...rowResponse(Series(), 'The figures.'), example: seriesExample } }
    },
    async handle({ db, query }) {
      return {
        status: 200,
        body: await computeWithinTimeLimit(db, ['series', query], (run) => getSeries(db, query, run)),
      }
    },
  }),

  defineOperation('stats', {
    method: 'GET',
    path: '/stats',
    operation_id: 'getStats',
    has_replica_reads: true,
    tag: 'Stats',
    summary: 'Get statistics',
    description:
      'Counts leads by status, country, source and day. Returns the funnel, and the yield and cost per new lead of each Actor. ' +
      'Figures that take long are up to a minute old; what takes over 20 s is answered with 503.',
    scope: 'read',
    get query() {
      return z.object({
        since: TimeText().meta({ override: { type: 'string' }, description: 'Start of the period (inclusive).' }),
        until: TimeText().meta({ override: { type: 'string' }, description: 'End of the period (exclusive).' }),
      })
    },
    get answers() {
      return { 200: { ...rowResponse(Stats(), 'The counts.'), example: statsExample } }
    },
    async handle({ db, query }) {
      return {
        status: 200,
        body: await computeWithinTimeLimit(db, ['stats', query], (run) => getStats(db, query, run)),
      }
    },
  }),
]
