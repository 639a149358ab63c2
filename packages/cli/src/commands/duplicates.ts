import type { Command } from 'commander'
import type { ListCompanyPairsFlags } from '../duplicates/company-pairs.ts'
import type { FindFlags } from '../duplicates/run-find.ts'
import type { ListPairsFlags } from '../duplicates/show-pairs.ts'
import { parseCertainty, parseId, parseIds, parseLimit } from './option-parsers.ts'

/** `leads duplicates find | list | show | merge | dismiss | companies`. */
export function registerDuplicates(program: Command): void {
  const duplicates = program.command('duplicates').description('find, review and merge duplicate leads')

  duplicates
    .command('find')
    .description('compare leads and companies that changed since the last pass, and store likely duplicates')
    .option('--all', 'compare all leads; an interrupted pass resumes')
    .option('--json', 'print one JSON object')
    .action(async (flags: FindFlags) => {
      const { runFind } = await import('../duplicates/run-find.ts')
      await runFind(flags)
    })

  duplicates
    .command('list')
    .description('list likely duplicates with their reasons, the most certain first')
    .option('--at-least <certainty>', 'from 0 to 1; 0.5 means more likely than not', parseCertainty, 0.5)
    .option('--lead <id>', 'only pairs of this lead', parseId)
    .option('--status <status>', 'open, merged or dismissed', 'open')
    .option('--limit <pairs>', 'how many to show', parseLimit, 20)
    .option('--json', 'print all of them, one JSON object per line')
    .action(async (flags: ListPairsFlags) => {
      const { listPairs } = await import('../duplicates/show-pairs.ts')
      await listPairs(flags)
    })

  duplicates
    .command('show')
    .description('show two leads side by side, with the reasons of the match')
    .argument('<a>', 'id of a lead', parseId)
    .argument('<b>', 'id of the other lead', parseId)
    .option('--json', 'print one JSON object')
    .action(async (a: number, b: number, flags: { json?: boolean }) => {
      const { showPair } = await import('../duplicates/show-pairs.ts')
      await showPair(a, b, flags)
    })

  registerDecisions(duplicates)
  registerCompanies(duplicates)
}

function registerDecisions(duplicates: Command): void {
  duplicates
    .command('merge')
    .description('merge leads into the first one: its values stay, its empty fields are filled')
    .argument('[ids...]', 'number of the lead that stays, then those that go into it', parseIds)
    .option('--certain', 'merge all pairs that are certain, instead')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
A merge can be undone at any time: \`leads unmerge ID\`, with the number of
the lead that went.

Examples:
  $ leads duplicates merge 12 40
  $ leads duplicates merge --certain`,
    )
    .action(async (ids: number[] | undefined, flags: { certain?: boolean; json?: boolean }) => {
      const { runMerge } = await import('../duplicates/decide-pairs.ts')
      await runMerge(ids ?? [], flags)
    })

  duplicates
    .command('dismiss')
    .description('note that two leads are not one; the pair is not listed again')
    .argument('<a>', 'id of a lead', parseId)
    .argument('<b>', 'id of the other lead', parseId)
    .option('--json', 'print one JSON object')
    .action(async (a: number, b: number, flags: { json?: boolean }) => {
      const { runDismiss } = await import('../duplicates/decide-pairs.ts')
      await runDismiss(a, b, flags)
    })
}

/** `leads duplicates companies list | merge | dismiss | unmerge`. */
function registerCompanies(duplicates: Command): void {
  const companies = duplicates.command('companies').description('review and merge duplicate companies')

  companies
    .command('list')
    .description('list companies that may be one, the most certain first')
    .option('--at-least <certainty>', 'from 0 to 1; 0.5 means more likely than not', parseCertainty, 0.5)
    .option('--company <id>', 'only pairs of this company', parseId)
    .option('--status <status>', 'open, merged or dismissed', 'open')
    .option('--limit <pairs>', 'how many to show', parseLimit, 20)
    .option('--cursor <cursor>', 'next_cursor of the previous page')
    .option('--json', 'print one JSON object: data and next_cursor')
    .action(async (flags: ListCompanyPairsFlags) => {
      const { listCompanyPairs } = await import('../duplicates/company-pairs.ts')
      await listCompanyPairs(flags)
    })

  companies
    .command('merge')
    .description('merge companies into the first one: it gets their leads, and its empty fields are filled')
    .argument('<ids...>', 'number of the company that stays, then those that go into it', parseIds)
    .option('--json', 'print one JSON object')
    .action(async (ids: number[], flags: { json?: boolean }) => {
      const { runMergeCompanies } = await import('../duplicates/company-pairs.ts')
      await runMergeCompanies(ids, flags)
    })

  companies
    .command('dismiss')
    .description('note that two companies are not one; the pair is not listed again')
    .argument('<a>', 'id of a company', parseId)
    .argument('<b>', 'id of the other company', parseId)
    .option('--json', 'print one JSON object')
    .action(async (a: number, b: number, flags: { json?: boolean }) => {
      const { runDismissCompanies } = await import('../duplicates/company-pairs.ts')
      await runDismissCompanies(a, b, flags)
    })

  companies
    .command('unmerge')
    .description('undo the merge of a company; later changes of the other company are kept')
    .argument('<id>', 'id of the merged company', parseId)
    .option('--json', 'print one JSON object')
    .action(async (id: number, flags: { json?: boolean }) => {
      const { runUnmergeCompany } = await import('../duplicates/company-pairs.ts')
      await runUnmergeCompany(id, flags)
    })
}
