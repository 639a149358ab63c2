/** Generated items to map, all different: mapping remembers little, but what it remembers must not flatter the figures. */

const FIRST = [
  'Jane',
  'Tomás',
  'Greta',
  'Uwe',
  'Aurélie',
  'Chiara',
  'Ignatius',
  'Mirembe',
  'Pelle',
  'Inés',
  'Annegret',
  'Sean',
]
const LAST = [
  'Doe',
  'Arriaga',
  'Lindqvist',
  'Hofmann',
  'Deschamps',
  'Bellandi',
  'Okello',
  'Atwood',
  'Strandberg',
  'Carbonell',
  'Thornbury',
]
const PLACES = [
  ['New York', 'New York', 'US', '10011', '+1212555'],
  ['Berlin', 'Berlin', 'DE', '10115', '+4930555'],
  ['Lyon', 'Auvergne-Rhône-Alpes', 'FR', '69003', '+33478555'],
  ['Firenze', 'Toscana', 'IT', '50123', '+39055555'],
  ['Leeds', 'England', 'GB', 'LS1 4AP', '+44113555'],
] as const
const TRADES = ['Bakery', 'Dentist', 'Law firm', 'Coffee shop', 'Plumber', 'Car repair', 'Architect']

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T
const pad = (index: number, digits: number) => String(index).padStart(digits, '0')
const placeId = (index: number) => `ChIJ${pad(index, 8)}xkokRCZ8XaBNj_Gw`

/** A full item of a maps scraper, about 50 keys. */
function place(index: number): unknown {
  const [city, state, country, zip, dial] = pick(PLACES, index)
  const name = `${pick(TRADES, index)} ${pick(LAST, index)} ${index}`
  const trade = pick(TRADES, index)
  const phone = `${dial}${pad(index % 10_000, 4)}`
  return {
    searchString: trade,
    rank: index,
    isAdvertisement: false,
    title: name,
    price: '$10–20',
    categoryName: trade,
    address: `${index} Main St, ${city}, ${zip}`,
    neighborhood: city,
    street: `${index} Main St`,
    city,
    postalCode: zip,
    state,
    countryCode: country,
    location: { lat: 40.7 + index / 1e5, lng: -74 },
    plusCode: 'GQ62+8M',
    website: `https://www.${trade.toLowerCase().replace(' ', '-')}-${index}.com/?utm_source=gmb`,
    phone,
    phoneUnformatted: phone,
    claimThisBusiness: false,
    totalScore: 4.5,
    reviewsCount: index % 500,
    imagesCount: 12,
    permanentlyClosed: false,
    temporarilyClosed: false,
    placeId: placeId(index),
    categories: [trade, 'Service establishment'],
    fid: `0x${index}:0x1`,
    cid: String(index * 7919),
    imageUrl: 'https://lh3.example.com/p/x',
    kgmid: '/g/1',
    url: `https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(name)}&query_place_id=${placeId(index)}`,
    scrapedAt: '2025-04-22T14:23:34.961Z',
    openingHours: [
      { day: 'Monday', hours: '7 AM to 6 PM' },
      { day: 'Tuesday', hours: '7 AM to 6 PM' },
    ],
    additionalInfo: { Amenities: [{ Restroom: true }, { 'Wi-Fi': true }], Payments: [{ 'Credit cards': true }] },
    reviewsDistribution: { oneStar: 1, fiveStar: 9 },
    emails: [`info@${trade.toLowerCase().replace(' ', '-')}-${index}.com`],
    instagrams: [],
    facebooks: [`https://www.facebook.com/p${index}`],
    linkedIns: [],
  }
}

/** A person whose employer is given twice, nested and flat; about 100 keys. */
function person(index: number): unknown {
  const [city, state, , zip, dial] = pick(PLACES, index)
  const [first, last] = [pick(FIRST, index), pick(LAST, index >> 2)]
  const domain = `company-${index % 2_000}.com`
  const company = `Company ${index % 2_000}`
  const organization = {
    id: pad(index, 24),
    name: company,
    website_url: `http://www.${domain}`,
    linkedin_url: `http://www.linkedin.com/company/company-${index % 2_000}`,
    founded_year: 2001,
    primary_phone: { number: `${dial}${pad(index % 10_000, 4)}`, source: 'Scraped' },
    primary_domain: domain,
    industry: 'automotive',
    estimated_num_employees: String(index % 900),
    keywords: Array.from({ length: 20 }, (_, word) => `keyword ${word}`),
    city,
    state,
    country: 'United States',
    postal_code: zip,
    raw_address: `1 Main St, ${city}`,
  }
  return {
    id: pad(index * 31, 24),
    first_name: first,
    last_name: last,
    name: `${first} ${last}`,
    linkedin_url: `http://www.linkedin.com/in/${first}-${last}-${index}`.toLowerCase(),
    title: 'Sales Manager',
    email_status: 'verified',
    photo_url: 'https://media.example.com/x',
    twitter_url: null,
    github_url: null,
    headline: `Sales Manager at ${company}`,
    email: `${first}.${last}@${domain}`.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, ''),
    organization_id: pad(index, 24),
    state,
    city,
    country: 'United States',
    organization,
    employment_history: [
      { current: true, end_date: null, organization_name: company, start_date: '2019-06-01', title: 'Sales Manager' },
      { current: false, end_date: '2019-01-01', organization_name: 'Other', title: 'Clerk' },
    ],
    departments: ['master_sales'],
    seniority: 'manager',
    functions: ['sales'],
    personal_emails: [`${last}${index}@gmail.com`.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '')],
    organization_name: company,
    organization_website_url: `http://www.${domain}`,
    organization_linkedin_url: `http://www.linkedin.com/company/company-${index % 2_000}`,
    industry: 'automotive',
    estimated_num_employees: String(index % 900),
    organization_city: city,
    organization_state: state,
    organization_country: 'United States',
    organization_postal_code: zip,
  }
}

/** A flat person as most lead finders write them, about 25 keys. */
function contact(index: number): unknown {
  const [city, state, , , dial] = pick(PLACES, index)
  const [first, last] = [pick(FIRST, index), pick(LAST, index >> 2)]
  return {
    fullName: `${first} ${last}`,
    firstName: first,
    lastName: last,
    jobTitle: 'Head of Operations',
    email: `ops${index}@firm-${index % 3_000}.io`,
    mobileNumber: `${dial}${pad(index % 10_000, 4)}`,
    linkedinUrl: `https://www.linkedin.com/in/p${index}`,
    headline: 'Head of Operations',
    companyName: `Firm ${index % 3_000}`,
    companyWebsite: `firm-${index % 3_000}.io`,
    companySize: '51-200',
    companyIndustry: 'Software',
    companyLinkedin: `linkedin.com/company/firm-${index % 3_000}`,
    addressWithCountry: `${city}, ${state}, United States`,
    about: 'Runs things. '.repeat(20),
    connections: 500,
    followers: 700,
    topSkills: 'Operations',
    experiences: [{ title: 'Head of Operations', caption: 'May 2024 - Present', companyName: `Firm ${index % 3_000}` }],
    skills: [{ title: 'x' }, { title: 'y' }],
  }
}

/** A crawler's page with contacts, in no preset's shape but for its lists. */
function crawl(index: number): unknown {
  return {
    url: `https://site-${index}.org/contact`,
    domain: `site-${index}.org`,
    depth: 1,
    referrerUrl: `https://site-${index}.org`,
    emails: [`hello@site-${index}.org`, 'noreply@site.org'],
    phones: [`+4930555${pad(index % 10_000, 4)}`],
    phonesUncertain: ['717.393.3643'],
    linkedIns: [`https://www.linkedin.com/company/site-${index}`],
    twitters: [],
    facebooks: [],
  }
}

/** An entry of an unknown German directory: the general mapper's work. */
function entry(index: number): unknown {
  const [city, , , zip] = pick(PLACES, 1)
  return {
    firmenname: `${pick(TRADES, index)} ${pick(LAST, index)} GmbH`,
    ansprechpartner: `Herr ${pick(FIRST, index)} ${pick(LAST, index)}`,
    strasse: `Ring ${index}`,
    plz: zip,
    ort: city,
    land: 'Deutschland',
    telefon: `030 555 ${pad(index % 10_000, 4)}`,
    fax: '030 1',
    email: `info [at] firma-${index}.de`,
    webseite: `www.firma-${index}.de`,
    branche: pick(TRADES, index),
    mitarbeiter: '11-50',
    kundennummer: `K-${index}`,
  }
}

export const KINDS: Record<string, (index: number) => unknown> = { place, person, contact, crawl, entry }
