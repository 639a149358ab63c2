import { inventLeads } from './invent-leads.ts'

export interface LookAlikeItem {
  /** Which person it is; equal for two items of one person. */
  entity: number
  item: Record<string, unknown>
}

/** Of each person: who else there is who looks like them. Each makes another person. */
const KINDS = ['family', 'colleague', 'role mailbox', 'namesake', 'father and son', 'same number'] as const

/**
 * Items of invented people. A third has a look-alike: a family at one number and one private mailbox, a colleague of the
 * same last name, people behind info@, a namesake in the same city, father and son of one name with a page each, a record of
 * another system with the same number.
 */
export function inventLookAlikes(count: number): LookAlikeItem[] {
  const items: LookAlikeItem[] = []
  for (const [index, lead] of inventLeads(count).entries()) {
    if (lead.first_name === null || lead.last_name === null) continue
    const domain = `${lead.company_domain}`.replace('.example', '-firma.de')
    const name = `${lead.first_name}-${lead.last_name}`.toLowerCase()
    const person = {
      ID: `${15_000 + index}`,
      firstName: lead.first_name,
      lastName: lead.last_name,
      companyName: lead.company_name,
      city: lead.city,
      phone: lead.phone ?? `+49${3_000_000_000 + index}`,
      email: `${name}-${lead.entity}@${domain}`,
    }
    items.push({ entity: lead.entity, item: person })
    // The same person as another source states them: the address, and a page.
    if (index % 5 === 0)
      items.push({
        entity: lead.entity,
        item: { ...person, ID: undefined, linkedinUrl: `https://www.linkedin.com/in/${name}-${lead.entity}` },
      })
    if (index % 3 === 0)
      items.push(...toLookAlikes(KINDS[(index / 3) % KINDS.length] ?? 'family', person, lead.entity, index))
    if (items.length >= count) break
  }
  return items.slice(0, count)
}

type Person = Record<'ID' | 'firstName' | 'lastName' | 'companyName' | 'city' | 'phone' | 'email', string | null>

function toLookAlikes(kind: (typeof KINDS)[number], person: Person, entity: number, index: number): LookAlikeItem[] {
  const first = entity * 10 + 10_000_000
  const own = { ...person, ID: undefined }
  const firstName = `${person.firstName === 'Ottokar' ? 'Wendelin' : 'Ottokar'}`
  const address = `zweite-${index}@privat.de`
  switch (kind) {
    case 'family':
      return [{ entity: first, item: { ...own, firstName } }]
    case 'colleague':
      return [{ entity: first, item: { ...own, firstName, email: `o.${person.email}` } }]
    case 'role mailbox':
      return ['Ottokar', 'Wendelin', 'Philippa'].map((name, nth) => ({
        entity: first + nth,
        item: { ...own, firstName: name, email: `info@${`${person.email}`.split('@')[1]}` },
      }))
    case 'namesake':
      return [{ entity: first, item: { ...own, companyName: 'Anders AG', phone: null, email: address } }]
    case 'father and son':
      return ['senior', 'junior'].map((which, nth) => ({
        entity: first + nth,
        item: { ...own, email: address, linkedinUrl: `https://www.linkedin.com/in/${which}-${index}` },
      }))
    case 'same number':
      return [{ entity: first, item: { ...person, firstName, lastName: 'Anderswo', email: address, phone: null } }]
  }
}
