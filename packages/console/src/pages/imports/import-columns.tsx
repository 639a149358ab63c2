import { inputClass } from '../../parts/basics.tsx'
import css from './imports.module.css'
import type { ImportChoices, ImportPreview, OpenedFile } from './run-import.ts'

/** What a column of a file can be read as; the API recognizes most by their names. */
const targets = [
  'full_name',
  'first_name',
  'last_name',
  'title',
  'email',
  'phone',
  'company_name',
  'company_domain',
  'website',
  'address',
  'city',
  'state',
  'postal_code',
  'country',
  'industry',
  'tags',
  'linkedin_url',
  'external_id',
  'lead_status',
  'lead_score',
  'notes',
] as const

const RECOGNIZE = 'Auto'
const LEAVE_OUT = '(leave out)'
const CELL_CHARACTERS_MAX = 200

interface ColumnsProps {
  file: OpenedFile
  preview: ImportPreview | undefined
  map: ImportChoices['map']
  onMap: (map: ImportChoices['map']) => void
}

/** What the service read, for a file that the browser does not read. */
function ofPreview(preview: ImportPreview | undefined): Pick<OpenedFile['info'], 'headers' | 'samples'> {
  const columns = preview?.columns ?? []
  const rows = Math.max(0, ...columns.map(({ samples }) => samples.length))
  return {
    headers: columns.map(({ header }) => header),
    samples: Array.from({ length: rows }, (_, row) => columns.map(({ samples }) => samples[row] ?? '')),
  }
}

const spaced = (name: string): string => name.replaceAll('_', ' ')

/** The first records of a file, and what each of its columns is read as. */
export function Columns({ file: { info }, preview, map, onMap }: ColumnsProps) {
  const { headers, samples } = info.kind === 'workbook' ? ofPreview(preview) : info
  const choose = (header: string, value: string): void => {
    const { [header]: _, ...rest } = map
    if (value === RECOGNIZE) onMap(rest)
    else onMap({ ...rest, [header]: value === LEAVE_OUT ? null : value })
  }
  const choiceOf = (header: string): string => (header in map ? (map[header] ?? LEAVE_OUT) : RECOGNIZE)
  const recognized = new Map(
    preview?.columns.filter(({ is_override }) => !is_override).map(({ header, column }) => [header, column]),
  )
  const labelOf = (header: string, target: string): string => {
    if (target !== RECOGNIZE || !recognized.has(header)) return spaced(target)
    const column = recognized.get(header)
    return `Auto: ${column ? spaced(column) : 'raw data only'}`
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={css.preview} aria-label="The first records" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {headers.map((header, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns of a file may have one name
              <th key={column} scope="col">
                {header}
                {info.kind !== 'ndjson' && (
                  <select
                    className={inputClass}
                    aria-label={`Read ${header} as`}
                    value={choiceOf(header)}
                    onChange={(event) => choose(header, event.target.value)}
                  >
                    {[RECOGNIZE, LEAVE_OUT, ...targets].map((target) => (
                      <option key={target} value={target}>
                        {labelOf(header, target)}
                      </option>
                    ))}
                  </select>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.map((record, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: records of a file have no other identity
            <tr key={index}>
              {headers.map((_, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns of a file may have one name
                <td key={column}>
                  <bdi>{record[column]?.slice(0, CELL_CHARACTERS_MAX)}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
