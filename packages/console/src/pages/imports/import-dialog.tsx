import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { describeError } from '../../api/problem.ts'
import type { ImportBatch } from '../../api/queries.ts'
import { Banner, Button, checkboxClass, checkClass, inputClass } from '../../parts/basics.tsx'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatNumber } from '../../parts/format.ts'
import { Dialog } from '../../parts/popup.tsx'
import dialogs from '../leads/dialogs.module.css'
import { accountingOf } from './import-status.tsx'
import css from './imports.module.css'
import { type ImportChoices, importFile, type OpenedFile } from './run-import.ts'

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

const RECOGNIZE = '(by its name)'
const LEAVE_OUT = '(leave out)'

type State =
  | { step: 'preview'; error?: string }
  | { step: 'running'; batch: ImportBatch | null }
  | { step: 'stopped'; batch: ImportBatch | null; error: string }

/** What is in a file, how it is read, and its way into the database. */
export function ImportDialog({ file, onClose }: { file: OpenedFile; onClose: () => void }) {
  const [choices, setChoices] = useState<ImportChoices>({ on_duplicate: 'merge', map: {} })
  const [state, setState] = useState<State>({ step: 'preview' })
  const navigate = useNavigate()
  const is_running = state.step === 'running'
  useEffect(() => () => file.close(), [file])
  useWarnOnLeave(is_running)
  const run = async (): Promise<void> => {
    let last: ImportBatch | null = null
    setState({ step: 'running', batch: null })
    try {
      const batch = await importFile(file, choices, (progress) => {
        last = progress.batch
        setState({ step: 'running', batch: progress.batch })
      })
      onClose()
      void navigate({ to: '/imports/$import_batch_id', params: { import_batch_id: batch.import_batch_id } })
    } catch (error) {
      setState({ step: 'stopped', batch: last, error: describeError(error) })
    }
  }
  return (
    <Dialog
      title={`Import ${file.name}`}
      onClose={onClose}
      width={860}
      is_locked={is_running}
      foot={
        state.step === 'preview' && (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" onClick={() => void run()}>
              Import
            </Button>
          </>
        )
      }
    >
      {state.step === 'preview' ? (
        <>
          <p>{describeFile(file)} You can undo the import afterwards.</p>
          <Preview file={file} map={choices.map} onMap={(map) => setChoices({ ...choices, map })} />
          <Duplicates
            value={choices.on_duplicate}
            onChange={(on_duplicate) => setChoices({ ...choices, on_duplicate })}
          />
        </>
      ) : (
        <Running state={state} />
      )}
    </Dialog>
  )
}

/** Closing the tab would stop the import half-way. */
function useWarnOnLeave(is_running: boolean): void {
  useEffect(() => {
    if (!is_running) return
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [is_running])
}

const delimiterNames: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' }

function describeFile({ info, size }: OpenedFile): string {
  const bytes =
    size < 1_000_000 ? `${formatNumber(Math.ceil(size / 1000))} KB` : `${formatNumber(Math.round(size / 1e5) / 10)} MB`
  if (info.kind === 'ndjson') return `NDJSON, ${bytes}: one JSON object a line.`
  return `${info.headers.length} columns, separated by ${delimiterNames[info.delimiter ?? ','] ?? info.delimiter}, ${bytes}.`
}

interface PreviewProps {
  file: OpenedFile
  map: ImportChoices['map']
  onMap: (map: ImportChoices['map']) => void
}

function Preview({ file: { info }, map, onMap }: PreviewProps) {
  const choose = (header: string, value: string): void => {
    const { [header]: _, ...rest } = map
    if (value === RECOGNIZE) onMap(rest)
    else onMap({ ...rest, [header]: value === LEAVE_OUT ? null : value })
  }
  const choiceOf = (header: string): string => (header in map ? (map[header] ?? LEAVE_OUT) : RECOGNIZE)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={css.preview} aria-label="The first records" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {info.headers.map((header) => (
              <th key={header} scope="col">
                {header}
                {info.kind === 'csv' && (
                  <select
                    className={inputClass}
                    aria-label={`Read ${header} as`}
                    value={choiceOf(header)}
                    onChange={(event) => choose(header, event.target.value)}
                  >
                    {[RECOGNIZE, LEAVE_OUT, ...targets].map((target) => (
                      <option key={target} value={target}>
                        {target.replaceAll('_', ' ')}
                      </option>
                    ))}
                  </select>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {info.samples.map((record, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: records of a file have no other identity
            <tr key={index}>
              {info.headers.map((header, column) => (
                <td key={header}>
                  <bdi>{record[column]}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface DuplicatesProps {
  value: ImportChoices['on_duplicate']
  onChange: (value: ImportChoices['on_duplicate']) => void
}

function Duplicates({ value, onChange }: DuplicatesProps) {
  const choices = [
    ['merge', 'Merge: empty fields are filled, what a person edited stays'],
    ['skip', 'Skip: leads that exist stay as they are'],
  ] as const
  return (
    <fieldset className={dialogs.fieldset}>
      <legend>Records whose lead already exists</legend>
      {choices.map(([choice, label]) => (
        <label key={choice} className={checkClass}>
          <input
            type="radio"
            name="on_duplicate"
            className={checkboxClass}
            checked={value === choice}
            onChange={() => onChange(choice)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

function Running({ state }: { state: Exclude<State, { step: 'preview' }> }) {
  const { batch } = state
  return (
    <div className={css.progress} role="status">
      {state.step === 'stopped' && (
        <Banner tone="bad" role="alert">
          {state.error}
          {batch && ` ${formatNumber(batch.next_record)} records are stored. Import the same file again to continue.`}
        </Banner>
      )}
      {batch ? (
        <AccountingBar {...accountingOf(batch)} is_running={state.step === 'running'} />
      ) : (
        state.step === 'running' && <p>Sending the first part …</p>
      )}
    </div>
  )
}
