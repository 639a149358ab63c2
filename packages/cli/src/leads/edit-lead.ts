import { LeadPatch } from '@leads/core/leads/lead-inputs'
import { namesOfKind } from '@leads/core/model/columns'
import { editableColumns, leadColumns } from '@leads/core/model/lead-columns'
import { withBackend } from '../backend/with-backend.ts'
import { CommandError, describeError } from '../output/errors.ts'
import { formatValue, pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields } from '../output/table.ts'

export interface EditFlags {
  set: Record<string, string>
  json?: boolean
}

const numbers = new Set<string>([...namesOfKind(leadColumns, 'id'), ...namesOfKind(leadColumns, 'score')])
const flags = new Set<string>(namesOfKind(leadColumns, 'flag'))
const lists = new Set<string>(namesOfKind(leadColumns, 'text_list'))

/** Converts text of the command line to the value of a column. */
function parseValue(column: string, text: string): unknown {
  if (text === '') return lists.has(column) ? [] : flags.has(column) ? false : null
  if (numbers.has(column)) return Number(text)
  if (flags.has(column)) return text === 'true' ? true : text === 'false' ? false : text
  if (leadColumns[column as 'enrichment_data'].kind === 'json_object' || (lists.has(column) && text.startsWith('['))) {
    try {
      return JSON.parse(text)
    } catch {
      throw new CommandError('usage', `${column} is not valid JSON: ${text}`)
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
  if (Object.keys(set).length === 0)
    throw new CommandError('usage', 'Nothing to change. Use --set, e.g. --set lead_status=contacted (repeatable).')
  const unknown = Object.keys(set).filter((column) => !(editableColumns as readonly string[]).includes(column))
  if (unknown.length > 0)
    throw new CommandError('usage', `${unknown.join(', ')} cannot be edited. Columns: ${editableColumns.join(', ')}.`)
  const values = Object.fromEntries(Object.entries(set).map(([column, text]) => [column, parseValue(column, text)]))
  const patch = LeadPatch().safeParse(values)
  if (!patch.success)
    throw new CommandError(
      'usage',
      patch.error.issues.map((issue) => `${issue.path.join('.')}: ${describeIssue(issue)}`).join('\n'),
    )
  const { lead, version_before } = await withBackend((backend) => backend.updateLead(id, patch.data))
  if (json) {
    const { raw_data: _, ...shown } = lead
    printJson(shown)
    return
  }
  print(renderFields(Object.keys(set).map((column) => [column, formatValue(lead[column as keyof typeof lead])])))
  printNote(
    `${lead.version === version_before ? 'Nothing changed: lead' : 'Lead'} ${id} is at version ${lead.version}.`,
  )
}

/** Describes a schema error without type names. */
function describeIssue(issue: object & { message: string }): string {
  const { code, values, expected, origin, minimum, maximum } = issue as Record<string, unknown>
  const unit = origin === 'string' ? ' characters' : ''
  if (code === 'invalid_value' && Array.isArray(values)) return `one of ${values.join(', ')}`
  if (code === 'invalid_type' && expected === 'boolean') return 'true or false'
  if (code === 'invalid_type' && (expected === 'number' || expected === 'int')) return 'a whole number'
  if (code === 'too_big') return `at most ${String(maximum)}${unit}`
  if (code === 'too_small') return `at least ${String(minimum)}${unit}`
  return issue.message
}

/** Deletes or restores leads individually and reports each failure with its reason. */
export async function deleteOrRestoreLeads(
  what: 'delete' | 'restore',
  ids: readonly number[],
  { json }: { json?: boolean },
): Promise<void> {
  const done: number[] = []
  const failed: { id: number; message: string }[] = []
  let first: unknown
  await withBackend(async (backend) => {
    for (const id of ids) {
      try {
        await (what === 'delete' ? backend.removeLead(id) : backend.restoreLead(id))
        done.push(id)
      } catch (error) {
        if ((error as Error).name !== 'Problem') throw error
        first ??= error
        failed.push({ id, message: describeError(error).message })
      }
    }
  })
  if (json) printJson({ [what === 'delete' ? 'deleted' : 'restored']: done, failed })
  else if (done.length > 0) print(`${what === 'delete' ? 'Deleted' : 'Restored'} ${pluralize(done.length, 'lead')}.`)
  if (failed.length === 0) return
  throw new CommandError(describeError(first).reason, failed.map(({ message }) => message).join('\n'))
}
