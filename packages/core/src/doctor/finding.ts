/** The result of one check. `advice` states what to do; null if nothing. */
export interface Finding {
  check: string
  state: 'ok' | 'warning' | 'failed'
  message: string
  advice: string | null
}

export type Env = Readonly<Record<string, string | undefined>>
export type Check = (env: Env) => Promise<Finding[]>

/** How long one check may take. */
export const CHECK_TIMEOUT_MS = 10_000

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message, advice: null })
export const warning = (check: string, message: string, advice: string): Finding => ({
  check,
  state: 'warning',
  message,
  advice,
})
export const failed = (check: string, message: string, advice: string | null): Finding => ({
  check,
  state: 'failed',
  message,
  advice,
})
