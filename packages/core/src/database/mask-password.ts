/** A database URL as it may be shown: `mask` stands for its password, if it has one. */
export function withoutPassword(database_url: string, mask = '***'): string {
  return database_url.replace(/(\/\/[^:@/]*):[^@/]*@/, `$1:${mask}@`)
}
