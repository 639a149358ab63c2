import type { Db } from '../database/engine.ts'

interface BisectingWriter<State, Row> {
  /** Writes all rows or none, and returns the state after them. */
  write(state: State, rows: readonly Row[]): Promise<State>
  /** Handles the single row that the database refuses, and returns the state after it. */
  onRefused(state: State, row: Row, error: Error): Promise<State>
  /** Called when rows are refused, before they are split. */
  onSplit?(rows: readonly Row[], error: Error): void
}

/**
 * Writes rows of which the database may refuse some: a refused group is split in two until the failing row stands alone.
 * The left half is written first, so rows keep their order. Returns the last state.
 */
export async function writeBisecting<State, Row>(
  db: Db,
  state: State,
  rows: readonly Row[],
  writer: BisectingWriter<State, Row>,
): Promise<State> {
  try {
    return await writer.write(state, rows)
  } catch (error) {
    if (db.engine.classifyError(error) !== 'data') throw error
    writer.onSplit?.(rows, error as Error)
    const [row] = rows
    if (rows.length === 1 && row !== undefined) return writer.onRefused(state, row, error as Error)
    const middle = rows.length >> 1
    const half = await writeBisecting(db, state, rows.slice(0, middle), writer)
    return writeBisecting(db, half, rows.slice(middle), writer)
  }
}
