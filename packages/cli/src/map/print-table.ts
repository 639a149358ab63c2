import type { MappedCompany, MappedLead, MappedSource } from '@leads/core/model/mapped-item'
import Table from 'cli-table3'
import { formatValue, pluralize } from '../output/format.ts'
import { print } from '../output/print.ts'

interface Row {
  index: number
  outcome: string
  reason: string | null
  lead: MappedLead | null
  company: MappedCompany | null
  source: MappedSource | null
}

const HEAD = ['#', 'who', 'contact', 'company', 'place and identity', 'quality']
/** Columns of fixed width: number, quality, and the seven lines between and around. */
const FIXED = [6, 9]
const WIDTH_MIN = 72
/** How the rest of the terminal is shared out. */
const SHARES = [0.2, 0.26, 0.24, 0.3]

/** A table of what people look for first, as wide as the terminal, and below it how many items became leads. */
export function printMappedItems(rows: readonly Row[], width: number = process.stdout.columns ?? 120): void {
  const free = Math.max(WIDTH_MIN, width) - FIXED.reduce((sum, columns) => sum + columns, HEAD.length + 1)
  const table = new Table({
    head: HEAD,
    colWidths: [FIXED[0] ?? 6, ...SHARES.map((share) => Math.floor(free * share)), FIXED[1] ?? 9],
    style: { head: [], border: [] },
    wordWrap: true,
    wrapOnWordBoundary: false,
  })
  for (const { index, reason, lead, source } of rows) {
    if (lead === null) {
      table.push([index, { content: formatValue(`rejected: ${reason ?? ''}`), colSpan: HEAD.length - 1 }])
      continue
    }
    table.push([
      index,
      lines(lead.full_name, lead.title),
      lines(lead.email, lead.phone),
      lines(lead.company_name, lead.company_domain),
      lines([lead.city, lead.state, lead.country].filter((part) => part !== null).join(', '), lead.external_id),
      source?.data_quality_score ?? '',
    ])
  }
  const leads = rows.filter((row) => row.lead !== null).length
  print(table.toString(), `${pluralize(leads, 'lead')}, ${rows.length - leads} rejected`)
}

function lines(...texts: (string | null)[]): string {
  return texts
    .filter((text) => text !== null && text !== '')
    .map(formatValue)
    .join('\n')
}
