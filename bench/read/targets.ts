/** Active leads of a country and status, newest first: the list of the schema's usage patterns. */
export const LIST = '/leads?country=DE&lead_status=new&limit=100'

/** All leads, newest first: what the deep pages are pages of. */
export const ALL = '/leads?limit=100'

export interface Target {
  path: string
  /** Lists have a bound for their p99. */
  isList?: boolean
}

export const targets: Record<string, Target> = {
  list: { path: LIST, isList: true },
  'list, all leads': { path: ALL, isList: true },
  'list with source and company': { path: `${LIST}&include=source,company`, isList: true },
  search: { path: '/leads?q=last4242&limit=100', isList: true },
  get: { path: '/leads/4242' },
  history: { path: '/leads/4242/events', isList: true },
  source: { path: '/leads/4242/source' },
  companies: { path: '/companies?limit=100', isList: true },
  stats: { path: '/stats' },
}
