/** What a script may rely on. From 64 on they are those of sysexits.h. */
export const exitCodes = {
  done: { code: 0, meaning: 'done' },
  failed: { code: 1, meaning: 'it did not work, or the answer is no (e.g. a check failed)' },
  usage: { code: 2, meaning: 'the command was not understood' },
  not_found: { code: 3, meaning: 'there is no such lead, run, batch or key' },
  conflict: { code: 4, meaning: 'it does not fit the present state' },
  unavailable: { code: 69, meaning: 'database, queue or Apify cannot be reached at the moment: try again' },
  no_permission: { code: 77, meaning: 'a token, key or password was refused' },
  configuration: { code: 78, meaning: 'an environment variable or the database schema has to be mended first' },
  interrupted: { code: 130, meaning: 'interrupted; running the same command again goes on' },
} as const

export type ExitReason = keyof typeof exitCodes
