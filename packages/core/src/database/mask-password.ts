/** A database URL as it may be shown: `mask` stands for its password, if it has one. */
export function maskPassword(database_url: string, mask = '***'): string {
  return database_url.replace(/(\/\/[^:@/]*):[^@/]*@/, `$1:${mask}@`)
}
