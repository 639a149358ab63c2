/** Exit codes that scripts can rely on. Codes from 64 follow sysexits.h. */
export const exitCodes = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'the command failed, or a check did not pass' },
  usage: { code: 2, meaning: 'invalid command, option or argument' },
  not_found: { code: 3, meaning: 'no such lead, run, import or key' },
  conflict: { code: 4, meaning: 'conflicts with the current state' },
  unavailable: { code: 69, meaning: 'database, queue, API or Apify is unavailable: try again later' },
  no_permission: { code: 77, meaning: 'a token, key or password was rejected' },
  configuration: { code: 78, meaning: 'an environment variable or the database schema must be fixed first' },
  interrupted: { code: 130, meaning: 'interrupted; run the same command again to resume' },
} as const

export type ExitReason = keyof typeof exitCodes
