import type { Db } from '@leads/core/database/engine'
import { listDuplicates } from '@leads/core/merges/list-duplicates'
import { type DuplicateDetail, showDuplicate } from '@leads/core/merges/show-duplicate'
import { DuplicateStatus } from '@leads/core/model/lead-duplicate'
import { CURSOR_SECRET } from '../leads/cursor.ts'
import { CommandError } from '../output/errors.ts'
import { formatValue } from '../output/format.ts'
import { print, printJson, printNote, writeWithBackpressure } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { withDatabase } from '../with-database.ts'

export interface ListPairsFlags {
  atLeast: number
  lead?: number
  status: string
  limit: number
  json?: boolean
}

const PAIRS_PER_READ = 500

export async function listPairs({ atLeast, lead, status, limit, json }: ListPairsFlags): Promise<void> {
  const parsed = DuplicateStatus().safeParse(status)
  if (!parsed.success) throw new CommandError('usage', `--status is one of ${DuplicateStatus.options.join(', ')}.`)
  const input = { at_least: atLeast, lead_id: lead, status: parsed.data, cursor_secret: CURSOR_SECRET }
  await withDatabase(async (db) => {
    if (json) {
      await printAllPairs(db, input)
      return
    }
    const { data, next_cursor } = await listDuplicates(db, { ...input, limit })
    if (data.length === 0) {
      print('No pairs. `leads duplicates find` compares leads that changed, `--all` all of them.')
      return
    }
    print(
      renderTable(
        [
          { head: 'certainty', align: 'right' },
          { head: 'lead', align: 'right' },
          { head: 'other', align: 'right' },
          { head: 'reasons', shrinks: true },
        ],
        data.map((pair) => [pair.certainty.toFixed(3), pair.lead_a, pair.lead_b, pair.reasons.join(', ')]),
      ),
    )
    if (next_cursor !== null) printNote('', `The first ${limit}; --limit shows more.`)
    printNote('', 'Compare: `leads duplicates show LEAD OTHER`.')
  })
}

async function printAllPairs(db: Db, input: Omit<Parameters<typeof listDuplicates>[1], 'cursor'>): Promise<void> {
  let cursor: string | undefined
  do {
    const page = await listDuplicates(db, { ...input, limit: PAIRS_PER_READ, cursor })
    const lines = page.data.map((pair) => `${JSON.stringify(pair)}\n`).join('')
    if (lines !== '') await writeWithBackpressure(process.stdout, lines)
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
}

export async function showPair(a: number, b: number, { json }: { json?: boolean }): Promise<void> {
  const detail = await withDatabase((db) => showDuplicate(db, a, b, { now: new Date() }))
  if (json) printJson(detail)
  else printSideBySide(detail)
}

/** Columns that tell nothing about who a lead is. */
const hiddenColumns = new Set(['id', 'import_hashes', 'raw_data', 'enrichment_data', 'created_by', 'updated_by'])

function printSideBySide({ lead_a, lead_b, certainty, duplicate_status, reasons, leads }: DuplicateDetail): void {
  const [one, other] = leads
  if (one === undefined || other === undefined) return
  const rows = Object.keys(one)
    .filter((column) => !hiddenColumns.has(column))
    .map((column) => {
      const [left, right] = [one, other].map((lead) => formatValue(lead[column as keyof typeof lead]))
      return [column, left, right]
    })
    .filter(([, left, right]) => left !== '' || right !== '')
  print(
    renderTable(
      [{ head: 'column' }, { head: `lead ${lead_a}`, shrinks: true }, { head: `lead ${lead_b}`, shrinks: true }],
      rows,
    ),
  )
  print('', `Certainty ${certainty.toFixed(3)} (${duplicate_status}): ${reasons.join(', ') || 'nothing in common'}.`)
  if (duplicate_status === 'open') {
    printNote(
      '',
      `Merge: \`leads duplicates merge ${lead_a} ${lead_b}\`. Not one: \`leads duplicates dismiss ${lead_a} ${lead_b}\`.`,
    )
  }
}
