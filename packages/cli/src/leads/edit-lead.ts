import type { By } from '@leads/core/events/append'
import { editableFields, LeadPatch } from '@leads/core/leads/inputs'
import { removeLead, restoreLead } from '@leads/core/leads/remove'
import { updateLead } from '@leads/core/leads/update'
import { CommandError, describeError } from '../output/errors.ts'
import { plain, plural } from '../output/format.ts'
import { note, print, printJson } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { commandActor, withDatabase } from '../session.ts'

export interface EditFlags {
  set: Record<string, string>
  json?: boolean
}

const by = (): By => ({ actor: commandActor(), event_source: 'cli', at: new Date() })

const numbers = new Set<string>(['company_id', 'lead_score'])
const flags = new Set<string>(['email_verified', 'phone_verified'])
const lists = new Set<string>(['additional_emails', 'additional_phones', 'tags'])

/** The value of a column as its text on the command line means it. */
function parseValue(column: string, text: string): unknown {
  if (text === '') return lists.has(column) ? [] : flags.has(column) ? false : null
  if (numbers.has(column)) return Number(text)
  if (flags.has(column)) return text === 'true' ? true : text === 'false' ? false : text
  if (column === 'enrichment_data' || (lists.has(column) && text.startsWith('['))) {
    try {
      return JSON.parse(text)
    } catch {
      throw new CommandError('usage', `${column} is no JSON: ${text}`)
    }
  }
  return lists.has(column)
    ? text
        .split(',')
        .map((entry) => entry.trim())
        .filter(Boolean)
    : text
}

export async function editLead(id: number, { set, json }: EditFlags): Promise<void> {
  const unknown = Object.keys(set).filter((column) => !(editableFields as readonly string[]).includes(column))
  if (unknown.length > 0)
    throw new CommandError('usage', `${unknown.join(', ')} cannot be edited. Columns: ${editableFields.join(', ')}.`)
  const values = Object.fromEntries(Object.entries(set).map(([column, text]) => [column, parseValue(column, text)]))
  const patch = LeadPatch.safeParse(values)
  if (!patch.success)
    throw new CommandError(
      'usage',
      patch.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    )
  const lead = await withDatabase((db) => updateLead(db, id, patch.data, by()))
  if (json) {
    const { raw_data: _, ...shown } = lead
    printJson(shown)
    return
  }
  print(renderFields(Object.keys(set).map((column) => [column, plain(lead[column as keyof typeof lead])])))
  note(`Lead ${id} is at version ${lead.version}.`)
}

/** Deletes or restores leads one by one; says which did not work, and why. */
export async function changeLeads(
  what: 'delete' | 'restore',
  ids: readonly number[],
  { json }: { json?: boolean },
): Promise<void> {
  const done: number[] = []
  const failed: { id: number; message: string }[] = []
  let first: unknown
  await withDatabase(async (db) => {
    for (const id of ids) {
      try {
        await (what === 'delete' ? removeLead(db, id, by()) : restoreLead(db, id, by()))
        done.push(id)
      } catch (error) {
        if ((error as Error).name !== 'Problem') throw error
        first ??= error
        failed.push({ id, message: describeError(error).message })
      }
    }
  })
  if (json) printJson({ [what === 'delete' ? 'deleted' : 'restored']: done, failed })
  else if (done.length > 0) print(`${what === 'delete' ? 'Deleted' : 'Restored'} ${plural(done.length, 'lead')}.`)
  if (failed.length === 0) return
  throw new CommandError(describeError(first).reason, failed.map(({ message }) => message).join('\n'))
}
