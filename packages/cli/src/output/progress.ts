import { formatNumber, pluralize } from './format.ts'

export interface Progress {
  /** `done` of `total` units; `rows` is what people count. */
  update(done: number, rows: number): void
  /** Shows that something is retried, until the next update. */
  showRetry(message: string): void
  stop(): void
}

const silent: Progress = { update() {}, showRetry() {}, stop() {} }

/**
 * Shows a bar with rate and time left on standard error if that is a terminal. If the total is unknown (null), it shows a
 * count and its rate.
 */
export async function startProgress(label: string, total: number | null, unit: string): Promise<Progress> {
  if (!process.stderr.isTTY) return silent
  const { default: progress } = await import('cli-progress')
  const started = performance.now()
  const bar = new progress.SingleBar({
    format:
      total === null
        ? `${label}  {counted} ${unit}  {rate}/s{retries}`
        : `${label} {bar} {percentage}%  {counted} ${unit}  {rate}/s  {left} left{retries}`,
    barsize: Math.max(10, Math.min(30, process.stderr.columns - label.length - 50)),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    fps: 10,
    stream: process.stderr,
  })
  let retries = 0
  const showRetries = (message = '') =>
    retries === 0 ? '' : `  ${pluralize(retries, 'retry', 'retries')}${message && `, ${message}`}`
  const toPayload = (done: number, rows: number) => {
    const elapsed_s = Math.max(0.001, (performance.now() - started) / 1000)
    const left_s = done > 0 && total !== null ? ((total - done) / done) * elapsed_s : 0
    return {
      counted: formatNumber(rows),
      rate: formatNumber(Math.round(rows / elapsed_s)),
      left: done > 0 ? formatClock(left_s) : '…',
      retries: showRetries(),
    }
  }
  bar.start(Math.max(1, total ?? 1), 0, toPayload(0, 0))
  return {
    update: (done, rows) => bar.update(done, toPayload(done, rows)),
    showRetry(message) {
      retries += 1
      bar.update({ retries: showRetries(message) })
    },
    stop: () => bar.stop(),
  }
}

function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const rest = String(whole % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
