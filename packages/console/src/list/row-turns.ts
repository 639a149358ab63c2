import type { Patch, RowKind } from './row-kinds.ts'

/** Changes of one row that are shown and not yet stored. */
interface Turns {
  last: Promise<unknown>
  waiting: Patch[]
  /** Versions between which nobody but this browser changed the row, and the newest of them. */
  own: Set<number>
  newest: number | undefined
}

const turnsByRow = new Map<string, Turns>()

export interface Turn {
  /** The version to send: the one that was read, or what an earlier change of this browser has made of it. */
  versionOf(read: number): number
  /** A change went from one version straight to the next. */
  noteSaved(from: number, to: number): void
  /** Values of the row with those that wait behind this change: an answer does not take them off the screen. */
  withWaiting(values: Patch): Patch
}

/**
 * Runs the changes of a row one after another, as they were made: sent together, the second would be a conflict with the
 * first, and the last value could lose.
 */
export function inTurn<Result>(
  kind: RowKind,
  id: number,
  patch: Patch,
  run: (turn: Turn) => Promise<Result>,
): Promise<Result> {
  const key = `${kind.one} ${id}`
  const turns = turnsByRow.get(key) ?? {
    last: Promise.resolve(),
    waiting: [],
    own: new Set<number>(),
    newest: undefined,
  }
  turnsByRow.set(key, turns)
  turns.waiting.push(patch)
  const start = (): Promise<Result> => {
    turns.waiting = turns.waiting.filter((each) => each !== patch)
    return run(toTurn(turns))
  }
  const result = turns.last.then(start, start)
  const settled = result.then(
    () => {},
    () => {},
  )
  turns.last = settled
  void settled.then(() => {
    if (turns.last === settled) turnsByRow.delete(key)
  })
  return result
}

const toTurn = (turns: Turns): Turn => ({
  versionOf: (read) => (turns.own.has(read) ? (turns.newest ?? read) : read),
  noteSaved(from, to) {
    if (turns.newest !== from) turns.own.clear()
    turns.own.add(from)
    turns.newest = to
  },
  withWaiting: (values) => Object.assign({}, values, ...turns.waiting),
})
