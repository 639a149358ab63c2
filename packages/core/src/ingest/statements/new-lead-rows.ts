import { columnDefaults, crmFields, importedColumns } from '../../model/lead-columns.ts'
import { sourceColumns } from '../../model/mapped-item.ts'
import type { Provenance } from '../provenance.ts'
import type { NewLead } from './types.ts'

const auditColumns = ['created_at', 'updated_at', 'created_by', 'updated_by']

/** The columns of `NewLeadRows.toLeadValues`. */
export const newLeadColumns = [
  ...importedColumns,
  'external_id',
  'raw_data',
  'import_hashes',
  'observed_at',
  'data_quality_score',
  'source',
  'provider_name',
  'actor_id',
  'run_id',
  'dataset_id',
  ...auditColumns,
]

/** The columns of `NewLeadRows.toSourceValues`. */
export const newSourceColumns = [
  'lead_id',
  ...sourceColumns,
  'external_id',
  'source_type',
  'source_name',
  'provider_name',
  'actor_id',
  'actor_name',
  'run_id',
  'dataset_id',
  'import_batch_id',
  'scrape_params',
  ...auditColumns,
]

/** The columns of `NewLeadRows.toEventValues`. */
export const newEventColumns = [
  'lead_id',
  'event_type',
  'event_name',
  'event_data',
  'event_source',
  'event_timestamp',
  'actor',
  ...auditColumns,
]

/** The values of a new lead's rows, each in the order of its list of columns. */
interface NewLeadRows {
  toLeadValues(lead: NewLead): unknown[]
  /** The values of the CRM columns, which follow those of the lead where a row of a file has them. */
  toCrmValues(lead: NewLead): unknown[]
  toSourceValues(lead_id: unknown, lead: NewLead): unknown[]
  /** The event that every lead begins with. */
  toEventValues(lead_id: unknown): unknown[]
}

/** @param toTime turns a time as ISO 8601 text into what the engine's driver takes */
export function createNewLeadRows(origin: Provenance, toTime: (iso: string) => unknown): NewLeadRows {
  const at = toTime(origin.at.toISOString())
  const audit = [at, at, origin.actor, origin.actor]
  const run = [origin.source, origin.provider_name, origin.actor_id, origin.run_id, origin.dataset_id, ...audit]
  const source_run = [
    origin.source,
    origin.source_name,
    origin.provider_name,
    origin.actor_id,
    origin.actor_name,
    origin.run_id,
    origin.dataset_id,
    origin.import_batch_id,
    origin.scrape_params,
    ...audit,
  ]
  const event_data = JSON.stringify(toImportEventData(origin))
  const event = ['created', 'Lead created', event_data, origin.source, at, origin.actor, ...audit]
  return {
    toLeadValues: ({ fields, external_id, raw_data, import_hashes, observed_at, source }) => [
      ...importedColumns.map((field) => fields[field]),
      external_id,
      raw_data,
      import_hashes,
      toTime(observed_at),
      source.data_quality_score,
      ...run,
    ],
    toCrmValues: ({ crm_fields }) => crmFields.map((field) => crm_fields?.[field] ?? columnDefaults[field] ?? null),
    toSourceValues: (lead_id, { external_id, source }) => [
      lead_id,
      source.external_url,
      source.provider_id,
      source.scraped_at === null ? null : toTime(source.scraped_at),
      source.data_quality_score,
      source.confidence_score,
      source.metadata,
      external_id,
      ...source_run,
    ],
    toEventValues: (lead_id) => [lead_id, ...event],
  }
}

/** Returns the data of an import's event: its run or file. */
export function toImportEventData({ actor_id, run_id, import_batch_id }: Provenance): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ actor_id, run_id, import_batch_id }).filter(([, value]) => value !== null),
  ) as Record<string, string>
}
