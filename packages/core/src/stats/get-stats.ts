import { type RawBuilder, sql } from 'kysely'
import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { createUnlimitedQuery, type RunQuery } from '../database/time-limit.ts'
import { lazily } from '../model/lazily.ts'
import { type CountedColumn, DAY_S, QUARTERS_PER_DAY, toLeadValue } from './count-rows.ts'
import { hasLeadCounts } from './lead-counts.ts'
import { selectCounts, selectFirstDay } from './read-lead-counts.ts'

const Counts = lazily(() => z.array(z.object({ value: z.string().nullable(), leads_count: z.int() })))

export const Stats = lazily(() =>
  z.object({
    leads_count: z.int().meta({ description: 'Active leads created in the period.' }),
    by_lead_status: Counts(),
    by_enrichment_status: Counts(),
    by_country: Counts().meta({ description: 'The 50 countries with the most leads.' }),
    by_source: Counts(),
    by_day: z
      .array(z.object({ day: z.string(), leads_count: z.int() }))
      .meta({ description: 'The last 90 days with leads.' }),
    funnel: z
      .array(z.object({ lead_status: z.string(), leads_count: z.int(), share: z.number() }))
      .meta({ description: 'Leads that reached at least this stage, and their share of all leads.' }),
    by_actor: z
      .array(
        z.object({
          actor_id: z.string().nullable(),
          actor_name: z.string().nullable(),
          runs_count: z.int(),
          total_records: z.int(),
          synced_records: z.int(),
          duplicate_records: z.int(),
          failed_records: z.int(),
          cost_usd: z.number().nullable(),
          cost_per_new_lead_usd: z.number().nullable(),
        }),
      )
      .meta({ description: 'Yield of each Actor and its cost per new lead.' }),
  }),
)
export type Stats = z.infer<ReturnType<typeof Stats>>

export interface StatsInput {
  /** Start of the period (inclusive). */
  since?: Date | undefined
  /** End of the period (exclusive). */
  until?: Date | undefined
}

const GROUPS_MAX = 50
const DAYS_MAX = 90
const stages = ['new', 'contacted', 'qualified', 'converted'] as const

type Count = z.infer<ReturnType<typeof Counts>>[number]

/** Computes statistics of leads and runs: from the counts that the database keeps, or else from the leads. */
export async function getStats(
  db: Db,
  input: StatsInput = {},
  run: RunQuery = createUnlimitedQuery(db),
): Promise<Stats> {
  const period: RawBuilder<unknown>[] = []
  if (input.since) period.push(sql`created_at >= ${input.since}`)
  if (input.until) period.push(sql`created_at < ${input.until}`)
  const where = sql`where ${sql.join([sql`not is_deleted`, ...period], sql` and `)}`
  const counts = (await readCounts(db, run, input)) ?? (await countLeads(db, run, where, period.length === 0))
  const { by_lead_status } = counts
  return {
    leads_count: by_lead_status.reduce((sum, { leads_count }) => sum + leads_count, 0),
    ...counts,
    funnel: buildFunnel(by_lead_status),
    by_actor: await countByActor(run, where),
  }
}

type LeadCounts = Pick<Stats, 'by_lead_status' | 'by_enrichment_status' | 'by_country' | 'by_source' | 'by_day'>

interface KeptCount {
  /** `day` or a counted column. */
  dimension: string
  value: string
  leads_count: number
}

const dimensions = ['lead_status', 'enrichment_status', 'source', 'country'] as const satisfies readonly CountedColumn[]

/** Leads of a day are the sum over any column. This one has the fewest values. */
const dayColumn = 'source'

/** Returns undefined where the database keeps no counts, or none of such a short period. */
async function readCounts(db: Db, run: RunQuery, input: StatsInput): Promise<LeadCounts | undefined> {
  const totals = selectCounts(db, { ...input, columns: dimensions })
  const ofDays = selectCounts(db, {
    ...input,
    columns: [dayColumn],
    longest_s: DAY_S,
    first_day: selectFirstDay(db, input, dayColumn, DAYS_MAX),
  })
  if (!totals || !ofDays || !(await hasLeadCounts(db))) return undefined
  const rows = await run(sql<KeptCount>`
    select dimension, value, sum(leads_count) as leads_count from (${totals}) as totals
    group by dimension, value having sum(leads_count) <> 0
    union all
    select 'day', to_char(to_timestamp(day * 86400) at time zone 'UTC', 'YYYY-MM-DD'), leads_count
    from (
      select floor(quarter / ${sql.lit(QUARTERS_PER_DAY)}::float8) as day, sum(leads_count) as leads_count
      from (${ofDays}) as days group by 1 having sum(leads_count) <> 0
      order by 1 desc limit ${sql.lit(DAYS_MAX)}
    ) as days`)
  const of = (name: string): KeptCount[] => rows.filter(({ dimension }) => dimension === name)
  const countsOf = (name: CountedColumn): Count[] =>
    sortCounts(new Map(of(name).map(({ value, leads_count }) => [toLeadValue(value), Number(leads_count)])))
  return {
    by_lead_status: countsOf('lead_status'),
    by_enrichment_status: countsOf('enrichment_status'),
    by_country: countsOf('country'),
    by_source: countsOf('source'),
    by_day: of('day')
      .map(({ value, leads_count }) => ({ day: value, leads_count: Number(leads_count) }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
  }
}

/**
 * Counts the leads. Country, status and day come from one pass over an index that contains all three. The table, 2 KB per
 * lead, is read only for the other counts of a period. One scan per count took 280 ms at 100,000 leads.
 */
async function countLeads(
  db: Db,
  run: RunQuery,
  where: RawBuilder<unknown>,
  isUnlimited: boolean,
): Promise<LeadCounts> {
  const groups = await countGroups(db, run, where)
  const ofColumn = (column: string): Promise<Count[]> =>
    isUnlimited ? countAll(run, column) : countBy(run, column, where)
  return {
    by_lead_status: sumByValue(groups, ({ lead_status }) => lead_status),
    by_enrichment_status: await ofColumn('enrichment_status'),
    by_country: sumByValue(groups, ({ country }) => country),
    by_source: await ofColumn('source'),
    by_day: sumByDay(groups),
  }
}

interface Group {
  country: string | null
  lead_status: string
  day: string
  leads_count: number
}

async function countGroups(db: Db, run: RunQuery, where: RawBuilder<unknown>): Promise<Group[]> {
  const day = db.engine.utcDay('created_at')
  const rows = await run(sql<Group>`
    select country, lead_status, ${day} as day, count(*) as leads_count from sales_leads ${where}
    group by country, lead_status, ${day}`)
  return rows.map((row) => ({ ...row, leads_count: Number(row.leads_count) }))
}

/** Returns the first {@link GROUPS_MAX} counts: most leads first, then by value, null last. */
function sumByValue(groups: readonly Group[], read: (group: Group) => string | null): Count[] {
  const counts = new Map<string | null, number>()
  for (const group of groups) counts.set(read(group), (counts.get(read(group)) ?? 0) + group.leads_count)
  return sortCounts(counts)
}

function sortCounts(counts: ReadonlyMap<string | null, number>): Count[] {
  return [...counts]
    .map(([value, leads_count]) => ({ value, leads_count }))
    .filter(({ leads_count }) => leads_count > 0)
    .sort((a, b) => b.leads_count - a.leads_count || compareValues(a.value, b.value))
    .slice(0, GROUPS_MAX)
}

const compareValues = (a: string | null, b: string | null): number =>
  a === null || b === null ? Number(a === null) - Number(b === null) : a < b ? -1 : 1

function sumByDay(groups: readonly Group[]): Stats['by_day'] {
  const days = new Map<string, number>()
  for (const { day, leads_count } of groups) days.set(day, (days.get(day) ?? 0) + leads_count)
  return [...days]
    .map(([day, leads_count]) => ({ day, leads_count }))
    .sort((a, b) => (a.day < b.day ? -1 : 1))
    .slice(-DAYS_MAX)
}

async function countBy(run: RunQuery, column: string, where: RawBuilder<unknown>): Promise<Count[]> {
  const name = sql.ref(column)
  const rows = await run(sql<Count>`
    select ${name} as value, count(*) as leads_count from sales_leads ${where} group by ${name}`)
  return sortCounts(new Map(rows.map(({ value, leads_count }) => [value, Number(leads_count)])))
}

/** Counts all rows by an index, minus the deleted rows, which are few and have a separate index. */
async function countAll(run: RunQuery, column: string): Promise<Count[]> {
  const name = sql.ref(column)
  const rows = await run(sql<Count>`
    select value, sum(leads_count) as leads_count from (
      select ${name} as value, count(*) as leads_count from sales_leads group by ${name}
      union all
      select ${name} as value, -count(*) as leads_count from sales_leads where is_deleted group by ${name}
    ) as counts group by value`)
  return sortCounts(new Map(rows.map(({ value, leads_count }) => [value, Number(leads_count)])))
}

function buildFunnel(counts: z.infer<ReturnType<typeof Counts>>): Stats['funnel'] {
  const of = (stage: string): number => counts.find(({ value }) => value === stage)?.leads_count ?? 0
  const all = stages.reduce((sum, stage) => sum + of(stage), 0)
  return stages.map((lead_status, index) => {
    const leads_count = stages.slice(index).reduce((sum, stage) => sum + of(stage), 0)
    return { lead_status, leads_count, share: all === 0 ? 0 : Math.round((leads_count / all) * 10_000) / 10_000 }
  })
}

const accountingColumns = ['total_records', 'synced_records', 'duplicate_records', 'failed_records'] as const

/** What the ranges of a run have read is added to its row when they are complete. */
async function countByActor(run: RunQuery, where: RawBuilder<unknown>): Promise<Stats['by_actor']> {
  const open = (column: string): RawBuilder<unknown> => sql.ref(`open_${column}`)
  const ofRanges = sql.join(accountingColumns.map((column) => sql`sum(${sql.ref(column)}) as ${open(column)}`))
  const sums = sql.join(
    accountingColumns.map((column) => {
      const name = sql.ref(column)
      return sql`sum(${name} + coalesce(${open(column)}, 0)) as ${name}`
    }),
  )
  const rows = await run(sql<Stats['by_actor'][number]>`
    select actor_id, max(actor_name) as actor_name, count(*) as runs_count, ${sums}, sum(cost_usd) as cost_usd
    from apify_sync_states
    left join (
      select run_id as open_run_id, ${ofRanges} from apify_sync_ranges group by run_id
    ) as open_ranges on open_run_id = run_id
    ${where}
    group by actor_id order by sum(synced_records + coalesce(open_synced_records, 0)) desc, actor_id limit ${sql.lit(GROUPS_MAX)}`)
  return rows.map((row) => {
    const synced_records = Number(row.synced_records)
    const cost_usd = row.cost_usd === null ? null : Number(row.cost_usd)
    return {
      actor_id: row.actor_id,
      actor_name: row.actor_name,
      runs_count: Number(row.runs_count),
      total_records: Number(row.total_records),
      synced_records,
      duplicate_records: Number(row.duplicate_records),
      failed_records: Number(row.failed_records),
      cost_usd,
      cost_per_new_lead_usd:
        cost_usd === null || synced_records === 0 ? null : Math.round((cost_usd / synced_records) * 1e6) / 1e6,
    }
  })
}
