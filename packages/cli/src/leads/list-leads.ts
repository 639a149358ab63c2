import { leadListDefinition } from '@leads/core/leads/list-leads'
import { withBackend } from '../backend/with-backend.ts'
import { toUnknownFilterError } from '../export/run-export.ts'
import { formatTime } from '../output/format.ts'
import type { LeadFilters } from '../output/lead-filters.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderTable } from '../output/table.ts'

export interface ListFlags extends LeadFilters {
  sort?: string
  limit: number
  cursor?: string
  includeDeleted?: boolean
  json?: boolean
}

export async function runListLeads(flags: ListFlags): Promise<void> {
  const { filter, search, sort, limit, cursor, includeDeleted, json } = flags
  const unknown = Object.keys(filter).filter((column) => !Object.hasOwn(leadListDefinition.filters, column))
  if (unknown.length > 0) throw toUnknownFilterError(unknown)
  const answer = await withBackend((backend) =>
    backend.listLeads({ filters: filter, q: search, sort, limit, cursor, include_deleted: includeDeleted }),
  )
  if (json) {
    printJson(answer)
    return
  }
  if (answer.data.length === 0) {
    const isAll = Object.keys(filter).length === 0 && search === undefined
    print(isAll ? 'There are no leads yet. Run `leads sync RUN_ID` or `leads import FILE.csv`.' : 'No lead matches.')
    return
  }
  print(
    renderTable(
      [
        { head: 'id', align: 'right' as const },
        { head: 'name', shrinks: true },
        { head: 'company', shrinks: true },
        { head: 'email', shrinks: true },
        { head: 'phone' },
        { head: 'place', shrinks: true },
        { head: 'status' },
        { head: 'created (UTC)', is_optional: true },
      ],
      answer.data.map((lead) => [
        lead.id,
        lead.full_name,
        lead.company_name,
        lead.email,
        lead.phone,
        [lead.city, lead.country].filter(Boolean).join(', '),
        lead.is_deleted ? 'deleted' : lead.lead_status,
        formatTime(lead.created_at ?? null).slice(0, 10),
      ]),
    ),
  )
  if (answer.next_cursor !== null) printNote('', `More leads: --cursor ${answer.next_cursor}`)
}
