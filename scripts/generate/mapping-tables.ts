import { presetColumns } from '@leads/core/mapping/preset'
import { type LeadColumnSpec, leadColumnNames, leadColumnSpecs } from '@leads/core/model/lead-columns'
import { byOrder, readPresets } from './preset-index.ts'

/** Renders the tables of docs/mapping.md: built-in presets, columns of a preset, columns of a lead. */
export const mappingTables = {
  presets: async (): Promise<string> =>
    [
      '| preset | identity | Actors |',
      '| --- | --- | --- |',
      ...(await readPresets()).toSorted(byOrder).map(({ preset: { name, identity, actors = [] } }) => {
        const namespace = identity ? `\`${identity.namespace}:…\`` : ''
        return `| \`${name}\` | ${namespace} | ${actors.map((actor) => `\`${actor}\``).join(', ')} |`
      }),
    ].join('\n'),

  'preset columns': (): string =>
    Object.keys(presetColumns)
      .map((column) => `\`${column}\``)
      .join(', '),

  'lead columns': (): string =>
    [
      '| column | type | imported | editable | exported |',
      '| --- | --- | --- | --- | --- |',
      ...leadColumnNames
        .filter((column) => !leadColumnSpecs[column].is_internal)
        .map((column) => {
          const spec = leadColumnSpecs[column]
          const marks = [
            spec.hash_position === undefined ? '' : spec.is_crm ? 'from files' : 'yes',
            spec.is_editable ? 'yes' : '',
            spec.export_position === undefined ? '' : 'yes',
          ]
          return `| \`${column}\` | ${describeType(spec)} | ${marks.join(' | ')} |`
        }),
    ].join('\n'),
}

function describeType({ kind, length_max, entries_max, choices }: LeadColumnSpec): string {
  switch (kind) {
    case 'text':
      return length_max === undefined ? 'text' : `text, at most ${length_max} characters`
    case 'text_list':
      return `at most ${entries_max} texts of ${length_max} characters`
    case 'choice':
      return (choices ?? []).map((choice) => `\`${choice}\``).join(', ')
    case 'flag':
      return '`true` or `false`'
    case 'score':
      return 'whole number from 0 to 100'
    case 'integer':
    case 'id':
      return 'whole number'
    case 'json':
      return 'JSON'
    case 'json_object':
      return 'JSON object'
    case 'time':
      return 'time (ISO 8601, UTC)'
  }
}
