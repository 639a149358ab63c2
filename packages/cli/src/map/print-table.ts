import type { MappedCompany, MappedLead, MappedSource } from '@leads/core/mapping/types'
import Table from 'cli-table3'

interface Row {
  index: number
  outcome: string
  reason: string | null
  lead: MappedLead | null
  company: MappedCompany | null
  source: MappedSource | null
}

/** A table of what people look for first, and below it how many items became leads. */
export function printTable(rows: readonly Row[]): void {
  const table = new Table({
    head: ['#', 'name', 'title', 'e-mail', 'phone', 'company', 'domain', 'place', 'external id', 'quality'],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
  })
  for (const { index, reason, lead, source } of rows) {
    if (lead === null) {
      table.push([index, { content: `rejected: ${reason ?? ''}`, colSpan: 9 }])
      continue
    }
    const place = [lead.city, lead.state, lead.country].filter((part) => part !== null).join(', ')
    const cells = [
      lead.full_name,
      lead.title,
      lead.email,
      lead.phone,
      lead.company_name,
      lead.company_domain,
      place,
      lead.external_id,
    ]
    table.push([index, ...cells.map((cell) => short(cell)), source?.data_quality_score ?? ''])
  }
  const leads = rows.filter((row) => row.lead !== null).length
  process.stdout.write(`${table.toString()}\n${leads} leads, ${rows.length - leads} rejected\n`)
}

function short(text: string | null): string {
  return text === null ? '' : text.length > 40 ? `${text.slice(0, 39)}…` : text
}
