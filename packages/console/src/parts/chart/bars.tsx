import { max } from 'd3-array'
import { scaleBand, scaleLinear } from 'd3-scale'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useRef, useState } from 'react'
import { Button } from '../basics.tsx'
import { formatCompact, formatNumber } from '../format.ts'
import { useWidth } from '../use-width.ts'
import css from './chart.module.css'

export interface BarPoint {
  key: string
  label: string
  value: number
  /** Parts of the value, in the order of the names. */
  parts?: readonly number[]
}

interface BarsProps {
  label: string
  noun: string
  /** What a bar represents: the head of the table's first column. */
  interval?: string
  /** Names of the parts; without them a bar is of one piece. */
  names?: readonly string[] | undefined
  /** Ways to change the chart, in its caption. */
  controls?: ReactNode
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

/** Bars over time. Pointer and arrow keys move one mark; the same numbers stand in a table behind a button. */
export function Bars(props: BarsProps) {
  const { label, noun, points, height = 180, interval = 'Day', names, controls, onPick, onRange } = props
  const [box, width] = useWidth()
  const [active, setActive] = useState<number | null>(null)
  const [is_table, setTable] = useState(false)
  const id = useId()
  return (
    <figure className={css.figure} aria-labelledby={id}>
      <figcaption className={css.caption}>
        <span id={id}>{label}</span>
        <span className={css.readout} aria-live="polite">
          {active !== null && points[active] ? readOut(points[active], noun, names) : ''}
        </span>
        {controls}
        <Button look="ghost" aria-expanded={is_table} onClick={() => setTable(!is_table)}>
          {is_table ? 'Show as chart' : 'Show as table'}
        </Button>
      </figcaption>
      <div ref={box}>
        {is_table ? (
          <PointTable label={label} noun={noun} interval={interval} names={names} points={points} />
        ) : (
          width > 0 && (
            <BarSvg
              label={label}
              points={points}
              height={height}
              width={width}
              active={active}
              setActive={setActive}
              onPick={onPick}
              onRange={onRange}
            />
          )
        )}
      </div>
      {names && names.length > 0 && (
        <ul className={css.legend} aria-label="Colors">
          {names.map((name, index) => (
            <li key={name}>
              <i className={partClass(index)} aria-hidden />
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

const PART_COLORS = 6
const partClass = (index: number): string | undefined => css[`part${index % PART_COLORS}`]

function readOut({ label, value, parts }: BarPoint, noun: string, names: readonly string[] | undefined): string {
  const total = `${label}: ${formatNumber(value)} ${noun}`
  const divided = names?.flatMap((name, index) => (parts?.[index] ? [`${name} ${formatNumber(parts[index])}`] : []))
  return divided && divided.length > 0 ? `${total} (${divided.join(', ')})` : total
}

interface SvgProps {
  label: string
  points: readonly BarPoint[]
  height: number
  width: number
  active: number | null
  setActive: (index: number | null) => void
  onPick: BarsProps['onPick'] | undefined
  onRange: BarsProps['onRange'] | undefined
}

function BarSvg(props: SvgProps) {
  const { label, points, height, width, active, setActive, onPick } = props
  const { x, y } = scalesOf(points, width, height)
  const { svg, dragged, pointer } = usePointer(props, x.step())
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
      {...pointer}
    >
      {y.ticks(TICKS).map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={MARGIN.left} x2={width - MARGIN.right} className={css.grid} />
          <text x={MARGIN.left - 8} dy="0.32em" className={css.axis} textAnchor="end">
            {formatCompact(tick)}
          </text>
        </g>
      ))}
      {points.map((point, index) => (
        <Bar
          key={point.key}
          point={point}
          is_marked={index === active || isBetween(index, dragged, active)}
          left={x(point.key) ?? 0}
          width={x.bandwidth()}
          at={y}
        />
      ))}
      <DayLabels points={points} width={width} height={height} at={(key) => (x(key) ?? 0) + x.bandwidth() / 2} />
    </svg>
  )
}

function scalesOf(points: readonly BarPoint[], width: number, height: number) {
  const x = scaleBand<string>()
    .domain(points.map(({ key }) => key))
    .range([MARGIN.left, width - MARGIN.right])
    .paddingInner(points.length > 60 ? 0.1 : 0.25)
  const y = scaleLinear()
    .domain([0, Math.max(1, max(points, ({ value }) => value) ?? 1)])
    .nice(TICKS)
    .range([height - MARGIN.bottom, MARGIN.top])
  return { x, y }
}

/** The bar under the pointer; a click picks one, dragging a range. */
function usePointer({ points, setActive, onPick, onRange }: SvgProps, step: number) {
  const [dragged, setDragged] = useState<number | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  const indexAt = (event: PointerEvent): number => {
    const left = svg.current?.getBoundingClientRect().left ?? 0
    const position = (event.clientX - left - MARGIN.left) / Math.max(1, step)
    return Math.max(0, Math.min(points.length - 1, Math.floor(position)))
  }
  const finish = (event: PointerEvent): void => {
    const index = indexAt(event)
    const [from, to] = [points[Math.min(dragged ?? 0, index)], points[Math.max(dragged ?? 0, index)]]
    if (dragged !== null && from && to) {
      if (from === to) onPick?.(from)
      else onRange?.(from, to)
    }
    setDragged(null)
  }
  const pointer = {
    onPointerMove: (event: PointerEvent) => setActive(indexAt(event)),
    onPointerLeave: () => setActive(null),
    onPointerDown: (event: PointerEvent) => setDragged(indexAt(event)),
    onPointerUp: finish,
  }
  return { svg, dragged, pointer }
}

interface BarProps {
  point: BarPoint
  is_marked: boolean
  left: number
  width: number
  at: (value: number) => number
}

/** One bar, or its parts upon each other. */
function Bar({ point: { value, parts }, is_marked, left, width, at }: BarProps) {
  const corner = Math.min(2, width / 3)
  if (!parts || parts.length < 2) {
    const height = Math.max(value > 0 ? 1 : 0, at(0) - at(value))
    const y = at(0) - height
    return (
      <rect x={left} y={y} width={width} height={height} rx={corner} className={is_marked ? css.barActive : css.bar} />
    )
  }
  const below = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part, 0))
  return (
    <g opacity={is_marked ? 1 : 0.85}>
      {parts.map((part, index) =>
        part > 0 ? (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
            key={index}
            x={left}
            y={at((below[index] ?? 0) + part)}
            width={width}
            height={Math.max(0.5, at(below[index] ?? 0) - at((below[index] ?? 0) + part))}
            className={partClass(index)}
          />
        ) : null,
      )}
    </g>
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

type TableProps = Pick<BarsProps, 'label' | 'noun' | 'names' | 'points'> & { interval: string }

function PointTable({ label, noun, interval, names, points }: TableProps) {
  return (
    <div className={css.tableBox}>
      <table className={css.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{interval}</th>
            {names?.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">{noun}</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ key, label: when, value, parts }) => (
            <tr key={key}>
              <td>{when}</td>
              {names?.map((name, index) => (
                <td key={name}>{formatNumber(parts?.[index] ?? 0)}</td>
              ))}
              <td>{formatNumber(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
