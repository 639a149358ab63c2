import picocolors from 'picocolors'

interface Stream {
  isTTY?: boolean
}

/**
 * Returns the colors for a stream: on for a terminal, unless NO_COLOR is set or TERM is dumb. FORCE_COLOR turns them on
 * without a terminal. The library's own detection is not used because it also colors pipes if CI is set.
 */
export function getColors(stream: Stream = process.stdout) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0'
  return picocolors.createColors(!NO_COLOR && (isForced || (stream.isTTY === true && TERM !== 'dumb')))
}
