import type { Command } from 'commander'
import { parseFilter } from '../commands/option-parsers.ts'

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
      parseFilter,
      {},
    )
    .option('-q, --search <words>', 'only leads with words that begin so in name, e-mail, company, title or tags')
}
