import { type Command, InvalidArgumentError } from 'commander'

export interface LeadFilters {
  filter: Record<string, string[]>
  search?: string
}

/** The filters of the API, for the commands that choose leads. */
export function addLeadFilters(command: Command): Command {
  return command
    .option(
      '-f, --filter <column=value>',
      'only leads that fit, e.g. country=India, lead_score=gte:50, email=is:not_null, tags=has:hotel (may be repeated)',
      collectFilter,
      {},
    )
    .option('-q, --search <words>', 'only leads with words that begin so in name, e-mail, company, title or tags')
}

function collectFilter(text: string, filters: Record<string, string[]>): Record<string, string[]> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Write it as column=value.')
  const column = text.slice(0, at).trim()
  return { ...filters, [column]: [...(filters[column] ?? []), text.slice(at + 1)] }
}
