import { dismissDuplicate } from '@leads/core/merges/dismiss-duplicate'
import { mergeCertain } from '@leads/core/merges/merge-certain'
import { type MergeResult, mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import type { ChangeAuthor } from '@leads/core/model/change-author'
import { CommandError } from '../output/errors.ts'
import { pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { currentAuthor, withDatabase } from '../with-database.ts'

const by = (): ChangeAuthor => ({ actor: currentAuthor(), event_source: 'cli', at: new Date() })

interface MergeFlags {
  certain?: boolean
  json?: boolean
}

export async function runMerge(ids: readonly number[], { certain, json }: MergeFlags): Promise<void> {
  if (certain) {
    if (ids.length > 0) throw new CommandError('usage', 'Give either numbers of leads or --certain, not both.')
    await mergeAllCertain(json)
    return
  }
  const [keeper, ...others] = ids
  if (keeper === undefined || others.length === 0) {
    throw new CommandError('usage', 'Name the lead that stays and at least one other: `leads duplicates merge 12 40`.')
  }
  const results: MergeResult[] = []
  await withDatabase(async (db) => {
    for (const other of others) results.push(await mergeLeads(db, keeper, other, by()))
  })
  if (json) printJson(results)
  else for (const result of results) printMerge(result)
}

function printMerge({ keeper_id, merged_id, changed_fields }: MergeResult): void {
  const fields = Object.keys(changed_fields)
  print(`Merged lead ${merged_id} into lead ${keeper_id}.${fields.length > 0 ? ` Filled: ${fields.join(', ')}.` : ''}`)
  printNote(`Undo: \`leads unmerge ${merged_id}\`.`)
}

async function mergeAllCertain(json: boolean | undefined): Promise<void> {
  const result = await withDatabase((db) =>
    withInterrupt('Merges made up to now are saved. Run the command again to continue.', (signal) =>
      mergeCertain({ db, by, onMerged: () => signal.throwIfAborted() }),
    ),
  )
  if (json) printJson(result)
  else print(`Merged ${pluralize(result.merged, 'lead')}.`)
}

export async function runDismiss(a: number, b: number, { json }: { json?: boolean }): Promise<void> {
  const pair = await withDatabase((db) => dismissDuplicate(db, a, b, by()))
  if (json) printJson(pair)
  else print(`Leads ${pair.lead_a} and ${pair.lead_b} are noted as two.`)
}

export async function runUnmerge(id: number, { json }: { json?: boolean }): Promise<void> {
  const result = await withDatabase((db) => unmergeLead(db, id, by()))
  if (json) {
    printJson(result)
    return
  }
  print(`Lead ${id} is separate from lead ${result.keeper_id} again.`)
  if (result.kept_fields.length > 0) {
    printNote(`Lead ${result.keeper_id} keeps what was changed since the merge: ${result.kept_fields.join(', ')}.`)
  }
}
