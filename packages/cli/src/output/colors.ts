import picocolors from 'picocolors'

interface Stream {
  isTTY?: boolean
}

/**
 * Colours for a stream: on a terminal, unless NO_COLOR is set to anything or TERM is dumb. FORCE_COLOR turns them on
 * for a terminal that cannot be seen. The library's own guess also colours pipes where CI is set, so it is not asked.
 */
export function colours(stream: Stream = process.stdout) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0'
  return picocolors.createColors(!NO_COLOR && (isForced || (stream.isTTY === true && TERM !== 'dumb')))
}
