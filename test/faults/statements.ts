/**
 * Counts the statements in what a database client sends: how a proxy, which knows nothing of the program that it serves,
 * tells one statement's boundary from the next.
 */
export type StatementCounter = (chunk: Buffer) => number

/**
 * PostgreSQL: messages of one type byte and four of length, after one start-up message without a type. A statement is a
 * simple query (`Q`) or an execution (`E`).
 */
export function countPostgresStatements(onMessage?: (type: string, body: Buffer) => void): StatementCounter {
  let waiting = Buffer.alloc(0)
  let isStarted = false
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    let count = 0
    for (;;) {
      const header = isStarted ? 5 : 4
      if (waiting.length < header) return count
      const length = waiting.readUInt32BE(isStarted ? 1 : 0) + (isStarted ? 1 : 0)
      if (waiting.length < length) return count
      const type = isStarted ? String.fromCharCode(waiting[0] as number) : ''
      if (type === 'Q' || type === 'E') count += 1
      onMessage?.(type, waiting.subarray(header, length))
      isStarted = true
      waiting = waiting.subarray(length)
    }
  }
}

/** Adds the text of each statement that arrives to `texts`: a simple query, or what is parsed (`P`: name, then text). */
export function recordPostgresTexts(texts: Set<string>): StatementCounter {
  return countPostgresStatements((type, body) => {
    const text = body.toString('utf8').split('\0')[type === 'P' ? 1 : 0]
    if ((type === 'P' || type === 'Q') && text !== undefined) texts.add(text)
  })
}

const COM_QUERY = 0x03
const COM_STMT_EXECUTE = 0x17

/** MySQL: packets of three bytes of length and one of sequence; a command begins a sequence. */
export function countMysqlStatements(): StatementCounter {
  let waiting = Buffer.alloc(0)
  return (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    let count = 0
    for (;;) {
      if (waiting.length < 5) return count
      const length = waiting.readUIntLE(0, 3) + 4
      if (waiting.length < length) return count
      const isCommand = waiting[3] === 0
      if (isCommand && (waiting[4] === COM_QUERY || waiting[4] === COM_STMT_EXECUTE)) count += 1
      waiting = waiting.subarray(length)
    }
  }
}
