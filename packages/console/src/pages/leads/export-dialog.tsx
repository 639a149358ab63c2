import { useRef, useState } from 'react'
import { describeError } from '../../api/problem.ts'
import { countQuery, queryClient } from '../../api/queries.ts'
import { fieldsOf } from '../../list/columns.ts'
import { exportCommand, exportLeads, openSink } from '../../list/export-list.ts'
import { Banner, Button, Copy, checkboxClass, checkClass } from '../../parts/basics.tsx'
import css from '../../parts/dialogs.module.css'
import { formatNumber, formatRowCount } from '../../parts/format.ts'
import { Dialog } from '../../parts/popup.tsx'
import type { DialogsProps } from './dialogs-props.ts'

type Outcome =
  | { state: 'choosing' }
  | { state: 'running'; rows: number; started_ms: number }
  | { state: 'done'; rows: number; expected: number }
  | { state: 'failed'; text: string; rows: number }

/** A list as a file: the columns and filters on screen, counted at the end. */
export default function ExportDialog({ dialog, onClose, place, list, columns, selection }: DialogsProps) {
  const [format, setFormat] = useState<'csv' | 'ndjson'>('csv')
  const [is_all_columns, setAllColumns] = useState(false)
  const is_selected_only = dialog === 'export-selected' && !selection.is_all
  const fields = is_all_columns ? undefined : fieldsOf(columns, ['id'])
  const ids = is_selected_only ? selection.rows.map(({ id }) => id as number) : undefined
  const { outcome, run, stop } = useExport({
    format,
    query: place.query,
    ...(fields && { fields }),
    ...(ids && { ids }),
  })
  const rows_text = is_selected_only
    ? `${formatNumber(selection.ids.size)} selected`
    : `${list.count ? formatRowCount(list.count) : 'all'} matching`
  return (
    <Dialog
      title="Export leads"
      onClose={() => {
        stop()
        onClose()
      }}
      width={520}
      foot={<Buttons outcome={outcome} onClose={onClose} onRun={() => void run()} onStop={stop} />}
    >
      {outcome.state === 'choosing' ? (
        <>
          <p>{rows_text}, with the filters and the order on screen.</p>
          <Choice
            legend="Format"
            value={format}
            onChange={(value) => setFormat(value as 'csv' | 'ndjson')}
            options={[
              ['csv', 'CSV, for spreadsheets'],
              ['ndjson', 'NDJSON, one JSON object a line'],
            ]}
          />
          <Choice
            legend="Columns"
            value={is_all_columns ? 'all' : 'shown'}
            onChange={(value) => setAllColumns(value === 'all')}
            options={[
              ['shown', `The ${columns.length} shown`],
              ['all', 'All'],
            ]}
          />
          <Command
            text={exportCommand(ids ? { id: `in:${ids.slice(0, 50).join(',')}` } : place.query, format, fields)}
          />
        </>
      ) : (
        <Progress outcome={outcome} expected={ids?.length ?? list.count?.value} />
      )}
    </Dialog>
  )
}

type ExportOptions = Omit<Parameters<typeof exportLeads>[1], 'signal' | 'onProgress'>

/** Writes the file, and compares its rows with the exact count. */
function useExport(options: ExportOptions) {
  const [outcome, setOutcome] = useState<Outcome>({ state: 'choosing' })
  const controller = useRef<AbortController>(null)
  const run = async (): Promise<void> => {
    const name = `leads-${new Date().toISOString().slice(0, 10)}.${options.format}`
    let rows = 0
    try {
      const sink = await openSink(name)
      controller.current = new AbortController()
      const { signal } = controller.current
      const started_ms = performance.now()
      setOutcome({ state: 'running', rows: 0, started_ms })
      const onProgress = (count: number): void => {
        rows = count
        setOutcome({ state: 'running', rows: count, started_ms })
      }
      await exportLeads(sink, { ...options, signal, onProgress })
      await sink.close()
      setOutcome({ state: 'done', rows, expected: options.ids?.length ?? (await countExactly(options.query)) })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError')
        setOutcome(rows > 0 ? { state: 'failed', text: 'Stopped.', rows } : { state: 'choosing' })
      else setOutcome({ state: 'failed', text: describeError(error), rows })
    }
  }
  return { outcome, run, stop: () => controller.current?.abort() }
}

const countExactly = async (query: DialogsProps['place']['query']): Promise<number> =>
  (await queryClient.fetchQuery({ ...countQuery('leads', '/leads', query, 'exact'), staleTime: 0 })).value

interface ChoiceProps {
  legend: string
  value: string
  options: readonly (readonly [string, string])[]
  onChange: (value: string) => void
}

export function Choice({ legend, value, options, onChange }: ChoiceProps) {
  return (
    <fieldset className={css.fieldset}>
      <legend>{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option} className={checkClass}>
          <input
            type="radio"
            className={checkboxClass}
            name={legend}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}

function Command({ text }: { text: string }) {
  return (
    <div className={css.command}>
      <span>{text.length > 400 ? `${text.slice(0, 400)}…` : text}</span>
      <Copy text={text} label="Copy command" />
    </div>
  )
}

function Progress({
  outcome,
  expected,
}: {
  outcome: Exclude<Outcome, { state: 'choosing' }>
  expected: number | undefined
}) {
  if (outcome.state === 'failed')
    return (
      <Banner tone="bad" role="alert">
        {outcome.text} The file is not complete: {formatNumber(outcome.rows)} rows were written.
      </Banner>
    )
  if (outcome.state === 'done') {
    const is_whole = outcome.rows === outcome.expected
    return (
      <Banner tone={is_whole ? 'good' : 'warn'} role="status">
        {formatNumber(outcome.rows)} of {formatNumber(outcome.expected)} leads written.
        {!is_whole && ' The list changed while it was exported.'}
      </Banner>
    )
  }
  const seconds = (performance.now() - outcome.started_ms) / 1000
  const share = expected ? Math.min(1, outcome.rows / expected) : 0
  return (
    <div role="status">
      <p>
        {formatNumber(outcome.rows)} rows written
        {seconds > 1 && `, ${formatNumber(Math.round(outcome.rows / seconds))} a second`}
      </p>
      <div className={css.progress}>
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}

interface ButtonsProps {
  outcome: Outcome
  onClose: () => void
  onRun: () => void
  onStop: () => void
}

function Buttons({ outcome, onClose, onRun, onStop }: ButtonsProps) {
  if (outcome.state === 'running') return <Button onClick={onStop}>Stop</Button>
  if (outcome.state === 'choosing')
    return (
      <Button look="primary" onClick={onRun}>
        Export
      </Button>
    )
  return (
    <>
      {outcome.state === 'failed' && <Button onClick={onRun}>Try again</Button>}
      <Button look="primary" onClick={onClose}>
        Close
      </Button>
    </>
  )
}
