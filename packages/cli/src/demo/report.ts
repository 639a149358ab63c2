import type { Sync } from '@leads/core/model/sync'
import Table from 'cli-table3'
import { renderTable } from '../output/table.ts'
import type { DemoRun } from './runs.ts'

const plain = { head: [], border: [] }
const number = (value: number): string => value.toLocaleString('en')

/** Renders read = new + duplicate + rejected for each run. */
export function renderAccounting(runs: readonly DemoRun[], syncs: readonly Sync[]): string {
  const table = new Table({
    head: ['run', 'read', '=', 'new', '+', 'duplicate', '+', 'rejected'],
    colAligns: ['left', 'right', 'center', 'right', 'center', 'right', 'center', 'right'],
    style: plain,
  })
  syncs.forEach(({ total_records, synced_records, duplicate_records, failed_records }, index) => {
    table.push([
      runs[index]?.title ?? '',
      number(total_records),
      '=',
      number(synced_records),
      '+',
      number(duplicate_records),
      '+',
      number(failed_records),
    ])
  })
  return table.toString()
}

export interface ShownLead {
  id: number
  full_name: string | null
  company_name: string | null
  title: string | null
  industry: string | null
  email: string | null
  phone: string | null
  city: string | null
  country: string | null
}

export function renderLeads(leads: readonly ShownLead[]): string {
  return renderTable(
    [
      { head: 'id', align: 'right' as const },
      { head: 'name', shrinks: true },
      { head: 'title or industry', shrinks: true },
      { head: 'email or phone', shrinks: true },
      { head: 'place', shrinks: true },
    ],
    leads.map(({ id, full_name, company_name, title, industry, email, phone, city, country }) => [
      id,
      full_name ?? company_name,
      title ?? industry,
      email ?? phone,
      [city, country].filter(Boolean).join(', '),
    ]),
  )
}

export interface ShownEvent {
  event_type: string
  event_timestamp: string
  actor: string | null
  event_data: Record<string, unknown> | null
  changed_fields: Record<string, { old: unknown; new: unknown }> | null
}

/** Renders events oldest first, one line per changed field. */
export function renderHistory(events: readonly ShownEvent[]): string[] {
  return [...events].reverse().flatMap(({ event_type, event_timestamp, actor, event_data, changed_fields }) => {
    const time = event_timestamp.slice(0, 19).replace('T', ' ')
    const run = event_data?.run_id ? ` by run ${String(event_data.run_id)}` : ''
    const head = `${time}  ${event_type.padEnd(8)} ${actor ?? ''}${run}`
    const changes = Object.entries(changed_fields ?? {}).map(
      ([field, change]) => `${' '.repeat(21)}${field}: ${JSON.stringify(change.old)} → ${JSON.stringify(change.new)}`,
    )
    return [head, ...changes]
  })
}
