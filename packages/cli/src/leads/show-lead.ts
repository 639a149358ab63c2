import { listLeadEvents } from '@leads/core/events/list'
import { getLead } from '@leads/core/leads/get'
import { colours } from '../output/colours.ts'
import { plain, time } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { withDatabase } from '../session.ts'
import { cursor_secret } from './cursor.ts'

export async function showLead(id: number, { raw, json }: { raw?: boolean; json?: boolean }): Promise<void> {
  const lead = await withDatabase((db) => getLead(db, id, { include_deleted: true, include: ['company', 'source'] }))
  const { raw_data, company, lead_source, ...fields } = lead
  if (json) {
    printJson(raw ? lead : { ...fields, company, lead_source })
    return
  }
  const { bold } = colours()
  print(renderFields(filled(fields)))
  if (company) print('', bold('Company'), renderFields(filled(company)))
  if (lead_source) print('', bold('Source'), renderFields(filled(lead_source)))
  if (raw) print('', bold('Item'), JSON.stringify(raw_data, null, 2))
}

/** What says something: a lead has many columns, and most are empty. */
const filled = (row: object): [string, unknown][] =>
  Object.entries(row).filter(
    ([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0),
  )

export async function showHistory(id: number, { limit, json }: { limit: number; json?: boolean }): Promise<void> {
  const answer = await withDatabase((db) => listLeadEvents(db, id, { limit, cursor_secret }))
  if (json) {
    printJson(answer)
    return
  }
  print(
    renderTable(
      [
        ...[{ head: 'when (UTC)' }, { head: 'what' }, { head: 'by', shrinks: true }, { head: 'through' }],
        { head: 'change', shrinks: true },
      ],
      answer.data.map(({ event_timestamp, event_type, actor, event_source, changed_fields, event_data }) => [
        ...[time(event_timestamp), event_type, actor, event_source],
        changed_fields ? changesText(changed_fields) : plain(event_data),
      ]),
    ),
  )
}

const changesText = (changes: Record<string, { old: unknown; new: unknown }>): string =>
  Object.entries(changes)
    .map(([field, change]) => `${field}: ${plain(change.old) || '(empty)'} → ${plain(change.new) || '(empty)'}`)
    .join('; ')
