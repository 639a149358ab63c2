/** Active leads of a country and status, newest first: the list of the schema's usage patterns. */
export const LIST = '/leads?country=DE&lead_status=new&limit=100'

/** All leads, newest first: what the deep pages are pages of. */
export const ALL = '/leads?limit=100'

export interface Target {
  path: string
  /** Lists have a bound for their p99. */
  isList?: boolean
}

/** A lead in the middle of the largest tables; small ones have fewer. */
const LEAD_ID = 4242

/** The calls that are measured, for a table of so many leads. */
export function buildTargets(leads_count: number): Record<string, Target> {
  const id = Math.min(LEAD_ID, leads_count)
  return {
    list: { path: LIST, isList: true },
    'list, all leads': { path: ALL, isList: true },
    'list with source and company': { path: `${LIST}&include=source,company`, isList: true },
    search: { path: `/leads?q=last${id}&limit=100`, isList: true },
    get: { path: `/leads/${id}` },
    history: { path: `/leads/${id}/events`, isList: true },
    source: { path: `/leads/${id}/source` },
    companies: { path: '/companies?limit=100', isList: true },
    stats: { path: '/stats' },
  }
}
