import stringWidth from 'string-width'

/**
 * Wraps sentences to the width of the terminal and indents all lines except the first by `indent` columns. In a pipe a
 * text stays on one line, so that it can be searched.
 */
export function wrap(text: string, indent: number, stream: { isTTY?: boolean; columns?: number } = process.stdout) {
  const width = stream.isTTY ? Math.max(20, (stream.columns ?? 80) - indent) : Number.POSITIVE_INFINITY
  const lines = text.split('\n').flatMap((line) => wrapLine(line, width))
  return lines.join(`\n${' '.repeat(indent)}`)
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current !== '' && stringWidth(longer) > width) {
      lines.push(current)
      current = word
    } else current = longer
  }
  return [...lines, current]
}
