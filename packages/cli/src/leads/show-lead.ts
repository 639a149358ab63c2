import { stringifyJson } from '@leads/core/stringify-json'
import { withBackend } from '../backend/with-backend.ts'
import { getColors } from '../output/colors.ts'
import { formatTime, formatValue } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { wrap } from '../output/wrap.ts'

export async function showLead(id: number, { raw, json }: { raw?: boolean; json?: boolean }): Promise<void> {
  const lead = await withBackend((backend) => backend.getLead(id))
  const { raw_data, company, lead_source, ...fields } = lead
  if (json) {
    printJson(raw ? lead : { ...fields, company, lead_source })
    return
  }
  const { bold } = getColors()
  print(renderFields(listFilledFields(fields)))
  if (company) print('', bold('Company'), renderFields(listFilledFields(company)))
  if (lead_source) print('', bold('Source'), renderFields(listFilledFields(lead_source)))
  if (raw) print('', bold('Item'), stringifyJson(raw_data, 2))
}

/** Returns the fields with a value; most columns of a lead are empty. */
const listFilledFields = (row: object): [string, unknown][] =>
  Object.entries(row).filter(
    ([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0),
  )

export async function showHistory(id: number, { limit, json }: { limit: number; json?: boolean }): Promise<void> {
  const answer = await withBackend((backend) => backend.listLeadEvents(id, limit))
  if (json) {
    printJson(answer)
    return
  }
  const { bold } = getColors()
  const width = Math.max(...answer.data.map(({ event_type }) => event_type.length))
  for (const { event_timestamp, event_type, actor, event_source, changed_fields, event_data } of answer.data) {
    const author = [`by ${actor ?? 'unknown'}`, `through ${event_source}`, ...describeRun(event_data)].join(', ')
    print(`${formatTime(event_timestamp)}  ${bold(event_type.padEnd(width))}  ${author}`)
    for (const [field, change] of Object.entries(changed_fields ?? {}))
      print(
        `${INDENT}${wrap(`${field}: ${formatChange(change.old)} → ${formatChange(change.new)}`, INDENT.length + 2)}`,
      )
  }
  if (answer.next_cursor !== null) printNote('', `The newest ${limit} are shown; --limit shows more. Times are UTC.`)
}

/** Aligns the changes below the event type. */
const INDENT = ' '.repeat('2026-01-31 12:00:00  '.length)

const formatChange = (value: unknown): string => formatValue(value) || '(empty)'

const describeRun = (event_data: Record<string, unknown> | null): string[] =>
  typeof event_data?.run_id === 'string' ? [`run ${event_data.run_id}`] : []
