import { generateDataset } from '@leads/apify-simulator/generate/dataset'

/**
 * The items that the rates are measured with: people of 1.3 KB, 3% of them twice, 5 companies for each 100 people in
 * no order, as in the size estimates of the schema (5,000 companies for 100,000 leads).
 */
const DUPLICATE_SHARE = 0.03
const PEOPLE_PER_COMPANY = 20
/** The generator's own: people at neighbouring offsets share an employer. */
const NEIGHBOURS = 4

interface Person {
  organization?: unknown
  organization_id?: unknown
}

export interface ItemSpec {
  seed: number
  from: number
  count: number
  total: number
  /** Share of the people whose title has changed since; 0 by default. */
  changed_share?: number
}

/** Items `from` … `from + count` as JSON texts; the same for the same seed. `total` items share the companies. */
export function itemTexts({ seed, from, count, total, changed_share = 0 }: ItemSpec): string[] {
  const shape = { generator: 'apollo-people', seed, empty_share: 0, error_share: 0 } as const
  const people = generateDataset({ ...shape, count: total, duplicate_share: DUPLICATE_SHARE })
  const employers = generateDataset({ ...shape, seed: 1, count: total, duplicate_share: 0 })
  const companies = Math.max(1, Math.floor(total / PEOPLE_PER_COMPANY))
  const texts: string[] = []
  for (let offset = from; offset < from + count; offset += 1) {
    const person = JSON.parse(people.text(offset)) as Person & { id: string; title: string }
    // By the person's id, so that a person who appears twice has one employer.
    const company = Number.parseInt(person.id.slice(0, 8), 16) % companies
    const { organization, organization_id } = JSON.parse(employers.text(company * NEIGHBOURS)) as Person
    const isChanged = Number.parseInt(person.id.slice(8, 16), 16) < changed_share * 2 ** 32
    const news = isChanged ? { title: `Senior ${person.title}` } : {}
    texts.push(JSON.stringify({ ...person, ...news, organization, organization_id }))
  }
  return texts
}
