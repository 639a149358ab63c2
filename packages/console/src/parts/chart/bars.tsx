import { max } from 'd3-array'
import { scaleBand, scaleLinear } from 'd3-scale'
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react'
import { Button } from '../basics.tsx'
import { formatCompact, formatNumber } from '../format.ts'
import { useWidth } from '../use-width.ts'
import css from './chart.module.css'

export interface BarPoint {
  key: string
  label: string
  value: number
}

interface BarsProps {
  label: string
  noun: string
  points: readonly BarPoint[]
  height?: number
  /** A bar was chosen. */
  onPick?: (point: BarPoint) => void
  /** Several bars were dragged over. */
  onRange?: (from: BarPoint, to: BarPoint) => void
}

const MARGIN = { top: 8, right: 18, bottom: 22, left: 40 }
const LABEL_WIDTH = 64
const TICKS = 4

/** Bars over time. Pointer and arrow keys move one mark; the same numbers are in a table behind a button. */
export function Bars({ label, noun, points, height = 180, onPick, onRange }: BarsProps) {
  const [box, width] = useWidth()
  const [active, setActive] = useState<number | null>(null)
  const [is_table, setTable] = useState(false)
  const id = useId()
  return (
    <figure className={css.figure} aria-labelledby={id}>
      <figcaption className={css.caption}>
        <span id={id}>{label}</span>
        <span className={css.readout} aria-live="polite">
          {active !== null && points[active]
            ? `${points[active].label}: ${formatNumber(points[active].value)} ${noun}`
            : ''}
        </span>
        <Button look="ghost" aria-expanded={is_table} onClick={() => setTable(!is_table)}>
          {is_table ? 'Show as chart' : 'Show as table'}
        </Button>
      </figcaption>
      <div ref={box}>
        {is_table ? (
          <PointTable label={label} noun={noun} points={points} />
        ) : (
          width > 0 && (
            <BarSvg {...{ label, noun, points, height, width, active, setActive }} onPick={onPick} onRange={onRange} />
          )
        )}
      </div>
    </figure>
  )
}

interface SvgProps {
  label: string
  noun: string
  points: readonly BarPoint[]
  height: number
  width: number
  active: number | null
  setActive: (index: number | null) => void
  onPick: BarsProps['onPick'] | undefined
  onRange: BarsProps['onRange'] | undefined
}

function BarSvg(props: SvgProps) {
  const { label, points, height, width, active, setActive, onPick, onRange } = props
  const [dragged, setDragged] = useState<number | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const x = scaleBand<string>()
    .domain(points.map(({ key }) => key))
    .range([MARGIN.left, width - MARGIN.right])
    .paddingInner(points.length > 60 ? 0.1 : 0.25)
  const y = scaleLinear()
    .domain([0, Math.max(1, max(points, ({ value }) => value) ?? 1)])
    .nice(TICKS)
    .range([height - MARGIN.bottom, MARGIN.top])
  const indexAt = (event: PointerEvent): number => {
    const left = svg.current?.getBoundingClientRect().left ?? 0
    const position = (event.clientX - left - MARGIN.left) / Math.max(1, x.step())
    return Math.max(0, Math.min(points.length - 1, Math.floor(position)))
  }
  const finish = (event: PointerEvent): void => {
    const [from, to] = [points[Math.min(dragged ?? 0, indexAt(event))], points[Math.max(dragged ?? 0, indexAt(event))]]
    if (dragged !== null && from && to) {
      if (from === to) onPick?.(from)
      else onRange?.(from, to)
    }
    setDragged(null)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setActive(Math.max(0, Math.min(points.length - 1, (active ?? (step > 0 ? -1 : points.length)) + step)))
    } else if (event.key === 'Enter' && active !== null && points[active]) onPick?.(points[active])
  }
  return (
    <svg
      ref={svg}
      className={css.svg}
      width={width}
      height={height}
      role="application"
      aria-label={`${label}. Arrow keys read the bars.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the bars
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => setActive(indexAt(event))}
      onPointerLeave={() => setActive(null)}
      onPointerDown={(event) => setDragged(indexAt(event))}
      onPointerUp={finish}
    >
      {y.ticks(TICKS).map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} className={css.grid} />
          <text x={MARGIN.left - 8} dy="0.32em" className={css.axis} textAnchor="end">
            {formatCompact(tick)}
          </text>
        </g>
      ))}
      {points.map((point, index) => {
        const is_marked = index === active || isBetween(index, dragged, active)
        return (
          <rect
            key={point.key}
            x={x(point.key)}
            y={y(point.value)}
            width={x.bandwidth()}
            height={Math.max(point.value > 0 ? 1 : 0, y(0) - y(point.value))}
            rx={Math.min(2, x.bandwidth() / 3)}
            className={is_marked ? css.barActive : css.bar}
          />
        )
      })}
      <DayLabels points={points} width={width} height={height} at={(key) => (x(key) ?? 0) + x.bandwidth() / 2} />
    </svg>
  )
}

const isBetween = (index: number, from: number | null, to: number | null): boolean =>
  from !== null && to !== null && index >= Math.min(from, to) && index <= Math.max(from, to)

interface LabelsProps {
  points: readonly BarPoint[]
  width: number
  height: number
  at: (key: string) => number
}

function DayLabels({ points, width, height, at }: LabelsProps) {
  const every = Math.max(1, Math.ceil(points.length / Math.max(1, Math.floor(width / LABEL_WIDTH))))
  return points.map((point, index) =>
    (points.length - 1 - index) % every === 0 ? (
      <text key={point.key} x={at(point.key)} y={height - 6} className={css.axis} textAnchor="middle">
        {point.label}
      </text>
    ) : null,
  )
}

function PointTable({ label, noun, points }: { label: string; noun: string; points: readonly BarPoint[] }) {
  return (
    <div className={css.tableBox}>
      <table className={css.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">{noun}</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map((point) => (
            <tr key={point.key}>
              <td>{point.label}</td>
              <td>{formatNumber(point.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
