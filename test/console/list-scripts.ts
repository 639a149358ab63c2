/** Scripts for the page of a list: what `page.evaluate` runs in the browser. */

/**
 * Defines `go(search)`: opens an address as a click on a filter does, and returns the time until another first row is
 * painted.
 */
export const DEFINE_GO = `window.go = (search) => new Promise((resolve, reject) => {
  const first = () => document.querySelector('[role=grid] [data-row="0"][data-column="1"]')
  const before = first()?.dataset.lead
  const start = performance.now()
  history.pushState(null, '', '/console/leads' + search)
  dispatchEvent(new PopStateEvent('popstate'))
  const look = () => {
    const is_busy = document.querySelector('[role=grid]')?.getAttribute('aria-busy') === 'true'
    if (first() && first().dataset.lead !== before && !is_busy) requestAnimationFrame(() => resolve(performance.now() - start))
    else if (performance.now() - start > 30_000) reject(new Error('No other first row: ' + search))
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})`

/** Scrolls to the end again and again until the list has loaded so many rows. */
export const loadRows = (count: number): string => `(async () => {
  const grid = document.querySelector('[role=grid]')
  const row_px = grid.querySelector('[data-row]:not([data-row="-1"])').closest('[role=row]').offsetHeight
  while (grid.scrollHeight < ${count} * row_px) {
    grid.scrollTop = grid.scrollHeight
    await new Promise((done) => setTimeout(done, 30))
  }
})()`

/**
 * Scrolls frame by frame through loaded rows. Returns the time of each frame, the most rows that were drawn, and how
 * many rows were given new elements.
 */
export const scrollFrames = (rows: number, frames: number, frame_px: number, row_px: number): string => `(async () => {
  const grid = document.querySelector('[role=grid]')
  const times = []
  let drawn_max = 0
  let built = 0
  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) if (node.role === 'row') built += 1
  })
  observer.observe(grid, { childList: true, subtree: true })
  let before = performance.now()
  const from = Math.random() * (${rows * row_px} - ${frames * frame_px})
  for (let top = from; top < from + ${frames * frame_px}; top += ${frame_px}) {
    grid.scrollTop = top
    await new Promise((done) => requestAnimationFrame(done))
    const now = performance.now()
    times.push(now - before)
    before = now
    drawn_max = Math.max(drawn_max, grid.querySelectorAll('[role=row]').length)
  }
  observer.disconnect()
  return { times, drawn_max, built }
})()`
