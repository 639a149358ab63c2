import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { describeError } from '../../api/problem.ts'
import type { ImportBatch } from '../../api/queries.ts'
import { Banner, Button, checkboxClass, checkClass, Skeleton } from '../../parts/basics.tsx'
import dialogs from '../../parts/dialogs.module.css'
import { AccountingBar } from '../../parts/figures.tsx'
import { formatCount, formatNumber } from '../../parts/format.ts'
import { Dialog } from '../../parts/popup.tsx'
import { Columns } from './import-columns.tsx'
import { accountingOf } from './import-status.tsx'
import css from './imports.module.css'
import { type ImportChoices, type ImportPreview, importFile, type OpenedFile, previewImport } from './run-import.ts'
import { findUnfinished } from './unfinished.ts'

const REASONS_SHOWN = 5
const EXPECTED_HEIGHT = 62

type State =
  | { step: 'preview'; error?: string }
  | { step: 'running'; batch: ImportBatch | null }
  | { step: 'stopped'; batch: ImportBatch | null; error: string }

/** What is in a file, how it is read, and its way into the database. */
export function ImportDialog({ file, onClose }: { file: OpenedFile; onClose: () => void }) {
  const [choices, setChoices] = useState<ImportChoices>({ on_duplicate: 'merge', map: {} })
  const preview = usePreview(file, choices.map)
  const unfinished = useQuery({
    queryKey: ['import-unfinished', file.fingerprint],
    queryFn: () => findUnfinished(file.fingerprint),
    gcTime: 0,
    retry: false,
  })
  const stopped_at = unfinished.data?.parts ? unfinished.data.next_record : null
  const { state, run } = useImport(file, onClose)
  const is_running = state.step === 'running'
  useEffect(() => () => file.close(), [file])
  useWarnOnLeave(is_running)
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
            <Button
              look="primary"
              disabled={unfinished.isPending}
              onClick={() => void run(choices, unfinished.data ?? null)}
            >
              {stopped_at === null ? 'Import' : 'Continue'}
            </Button>
          </>
        )
      }
    >
      {state.step === 'preview' ? (
        <>
          {stopped_at !== null && <Unfinished stopped_at={stopped_at} />}
          <p>{describeFile(file)} You can undo the import afterwards.</p>
          <Columns
            file={file}
            preview={preview.data}
            map={choices.map}
            onMap={(map) => setChoices({ ...choices, map })}
          />
          <Expected preview={preview.data} error={preview.error} is_fetching={preview.isFetching} />
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

const Unfinished = ({ stopped_at }: { stopped_at: number }) => (
  <Banner tone="info" role="status">
    The import of this file stopped after {formatCount(stopped_at, 'record')}. It continues there, with the choices made
    before.
  </Banner>
)

/** Runs the import and opens its page at the end. */
function useImport(file: OpenedFile, onClose: () => void) {
  const [state, setState] = useState<State>({ step: 'preview' })
  const navigate = useNavigate()
  const run = async (choices: ImportChoices, unfinished: Parameters<typeof importFile>[2]): Promise<void> => {
    let last: ImportBatch | null = null
    setState({ step: 'running', batch: null })
    try {
      const batch = await importFile(file, choices, unfinished, (progress) => {
        last = progress.batch
        setState({ step: 'running', batch: progress.batch })
      })
      onClose()
      void navigate({ to: '/imports/$import_batch_id', params: { import_batch_id: batch.import_batch_id } })
    } catch (error) {
      setState({ step: 'stopped', batch: last, error: describeError(error) })
    }
  }
  return { state, run }
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
  if (info.kind === 'workbook') return `Excel workbook, ${bytes}.`
  if (info.kind === 'ndjson') return `NDJSON, ${bytes}: one JSON object a line.`
  return `${info.headers.length} columns, separated by ${delimiterNames[info.delimiter ?? ','] ?? info.delimiter}, ${bytes}.`
}

const PREVIEW_KEPT_MS = 60_000

/** What the API would make of the file as it is read now. */
function usePreview(file: OpenedFile, map: ImportChoices['map']) {
  return useQuery({
    queryKey: ['import-preview', file.name, file.size, file.info.headers, map],
    queryFn: ({ signal }) => previewImport(file, map, signal),
    placeholderData: keepPreviousData,
    gcTime: PREVIEW_KEPT_MS,
    staleTime: PREVIEW_KEPT_MS,
  })
}

interface ExpectedProps {
  preview: ImportPreview | undefined
  error: Error | null
  is_fetching: boolean
}

/** What the import would do: told before anything is stored. */
function Expected({ preview, error, is_fetching }: ExpectedProps) {
  if (error && !preview)
    return (
      <Banner tone="warn" role="alert">
        No preview: {describeError(error)}
      </Banner>
    )
  if (!preview) return <Skeleton height={EXPECTED_HEIGHT} />
  const { total_records, new_records, duplicate_records, failed_records, reasons, is_whole } = preview
  return (
    <div className={css.expected} aria-busy={is_fetching} role="status">
      <b>{is_whole ? 'What the import would do' : `The first ${formatCount(total_records, 'record')} of the file`}</b>
      <AccountingBar
        total={total_records}
        created={new_records}
        duplicates={duplicate_records}
        rejected={failed_records}
        size="small"
      />
      {reasons.length > 0 && (
        <ul>
          {reasons.slice(0, REASONS_SHOWN).map(({ reason, count, line_number }) => (
            <li key={reason}>
              {formatNumber(count)} × {reason}
              {line_number !== null && `, first in line ${formatNumber(line_number)}`}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface DuplicatesProps {
  value: ImportChoices['on_duplicate']
  onChange: (value: ImportChoices['on_duplicate']) => void
}

function Duplicates({ value, onChange }: DuplicatesProps) {
  const choices = [
    ['merge', 'Merge: the file fills and refreshes their fields, what a person edited stays'],
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
          {batch && ` ${formatNumber(batch.next_record)} records are stored. Open the same file again to continue.`}
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
