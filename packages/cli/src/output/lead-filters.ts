import type { Command } from 'commander'
import { parseFilter } from '../commands/option-parsers.ts'

export interface LeadFilters {
  filter: Record<string, string[]>
  search?: string
}

/** Adds the API's lead filters to a command. */
export function addLeadFilters(command: Command): Command {
  return command
    .option(
      '-f, --filter <column=value>',
      'only matching leads, e.g. country=India, lead_score=gte:50, email=is:not_null, tags=has:hotel (repeatable)',
      parseFilter,
      {},
    )
    .option('-q, --search <words>', 'only leads with words that start like this in name, email, company, title or tags')
}
