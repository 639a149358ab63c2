import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { GridProps } from './grid-props.ts'
import { recallPlace } from './grid-state.ts'

const OVERSCAN_ROWS = 12
const ROWS_AHEAD = 60
/** Without another scroll event for so long the list is at rest. */
const REST_MS = 150

export interface DrawnItem {
  index: number
  top: number
  /** Rows of one slot are drawn by the same elements, one after the other. */
  slot: number
}

interface RowWindow {
  items: DrawnItem[]
  scrollTo: (index: number) => void
}

/** The rows that are drawn: those in sight, some more, and the one that has the focus. Reads the next page in time. */
export function useRowWindow<Row>(
  { list, state, row_height, memory_key }: GridProps<Row>,
  scroll: RefObject<HTMLDivElement | null>,
  head_height: number,
): RowWindow {
  const count = list.rows.length
  const { first, height, is_scrolling } = useScrollPlace(scroll, row_height, recallPlace(memory_key)?.top ?? 0)
  // Another list keeps the drawn rows until its own come, and begins where it was left.
  useLayoutEffect(() => {
    if (scroll.current) scroll.current.scrollTop = recallPlace(memory_key)?.top ?? 0
  }, [memory_key, scroll])
  const rows_in_sight = Math.ceil(height / row_height)
  const slots = rows_in_sight + 1 + 2 * OVERSCAN_ROWS
  const start = Math.max(0, Math.min(first - OVERSCAN_ROWS, count - slots))
  const end = Math.min(count, start + slots)
  const is_near_end = first + rows_in_sight + OVERSCAN_ROWS >= count - ROWS_AHEAD
  useEffect(() => {
    if (list.has_more && !list.is_loading_more && !list.error && is_near_end) list.loadMore()
  })
  // With another number of slots each row is drawn by other elements: the focus follows its row.
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the number of slots only
  useLayoutEffect(() => {
    if (scroll.current?.contains(document.activeElement)) state.wants_focus.current = true
  }, [slots])
  const items = drawItems({ start, end, slots, row_height, active: state.active.row, count })
  return {
    items: useElementOrder(items, is_scrolling),
    scrollTo: (index) => scrollToRow(scroll.current, index * row_height, row_height, head_height),
  }
}

/** The first row in sight, drawn within the frame that scrolls, and the greatest height that the list has had. */
function useScrollPlace(scroll: RefObject<HTMLDivElement | null>, row_height: number, initial_top: number) {
  const [first, setFirst] = useState(() => Math.floor(initial_top / row_height))
  const [height, setHeight] = useState(() => innerHeight)
  const [is_scrolling, setScrolling] = useState(false)
  useLayoutEffect(() => {
    const element = scroll.current
    if (!element) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const onScroll = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => setScrolling(false), REST_MS)
      flushSync(() => {
        setFirst(Math.floor(element.scrollTop / row_height))
        setScrolling(true)
      })
    }
    const observer = new ResizeObserver(() => setHeight((before) => Math.max(before, element.clientHeight)))
    observer.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    setFirst(Math.floor(element.scrollTop / row_height))
    return () => {
      clearTimeout(timer)
      observer.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [scroll, row_height])
  return { first, height, is_scrolling }
}

interface Span {
  start: number
  end: number
  slots: number
  row_height: number
  active: number
  count: number
}

/**
 * A row that leaves makes room for one that comes: no elements are built while scrolling. The row that has the focus
 * stays drawn and keeps its slot, also out of sight; the one that would need the same slot gets a spare one.
 */
function drawItems({ start, end, slots, row_height, active, count }: Span): DrawnItem[] {
  const items: DrawnItem[] = []
  // The head is row -1: always drawn, and no row of the body.
  const is_apart = active >= 0 && active < count && (active < start || active >= end)
  const add = (index: number): void => {
    const is_taken = is_apart && index !== active && index % slots === active % slots
    items.push({ index, top: index * row_height, slot: is_taken ? slots : index % slots })
  }
  if (is_apart && active < start) add(active)
  for (let index = start; index < end; index += 1) add(index)
  if (is_apart && active >= end) add(active)
  return items
}

/**
 * While the list is scrolled its elements keep their order: to move one costs as much as a new one. At rest they are in
 * the order of the rows again, which is what a screen reader follows.
 */
function useElementOrder(items: DrawnItem[], is_scrolling: boolean): DrawnItem[] {
  const order = useRef(new Map<number, number>())
  if (is_scrolling) {
    const placeOf = ({ slot }: DrawnItem): number => order.current.get(slot) ?? Number.MAX_SAFE_INTEGER
    items.sort((a, b) => placeOf(a) - placeOf(b))
  }
  useLayoutEffect(() => {
    order.current = new Map(items.map(({ slot }, place) => [slot, place]))
  })
  return items
}

/** Scrolls no further than needed to have the row in sight, below the head. */
function scrollToRow(element: HTMLElement | null, top: number, row_height: number, head_height: number): void {
  if (!element) return
  const lowest = head_height + top + row_height - element.clientHeight
  if (element.scrollTop > top) element.scrollTop = top
  else if (element.scrollTop < lowest) element.scrollTop = lowest
}
