import ArrowRightIcon from 'lucide-react/icons/arrow-right'
import CheckIcon from 'lucide-react/icons/check'
import { Sparkline } from './chart/sparkline.tsx'
import { cx } from './cx.ts'
import css from './figures.module.css'
import { formatNumber, formatShare } from './format.ts'

export interface Accounting {
  total: number
  created: number
  duplicates: number
  rejected: number
}

interface AccountingBarProps extends Accounting {
  size?: 'small' | 'normal' | 'large'
  is_running?: boolean
  /** How many items there will be, as far as Apify tells. */
  expected?: number | null | undefined
  /** Each item is one of the three. While a page is being written that need not hold. */
  is_balanced?: boolean
  noun?: string
}

/** Share of the bar that represents an unknown number of items to come. */
const UNKNOWN_REST = 0.25

/** Every item that was read is a new lead, a duplicate, or rejected: the three segments are the whole bar. */
export function AccountingBar(props: AccountingBarProps) {
  const { total, created, duplicates, rejected, size = 'normal', is_running = false } = props
  const sum = created + duplicates + rejected
  const is_balanced = props.is_balanced ?? sum === total
  const left = (props.expected ?? 0) > total ? (props.expected ?? 0) - total : null
  const segments = [
    ['new', created],
    ['duplicate', duplicates],
    ['rejected', rejected],
  ] as const
  return (
    <div className={cx(css.bar, size !== 'normal' && css[size], !is_balanced && !is_running && css.unbalanced)}>
      <div className={css.track} aria-hidden>
        {segments.map(([name, value]) =>
          value > 0 ? <i key={name} className={css[name]} style={{ flexGrow: value, flexBasis: 0 }} /> : null,
        )}
        {is_running && (
          <i className={css.rest} style={{ flexGrow: left ?? Math.max(sum * UNKNOWN_REST, 1), flexBasis: 0 }} />
        )}
      </div>
      <div className={css.sum}>
        <span>
          <b>{formatNumber(total)}</b> {is_running && left !== null && `of ${formatNumber(total + left)} `}read
        </span>
        <span className={css.op}>=</span>
        <span className={cx(css.part, css.partNew)}>{formatNumber(created)} new</span>
        <span className={css.op}>+</span>
        <span className={cx(css.part, css.partDuplicate)}>{formatNumber(duplicates)} duplicate</span>
        <span className={css.op}>+</span>
        <span className={cx(css.part, css.partRejected)}>{formatNumber(rejected)} rejected</span>
        {!is_running && is_balanced && size === 'large' && (
          <CheckIcon size={18} className={css.good} aria-label="It adds up" />
        )}
        {!is_running && !is_balanced && (
          <span className={css.bad}>{formatNumber(Math.abs(total - sum))} unaccounted</span>
        )}
      </div>
    </div>
  )
}

export interface FillRate {
  column: string
  share: number
  /** What earlier runs had. */
  usual?: number | undefined
  /** Shares of earlier runs and of this one, the oldest first. */
  trend?: readonly number[] | undefined
}

/** How many leads of a run have a column filled; a mark where earlier runs were. */
export function FillBars({ rates }: { rates: readonly FillRate[] }) {
  return (
    <div className={css.fills}>
      {rates.map((rate) => (
        <FillRow key={rate.column} {...rate} />
      ))}
    </div>
  )
}

function FillRow({ column, share, usual, trend = [] }: FillRate) {
  return (
    <>
      <span>{column.replaceAll('_', ' ')}</span>
      <span
        className={css.fillTrack}
        role="img"
        aria-label={`${formatShare(share)}${usual === undefined ? '' : `, usually ${formatShare(usual)}`}`}
      >
        <i className={cx(usual !== undefined && css.fillWarn)} style={{ width: `${share * 100}%` }} />
        {usual !== undefined && <span className={css.usual} style={{ left: `${usual * 100}%` }} />}
      </span>
      <span className={css.fillValue}>{formatShare(share)}</span>
      <span className={css.fillTrend}>
        <Sparkline values={[...trend.map((each) => each * 100)]} max={100} label={describeTrend(trend)} />
      </span>
    </>
  )
}

const describeTrend = (trend: readonly number[]): string =>
  `Of the last ${trend.length} runs: ${trend.map(formatShare).join(', ')}`

const showValue = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '(empty)'
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ') || '(empty)'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Old and new value of each field that changed. */
export function ChangeList({ changes }: { changes: Readonly<Record<string, { old: unknown; new: unknown }>> }) {
  return (
    <div className={css.changes}>
      {Object.entries(changes).map(([field, change]) => (
        <div key={field} className={css.change}>
          <span className={css.changeField}>{field.replaceAll('_', ' ')}</span>
          <bdi className={css.old}>{showValue(change.old)}</bdi>
          <ArrowRightIcon size={12} aria-label="to" />
          <bdi>{showValue(change.new)}</bdi>
        </div>
      ))}
    </div>
  )
}
