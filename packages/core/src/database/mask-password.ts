const SECRET_PARAMETER = /([?&;][^=&;]*(?:pass|pwd|secret|token|key)[^=&;]*=)[^&;]*/gi

/**
 * Replaces the password of a database URL by `mask`: between the user and the last `@`, because an unencoded password may
 * contain `@`, `:` and `/`, and in parameters such as `?password=`.
 */
export function maskPassword(database_url: string, mask = '***'): string {
  return database_url.replace(/(\/\/[^:@/]*):.*@/s, `$1:${mask}@`).replace(SECRET_PARAMETER, `$1${mask}`)
}
