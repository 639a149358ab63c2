/**
 * Parsing and mapping a page takes as long as the database takes to write one. Done in one go they would keep the
 * answers of the statements before the long one waiting, and the database idle: page after page, not side by side.
 */

/** About 2 ms of work. */
export const ITEMS_PER_SLICE = 32

/** Yields so that pending I/O callbacks, timers and signal handlers can run. */
export const yieldToEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
