import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useScope } from '../../api/session.ts'
import { isSameValue } from '../../list/row-kinds.ts'
import { Badge, Button, Skeleton, Time } from '../../parts/basics.tsx'
import { cx } from '../../parts/cx.ts'
import { formatShare } from '../../parts/format.ts'
import page from '../../shell/page.module.css'
import { PageError } from '../../shell/page.tsx'
import { useShortcuts } from '../../shell/shortcuts.ts'
import { dismissPair, mergePair, unmergePair } from './decide-pair.ts'
import { type ComparedRow, comparisonQuery, type DuplicateKind, type Pair } from './duplicate-kinds.ts'
import css from './duplicates.module.css'

interface PairViewProps {
  kind: DuplicateKind
  pair: Pair
  onDecided: () => void
}

/** The row whose value was chosen, by the field of the API. Without a choice the row that stays keeps its value. */
type Choices = Readonly<Record<string, number>>

/** Both rows, field by field; what differs is marked and can be chosen. */
export function PairView({ kind, pair, onDecided }: PairViewProps) {
  const { a, b } = pair
  const can_write = useScope('write')
  const { data, error } = useQuery(comparisonQuery(kind, a, b))
  const can_decide = can_write && pair.duplicate_status === 'open'
  const [choices, setChoices] = useState<Choices>({})
  const merge = (keeper: number, other: number): void => {
    onDecided()
    const fields_from_merged = Object.keys(choices).filter((field) => choices[field] === other)
    void mergePair(kind, keeper, other, fields_from_merged)
  }
  const dismiss = (): void => {
    onDecided()
    void dismissPair(kind, a, b)
  }
  useShortcuts(
    can_decide
      ? [
          { keys: 'm', label: 'Merge into the left one', group: 'This page', run: () => merge(a, b) },
          { keys: 'n', label: 'Not the same', group: 'This page', run: dismiss },
        ]
      : [],
  )
  if (error) return <PageError error={error} />
  const [first, second] = data ?? []
  if (!first || !second)
    return (
      <div className={page.content}>
        <Skeleton height={400} />
      </div>
    )
  return (
    <div className={css.view}>
      <Judgement pair={pair} />
      <Comparison
        kind={kind}
        rows={[first, second]}
        choices={choices}
        {...(can_decide && { onChoose: (field, id) => setChoices({ ...choices, [field]: id }) })}
      />
      {can_decide && <Decision pair={pair} onMerge={merge} onDismiss={dismiss} onSkip={onDecided} />}
      {can_write && pair.duplicate_status === 'merged' && (
        <div className={page.row}>
          <Button onClick={() => void unmergePair(kind, first.is_deleted ? a : b)}>Undo the merge</Button>
        </div>
      )}
      {pair.duplicate_status === 'open' && (
        <p className={page.muted}>
          The {kind.noun} that stays keeps its values, except where you choose the other one’s, and takes what it lacks
          from the other{kind.of === 'companies' && ', and its leads'}. A merge can be undone.
        </p>
      )}
    </div>
  )
}

interface DecisionProps {
  pair: Pair
  onMerge: (keeper: number, other: number) => void
  onDismiss: () => void
  onSkip: () => void
}

function Decision({ pair: { a, b }, onMerge, onDismiss, onSkip }: DecisionProps) {
  return (
    <div className={page.row}>
      <Button look="primary" shortcut="m" onClick={() => onMerge(a, b)}>
        Merge into the left one
      </Button>
      <Button onClick={() => onMerge(b, a)}>Merge into the right one</Button>
      <Button shortcut="n" onClick={onDismiss}>
        Not the same
      </Button>
      <Button look="ghost" shortcut="j" onClick={onSkip}>
        Skip
      </Button>
    </div>
  )
}

function Judgement({ pair }: { pair: Pair }) {
  return (
    <div className={page.row}>
      {pair.reasons.map((reason) => (
        <Badge key={reason} tone="info">
          {reason}
        </Badge>
      ))}
      <span className={page.muted}>
        {formatShare(pair.certainty)} certain
        {pair.decided_by && (
          <>
            , decided by {pair.decided_by} <Time value={pair.decided_at} />
          </>
        )}
      </span>
    </div>
  )
}

const showValue = (value: unknown): string =>
  value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value)

const isTime = (field: string): boolean => field.endsWith('_at')

interface ComparisonProps {
  kind: DuplicateKind
  rows: readonly [ComparedRow, ComparedRow]
  choices: Choices
  /** Absent where nothing can be decided. */
  onChoose?: (field: string, id: number) => void
}

function Comparison({ kind, rows, choices, onChoose }: ComparisonProps) {
  const [first, second] = rows
  const isDifferent = (field: string): boolean => !isSameValue(first[field], second[field])
  const isChoosable = (field: string): boolean =>
    field in kind.choosable && isDifferent(field) && rows.every((row) => showValue(row[field]) !== '')
  const filled = Object.entries(kind.compared).filter(([field]) => rows.some((row) => showValue(row[field]) !== ''))
  return (
    <div className={page.wide}>
      <table className={cx(page.table, css.compare)}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Field</span>
            </th>
            {rows.map((row) => (
              <th key={row.id} scope="col">
                <Link to={kind.of === 'leads' ? '/leads/$id' : '/companies/$id'} params={{ id: String(row.id) }}>
                  {kind.nameOf(row)}
                </Link>
                {row.is_deleted && <Badge tone="bad">deleted</Badge>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {filled.map(([field, label]) => (
            <tr key={field} className={cx(isDifferent(field) && css.different)}>
              <th scope="row">{label}</th>
              {rows.map((row) => (
                <td key={row.id}>
                  <ComparedValue
                    field={field}
                    row={row}
                    is_chosen={choices[kind.choosable[field] ?? ''] === row.id}
                    {...(onChoose &&
                      isChoosable(field) && { onChoose: () => onChoose(kind.choosable[field] as string, row.id) })}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface ComparedValueProps {
  field: string
  row: ComparedRow
  is_chosen: boolean
  onChoose?: () => void
}

function ComparedValue({ field, row, is_chosen, onChoose }: ComparedValueProps) {
  if (isTime(field)) return <Time value={row[field] as string} />
  const value = <bdi>{showValue(row[field])}</bdi>
  if (!onChoose) return value
  return (
    <label className={css.choice} title="Keep this value">
      <input type="radio" name={field} checked={is_chosen} onChange={onChoose} />
      {value}
    </label>
  )
}
