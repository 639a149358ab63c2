/** What is compared in pairs: leads, and companies. Their tables differ in the names only. */
export const leadPairs = {
  name: 'Lead',
  names: 'Leads',
  rows: 'sales_leads',
  pairs: 'lead_duplicates',
  merges: 'lead_merges',
  a: 'lead_a',
  b: 'lead_b',
} as const

export const companyPairs = {
  name: 'Company',
  names: 'Companies',
  rows: 'companies',
  pairs: 'company_duplicates',
  merges: 'company_merges',
  a: 'company_a',
  b: 'company_b',
} as const

export type PairKind = typeof leadPairs | typeof companyPairs

/** For statements, which are typed with the names of one of the kinds. */
export const toTypedKind = (kind: PairKind): typeof leadPairs => kind as typeof leadPairs
