import type { Command } from 'commander'
import type { EditFlags } from '../leads/edit-lead.ts'
import type { ListFlags } from '../leads/list-leads.ts'
import { addLeadFilters } from '../output/lead-filters.ts'
import { parseAssignment, parseId, parseIds, parseLimit } from './option-parsers.ts'

/** `leads leads list | show | edit | delete | restore | unmerge | history`. */
export function registerLeads(program: Command): void {
  const leads = program.command('leads').description('list, show and edit leads')
  registerReads(leads)
  registerChanges(leads)
}

function registerReads(leads: Command): void {
  addLeadFilters(leads.command('list').description('list leads, newest first'))
    .option('--sort <column>', 'created_at, updated_at, lead_score or id; prefix - for descending order')
    .option('--limit <rows>', 'how many to show', parseLimit, 20)
    .option('--cursor <cursor>', 'next_cursor of the previous page')
    .option('--include-deleted', 'include deleted leads')
    .option('--json', 'print one JSON object: data and next_cursor')
    .addHelpText(
      'after',
      `
Examples:
  $ leads leads list --filter country=India --filter lead_status=new
  $ leads leads list --search "acme" --json`,
    )
    .action(async (flags: ListFlags) => {
      const { runListLeads } = await import('../leads/list-leads.ts')
      await runListLeads(flags)
    })

  leads
    .command('show')
    .description('show one lead with its company and source')
    .argument('<id>', 'id of the lead', parseId)
    .option('--raw', 'include the scraped item')
    .option('--json', 'print one JSON object')
    .action(async (id: number, flags: { raw?: boolean; json?: boolean }) => {
      const { showLead } = await import('../leads/show-lead.ts')
      await showLead(id, flags)
    })

  leads
    .command('history')
    .description('show the history of a lead, newest first')
    .argument('<id>', 'id of the lead', parseId)
    .option('--limit <rows>', 'how many to show', parseLimit, 50)
    .option('--json', 'print one JSON object: data and next_cursor')
    .action(async (id: number, flags: { limit: number; json?: boolean }) => {
      const { showHistory } = await import('../leads/show-lead.ts')
      await showHistory(id, flags)
    })
}

function registerChanges(leads: Command): void {
  leads
    .command('edit')
    .description('edit columns of a lead; later imports do not overwrite them')
    .argument('<id>', 'id of the lead', parseId)
    .requiredOption(
      '-s, --set <column=value>',
      'set a column to a value; "column=" clears it (repeatable)',
      parseAssignment,
      {},
    )
    .option('--json', 'print the lead as JSON')
    .addHelpText(
      'after',
      `
Write lists as JSON or comma-separated. Examples:
  $ leads leads edit 7 --set lead_status=contacted --set "notes=Call again in May"
  $ leads leads edit 7 --set tags=hotel,spa --set phone=`,
    )
    .action(async (id: number, flags: EditFlags) => {
      const { editLead } = await import('../leads/edit-lead.ts')
      await editLead(id, flags)
    })

  leads
    .command('unmerge')
    .description('undo the merge of a lead; later changes of the other lead are kept')
    .argument('<id>', 'id of the merged lead', parseId)
    .option('--json', 'print one JSON object')
    .action(async (id: number, flags: { json?: boolean }) => {
      const { runUnmerge } = await import('../duplicates/decide-pairs.ts')
      await runUnmerge(id, flags)
    })

  for (const [name, what] of [
    ['delete', 'delete leads; they can be restored until the cleanup removes them'],
    ['restore', 'restore deleted leads'],
  ] as const)
    leads
      .command(name)
      .description(what)
      .argument('<id...>', 'ids of leads', parseIds)
      .option('--json', 'print one JSON object')
      .action(async (ids: number[], flags: { json?: boolean }) => {
        const { deleteOrRestoreLeads } = await import('../leads/edit-lead.ts')
        await deleteOrRestoreLeads(name, ids, flags)
      })
}
