import type { ChangeEvent } from '../events/append-event.ts'
import type { Json } from '../model/fields.ts'
import { editableColumns, type LeadColumnsWith } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import type { LeadPatch } from './lead-inputs.ts'

type EditableColumn = LeadColumnsWith<'is_editable'>

import type { LeadDetail } from './lead-views.ts'

/** Converts a value to comparable JSON: the order of keys does not matter. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** Applies a merge patch (RFC 7396): merges objects by key, null removes a key, other values replace. */
export function applyMergePatch(target: unknown, patch: unknown): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch as Json
  const is_object = typeof target === 'object' && target !== null && !Array.isArray(target)
  const merged = new Map<string, unknown>(is_object ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, applyMergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged) as Json
}

/** Returns the fields that a patch changes, with old and new values. Empty if it changes nothing. */
export function diffLead(lead: LeadDetail, patch: LeadPatch): ChangedFields {
  const changes: ChangedFields = {}
  for (const field of editableColumns) {
    const given = patch[field]
    if (given === undefined) continue
    const value = field === 'enrichment_data' ? applyMergePatch(lead[field], given) : given
    if (sortedJson(value) !== sortedJson(lead[field])) changes[field] = { old: lead[field] as Json, new: value as Json }
  }
  return changes
}

function pick(changes: ChangedFields, fields: readonly EditableColumn[]): ChangedFields {
  return Object.fromEntries(Object.entries(changes).filter(([field]) => fields.includes(field as EditableColumn)))
}

const statusFields: readonly EditableColumn[] = ['lead_status']
const enrichmentFields: readonly EditableColumn[] = ['enrichment_status', 'enrichment_data']
const otherFields = editableColumns.filter(
  (field) => !statusFields.includes(field) && !enrichmentFields.includes(field),
)

/**
 * Builds the events of a change: `contacted` for this status, `enriched` for a successful enrichment, `updated` for
 * other statuses, failed enrichments and all other fields.
 */
export function toChangeEvents(changes: ChangedFields, event_data: Record<string, Json> | null = null): ChangeEvent[] {
  const events: ChangeEvent[] = []
  const status = changes.lead_status
  if (status) {
    const is_contact = status.new === 'contacted'
    events.push({
      event_type: is_contact ? 'contacted' : 'updated',
      event_name: is_contact ? 'Lead contacted' : 'Status changed',
      old_status: status.old as string,
      new_status: status.new as string,
      changed_fields: pick(changes, statusFields),
    })
  }
  const enrichment = pick(changes, enrichmentFields)
  if (Object.keys(enrichment).length > 0) {
    const to = enrichment.enrichment_status
    const is_enriched = to ? to.new === 'enriched' : true
    events.push({
      event_type: is_enriched ? 'enriched' : 'updated',
      event_name: is_enriched ? 'Lead enriched' : to?.new === 'failed' ? 'Enrichment failed' : 'Enrichment reset',
      ...(to && { old_status: to.old as string, new_status: to.new as string }),
      changed_fields: enrichment,
      event_data,
    })
  }
  const others = pick(changes, otherFields)
  if (Object.keys(others).length > 0)
    events.push({ event_type: 'updated', event_name: 'Lead updated', changed_fields: others })
  return events
}
