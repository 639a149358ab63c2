import { resolve } from 'node:path'

/** Where `sqlite:PATH` points: PATH is relative to the working directory; `:memory:` lives as long as the handle. */
export function toSqlitePath(database_url: string): string {
  const path = database_url.replace(/^sqlite:(\/\/(?=\/))?/, '')
  return path === ':memory:' ? path : resolve(path)
}
