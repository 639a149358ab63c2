import { extent } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { area, curveMonotoneX, line } from 'd3-shape'
import css from './chart.module.css'

const WIDTH = 96
const HEIGHT = 24

interface SparklineProps {
  values: readonly number[]
  label: string
  /** Highest value that is possible; without it the highest there is. */
  max?: number
}

/** A trend at a glance, next to its figure. */
export function Sparkline({ values, label, max }: SparklineProps) {
  if (values.length < 2) return null
  const [low = 0, high = 1] = extent(values)
  const x = scaleLinear([0, values.length - 1], [1, WIDTH - 1])
  const y = scaleLinear([Math.min(0, low), max ?? Math.max(high, low + 1)], [HEIGHT - 2, 2])
  const points = values.map((value, index) => [x(index), y(value)] as [number, number])
  const curve = line().curve(curveMonotoneX)(points)
  const below = area<[number, number]>()
    .x(([left]) => left)
    .y0(HEIGHT)
    .y1(([, top]) => top)
    .curve(curveMonotoneX)(points)
  return (
    <svg width={WIDTH} height={HEIGHT} role="img" aria-label={label} className={css.spark}>
      <path d={below ?? ''} className={css.sparkArea} />
      <path d={curve ?? ''} className={css.sparkLine} />
    </svg>
  )
}
