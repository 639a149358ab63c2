/**
 * A connection that was idle for longer is probed before it is used. A function that was frozen finds its connection
 * closed, or open towards a server that dropped it long ago: then a query would wait for TCP to time out.
 */
export const PROBE_AFTER_IDLE_MS = 1_000

/** A server in the same region answers a probe within 2 ms. */
export const PROBE_TIMEOUT_MS = 750
