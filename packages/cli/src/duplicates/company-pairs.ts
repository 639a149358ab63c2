import { dismissCompanyPair } from '@leads/core/merges/dismiss-duplicate'
import { listCompanyDuplicates } from '@leads/core/merges/list-duplicates'
import { type CompanyMergeResult, mergeCompanies } from '@leads/core/merges/merge-companies'
import { unmergeCompany } from '@leads/core/merges/unmerge-company'
import type { ChangeAuthor } from '@leads/core/model/change-author'
import { DuplicateStatus } from '@leads/core/model/lead-duplicate'
import { CURSOR_SECRET } from '../leads/cursor.ts'
import { CommandError } from '../output/errors.ts'
import { pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { currentAuthor, withDatabase } from '../with-database.ts'

const by = (): ChangeAuthor => ({ actor: currentAuthor(), event_source: 'cli', at: new Date() })

export interface ListCompanyPairsFlags {
  atLeast: number
  company?: number
  status: string
  limit: number
  cursor?: string
  json?: boolean
}

export async function listCompanyPairs(flags: ListCompanyPairsFlags): Promise<void> {
  const { atLeast, company, status, limit, cursor, json } = flags
  const parsed = DuplicateStatus().safeParse(status)
  if (!parsed.success) throw new CommandError('usage', `--status is one of ${DuplicateStatus.options.join(', ')}.`)
  const filter = { at_least: atLeast, company_id: company, status: parsed.data }
  const page = await withDatabase((db) =>
    listCompanyDuplicates(db, { ...filter, limit, cursor, cursor_secret: CURSOR_SECRET }),
  )
  if (json) {
    printJson(page)
    return
  }
  if (page.data.length === 0) {
    print('No pairs. `leads duplicates find` compares companies that changed.')
    return
  }
  print(
    renderTable(
      [
        { head: 'certainty', align: 'right' },
        { head: 'company', align: 'right' },
        { head: 'other', align: 'right' },
        { head: 'reasons', shrinks: true },
      ],
      page.data.map((pair) => [pair.certainty.toFixed(3), pair.company_a, pair.company_b, pair.reasons.join(', ')]),
    ),
  )
  if (page.next_cursor !== null) printNote('', `The first ${limit}; --limit shows more.`)
  printNote('', 'Merge: `leads duplicates companies merge COMPANY OTHER`.')
}

export async function runMergeCompanies(ids: readonly number[], { json }: { json?: boolean }): Promise<void> {
  const [keeper, ...others] = ids
  if (keeper === undefined || others.length === 0) {
    const example = '`leads duplicates companies merge 7 31`'
    throw new CommandError('usage', `Name the company that stays and at least one other: ${example}.`)
  }
  const results: CompanyMergeResult[] = []
  await withDatabase(async (db) => {
    for (const other of others) results.push(await mergeCompanies(db, keeper, other, by()))
  })
  if (json) {
    printJson(results)
    return
  }
  for (const { keeper_id, merged_id, moved_leads } of results) {
    print(`Merged company ${merged_id} into company ${keeper_id}, with ${pluralize(moved_leads, 'lead')}.`)
    printNote(`Undo: \`leads duplicates companies unmerge ${merged_id}\`.`)
  }
}

export async function runDismissCompanies(a: number, b: number, { json }: { json?: boolean }): Promise<void> {
  const pair = await withDatabase((db) => dismissCompanyPair(db, a, b, by()))
  if (json) printJson(pair)
  else print(`Companies ${pair.company_a} and ${pair.company_b} are noted as two.`)
}

export async function runUnmergeCompany(id: number, { json }: { json?: boolean }): Promise<void> {
  const result = await withDatabase((db) => unmergeCompany(db, id, by()))
  if (json) {
    printJson(result)
    return
  }
  print(`Company ${id} is separate from company ${result.keeper_id} again.`)
  if (result.kept_fields.length > 0)
    printNote(`Company ${result.keeper_id} keeps what was changed since the merge: ${result.kept_fields.join(', ')}.`)
}
