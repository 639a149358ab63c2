/**
 * Invented people and places for measuring: most are alone, every tenth is a typed variation of another one, and some
 * only look alike (family in one firm, namesake, branch). The same seed gives the same leads.
 */

export interface InventedLead {
  /** Which person or place it is; equal for variations of one. */
  entity: number
  first_name: string | null
  last_name: string | null
  email: string | null
  phone: string | null
  company_name: string | null
  company_domain: string | null
  street: string | null
  city: string
  postal_code: string
}

/** Mulberry32: small, fast, and the same everywhere. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const firstNames =
  `Anna Bernd Clara Dieter Elena Frank Greta Hannes Ida Jonas Katja Lars Maria Nils Olga Peter Quirin Rosa
  Stefan Tina Uwe Vera Walter Xenia Yusuf Zoe Thomas Michael Sabine Katharina Alexander Christine William Robert Margaret
  Elizabeth James Sofia Mateo Lucia Pierre Camille Giulia Marco Ayse Mehmet Ivan Olena Priya Arjun`.split(/\s+/)
const stems = `Hart Berg Wald Stein Lind Rosen Feld Brun Kram Schur Voll Wein Zell Adler Eich Falk Gras Holz Kant Lang
  Mohn Nord Ost Pfau Reh Sand Tann Ull Wolf Zorn`.split(/\s+/)
const endings = 'mann berg hofer meyer stein egger bach wald ner inger son sen ski ova etti ez'.split(' ')
const trades = 'Druckerei Tischlerei Hotel Praxis Kanzlei Optik Elektro Garten Logistik Catering Studio Werkzeug'.split(
  ' ',
)
const cities =
  `Aachen Bonn Celle Dessau Erfurt Fulda Gera Halle Ingolstadt Jena Kassel Lemgo Mainz Neuss Olpe Passau Rheine
  Soest Trier Ulm Verden Worms Xanten Zittau Basel Linz Graz Zug`.split(/\s+/)

const pick = <Item>(items: readonly Item[], random: () => number): Item =>
  items[Math.floor(random() * items.length)] as Item

/** Rare names are rare: a last name has two or three parts of which the first ones are common. */
function inventLastName(random: () => number): string {
  const stem = pick(stems, random)
  return random() < 0.5
    ? `${stem}${pick(endings, random)}`
    : `${stem}${pick(stems, random).toLowerCase()}${pick(endings, random)}`
}

export function inventLeads(count: number, seed = 1): InventedLead[] {
  const random = createRandom(seed)
  const leads: InventedLead[] = []
  for (let entity = 0; leads.length < count; entity += 1) {
    const lead = random() < 0.7 ? inventPerson(entity, random) : inventPlace(entity, random)
    leads.push(lead)
    const chance = random()
    if (chance < 0.1) leads.push(vary(lead, random))
    else if (chance < 0.16) leads.push(lookAlike(lead, random, 1_000_000 + entity))
  }
  return leads.slice(0, count)
}

function inventPerson(entity: number, random: () => number): InventedLead {
  const first_name = pick(firstNames, random)
  const last_name = inventLastName(random)
  const company = `${pick(trades, random)} ${inventLastName(random)}`
  const domain = `${company.toLowerCase().replace(' ', '-')}${Math.floor(random() * 90)}.example`
  const local =
    random() < 0.6 ? `${first_name}.${last_name}` : `${first_name[0]}${last_name}${Math.floor(random() * 99)}`
  return {
    entity,
    first_name,
    last_name,
    email: random() < 0.8 ? `${local}@${domain}`.toLowerCase() : null,
    phone: random() < 0.5 ? inventPhone(random) : null,
    company_name: company,
    company_domain: domain,
    street: random() < 0.3 ? inventStreet(random) : null,
    city: pick(cities, random),
    postal_code: inventPostalCode(random),
  }
}

function inventPlace(entity: number, random: () => number): InventedLead {
  const company_name = `${pick(trades, random)} ${inventLastName(random)}`
  return {
    entity,
    first_name: null,
    last_name: null,
    email: null,
    phone: inventPhone(random),
    company_name,
    company_domain: random() < 0.6 ? `${company_name.toLowerCase().replace(' ', '-')}.example` : null,
    street: inventStreet(random),
    city: pick(cities, random),
    postal_code: inventPostalCode(random),
  }
}

const inventPhone = (random: () => number): string => `+49${Math.floor(1e9 + random() * 8e9)}`
const inventPostalCode = (random: () => number): string => `${10_000 + Math.floor(random() * 5000)}`
const inventStreet = (random: () => number): string =>
  `${pick(stems, random)}${pick(['weg', 'straße', 'gasse', 'allee'], random)} ${1 + Math.floor(random() * 120)}`

/** A typing error: two neighbors swapped, or one left out. */
function mistype(text: string, random: () => number): string {
  const at = 1 + Math.floor(random() * Math.max(1, text.length - 2))
  return random() < 0.5
    ? text.slice(0, at) + text.slice(at + 1)
    : text.slice(0, at) + (text[at + 1] ?? '') + (text[at] ?? '') + text.slice(at + 2)
}

/** The same person or place as another source writes it. */
function vary(lead: InventedLead, random: () => number): InventedLead {
  const { first_name, last_name } = lead
  const chance = random()
  if (first_name === null || last_name === null) {
    return chance < 0.5
      ? { ...lead, company_name: `${lead.company_name} GmbH`, company_domain: null }
      : { ...lead, phone: null, company_name: mistype(lead.company_name ?? '', random) }
  }
  if (chance < 0.25) return { ...lead, last_name: mistype(last_name, random) }
  if (chance < 0.4) return { ...lead, first_name: last_name, last_name: first_name }
  if (chance < 0.6) return { ...lead, first_name: `${first_name[0]}.`, phone: null }
  if (chance < 0.8) return { ...lead, email: null, street: null }
  return { ...lead, first_name: first_name.toUpperCase(), last_name: last_name.toUpperCase(), company_name: null }
}

/** Another person or place that shares much of it. */
function lookAlike(lead: InventedLead, random: () => number, entity: number): InventedLead {
  const first_name = lead.first_name === null ? null : pick(firstNames, random)
  const email =
    lead.email === null || first_name === null ? null : `${first_name}.x@${lead.company_domain}`.toLowerCase()
  const chance = random()
  if (lead.first_name === null) {
    return {
      ...lead,
      entity,
      city: pick(cities, random),
      postal_code: inventPostalCode(random),
      street: inventStreet(random),
      phone: inventPhone(random),
    }
  }
  if (chance < 0.6) return { ...lead, entity, first_name, email, phone: lead.phone }
  return { ...inventPerson(entity, random), first_name: lead.first_name, last_name: lead.last_name, city: lead.city }
}
