import { createMapper } from '@leads/core/mapping/map-item'
import { expect, test } from 'vitest'

/** Items of Actors that no preset knows, read by grammar alone. All people are invented. */

const mapItem = createMapper({ presets: false })
const ACTOR = { actor_id: 'someone/some-actor', actor_name: 'someone/some-actor' }

const cases: [what: string, item: Record<string, unknown>, lead: Record<string, unknown>, company?: object][] = [
  [
    'a role before or behind the noun names a person or a company',
    {
      nomAvocat: 'Maître Odile Garrec',
      cabinet: 'Garrec & Associés',
      emailAvocat: 'o.garrec@garrec.fr',
      telAvocat: '+33 2 99 12 34 56',
    },
    {
      full_name: 'Odile Garrec',
      company_name: 'Garrec & Associés',
      email: 'o.garrec@garrec.fr',
      phone: '+33299123456',
    },
  ],
  [
    'the person whom a finder of addresses was asked for is the lead',
    { input: { first_name: 'Nora', last_name: 'Feld', domain: 'feld-werke.com' }, email: 'nora.feld@feld-werke.com' },
    { full_name: 'Nora Feld', email: 'nora.feld@feld-werke.com', company_domain: 'feld-werke.com' },
  ],
  [
    'what was asked counts in flat keys too',
    { inputName: 'Nora Feld', inputDomain: 'feld-werke.com', foundEmail: 'n.feld@feld-werke.com' },
    { full_name: 'Nora Feld', email: 'n.feld@feld-werke.com' },
  ],
  [
    'what was asked is not the name of another address that was found',
    { query: { name: 'Nora Feld' }, email: 'office@hill-farm.com' },
    { full_name: null, email: 'office@hill-farm.com' },
  ],
  [
    'a school is the company and its head the contact',
    { schoolName: 'Birkwood Academy', headteacher: 'Mrs Ada Lorne', telephone: '020 7946 0101', postcode: 'SE1 7AB' },
    { company_name: 'Birkwood Academy', full_name: 'Ada Lorne', postal_code: 'SE1 7AB' },
  ],
  [
    'the head of a school in an object has a role and is addressed with a title',
    {
      name: 'Birkwood School',
      head: { title: 'Mr', firstName: 'Ian', lastName: 'Moss', role: 'Headteacher' },
      email: 'office@birkwood-school.com',
    },
    { company_name: 'Birkwood School', full_name: 'Ian Moss', title: 'Headteacher' },
  ],
  [
    'the school of a person is where they studied',
    { fullName: 'Ian Moss', school: 'Lincoln High', linkedinUrl: 'https://www.linkedin.com/in/ian-moss-x' },
    { full_name: 'Ian Moss', company_name: null },
  ],
  [
    'the author of an article is the lead, and the blog is not their company',
    {
      author: 'Ida Penn',
      authorEmail: 'ida@pennwrites.com',
      postTitle: 'How to bake',
      url: 'https://some-blog.com/2026/bake',
      site: 'some-blog.com',
    },
    {
      full_name: 'Ida Penn',
      email: 'ida@pennwrites.com',
      company_domain: 'pennwrites.com',
      external_id: 'email:ida@pennwrites.com',
    },
  ],
  [
    'an organizer whose mailbox bears the given name is a person',
    { title: 'Tech Night', organizerName: 'Lena Voss', organizerEmail: 'lena@voss-events.de', venueName: 'Halle 7' },
    { full_name: 'Lena Voss', company_name: null, email: 'lena@voss-events.de' },
  ],
  [
    'an organizer with the mailbox of a role is a company',
    { title: 'Tech Night', organizerName: 'Voss Events', organizerEmail: 'info@voss-events.de' },
    { full_name: null, company_name: 'Voss Events' },
  ],
  [
    'a headline that is a job is the title',
    {
      fullName: 'Ola Brandt',
      headline: 'Head of Procurement',
      linkedinUrl: 'https://www.linkedin.com/in/ola-brandt-x',
    },
    { title: 'Head of Procurement' },
  ],
  [
    'a headline that says more than the job is no title',
    {
      fullName: 'Ola Brandt',
      headline: 'Head of Procurement | Speaker',
      linkedinUrl: 'https://www.linkedin.com/in/ola-brandt-x',
    },
    { title: null },
  ],
  [
    'the site of a company tells the country of its national number',
    { name: 'Holzbau Ried', phone: '0731 5550178', website: 'https://holzbau-ried.de' },
    { phone: '+497315550178', country: null },
  ],
  [
    'a shop or lot belongs to its street',
    { name: 'Green Leaf', address: 'Shop 4, Linking Road, Mumbai, Maharashtra 400050, India' },
    { street: 'Shop 4, Linking Road', city: 'Mumbai', state: 'Maharashtra' },
  ],
  [
    'German roles and adjectives are understood',
    {
      arztName: 'Dr. med. Hilke Brandt',
      praxisName: 'Herzpraxis Brandt',
      fachrichtung: 'Kardiologie',
      telefon: '+49 341 9988776',
      telefax: '+49 341 9988777',
    },
    { full_name: 'Hilke Brandt', company_name: 'Herzpraxis Brandt', phone: '+493419988776', additional_phones: [] },
  ],
  [
    'a present position in German is the title',
    {
      vollstaendiger_name: 'Annika Rehm',
      aktuelle_position: 'Leiterin Einkauf',
      aktueller_arbeitgeber: 'Rehm Optik KG',
      geschaeftliche_email: 'a.rehm@rehm-optik.de',
    },
    {
      full_name: 'Annika Rehm',
      title: 'Leiterin Einkauf',
      company_name: 'Rehm Optik KG',
      email: 'a.rehm@rehm-optik.de',
    },
  ],
  [
    'keys of OpenStreetMap give street, number and contact',
    {
      type: 'node',
      id: 5512345678,
      tags: {
        name: 'Bäckerei Krume',
        'addr:street': 'Hauptstr.',
        'addr:housenumber': '5',
        'addr:postcode': '80331',
        'addr:city': 'München',
        'contact:phone': '+49 89 1234567',
        'contact:fax': '+49 89 1234568',
      },
    },
    {
      company_name: 'Bäckerei Krume',
      street: 'Hauptstr. 5',
      postal_code: '80331',
      city: 'München',
      phone: '+49891234567',
      tags: [],
    },
  ],
  [
    'the present value of a changed company counts',
    {
      name: 'Rafe Donnelly',
      company: { current: 'Tidewater Labs', previous: 'Inland Soft' },
      title: { current: 'CTO', previous: 'VP Engineering' },
      email: 'rafe@tidewater-labs.com',
    },
    { full_name: 'Rafe Donnelly', company_name: 'Tidewater Labs', title: 'CTO' },
  ],
  [
    'a Brazilian register entry has street, phone and partner',
    {
      cnpj: '12.345.678/0001-90',
      razao_social: 'PADARIA ESTRELA LTDA',
      logradouro: 'Rua das Flores',
      numero: '120',
      municipio: 'Curitiba',
      uf: 'PR',
      ddd_telefone_1: '+55 41 33221100',
      socios: [{ nome_socio: 'Renata Prado' }],
    },
    {
      full_name: 'Renata Prado',
      company_name: 'PADARIA ESTRELA LTDA',
      street: 'Rua das Flores 120',
      city: 'Curitiba',
      phone: '+554133221100',
    },
  ],
  [
    'Polish and Dutch keys are understood',
    {
      nazwa: 'Stolarnia Dąb',
      ulica: 'ul. Leśna 3',
      kod: '30-001',
      miasto: 'Kraków',
      wojewodztwo: 'małopolskie',
      telefony: ['+48 12 345 67 89'],
      właściciel: 'Piotr Zieliński',
    },
    {
      full_name: 'Piotr Zieliński',
      company_name: 'Stolarnia Dąb',
      street: 'ul. Leśna 3',
      postal_code: '30-001',
      city: 'Kraków',
      state: 'małopolskie',
      phone: '+48123456789',
    },
  ],
  [
    'the developer of an app is the company, and the title is not',
    {
      appId: 'com.nimbus.todo',
      title: 'Nimbus Todo',
      developer: 'Nimbus Apps Ltd',
      developerEmail: 'support@nimbus-apps.com',
      price: 0,
    },
    { company_name: 'Nimbus Apps Ltd', email: 'support@nimbus-apps.com' },
  ],
  [
    'lists of fax numbers are no phone numbers',
    {
      startUrl: 'https://holzbau-reiter.at',
      emails: ['office@holzbau-reiter.at'],
      phones: ['+43 662 123456'],
      faxes: ['+43 662 123457'],
      depth: 0,
    },
    { phone: '+43662123456', additional_phones: [] },
  ],
  [
    'a titled person under an unknown name is the person',
    { lecturer_name: 'Prof. Dr. Amara Nwosu', department: 'Physics', email_address: 'a.nwosu@lakeside.edu' },
    { full_name: 'Amara Nwosu', email: 'a.nwosu@lakeside.edu' },
  ],
  [
    'a remark in brackets changes no meaning',
    { 'Company Name': 'Granite Peak Roofing', 'Employees (All Sites)': '25', 'Phone Number': '+1 970 555 0170' },
    { company_name: 'Granite Peak Roofing', phone: '+19705550170' },
    { employee_count: 25 },
  ],
  [
    'a job post with German keys is the employer with its contact',
    {
      stellentitel: 'Bäcker (m/w/d)',
      beruf: 'Bäcker/in',
      arbeitgeber: 'Backstube Sonne GmbH',
      arbeitsort: '70173 Stuttgart',
      ansprechpartner: 'Frau Carla Ihle',
      bewerbungEmail: 'jobs@backstube-sonne.de',
    },
    { full_name: 'Carla Ihle', title: null, company_name: 'Backstube Sonne GmbH', email: 'jobs@backstube-sonne.de' },
  ],
  [
    'keys with a common unknown prefix are read without it',
    {
      rest_title: 'La Cantina',
      rest_phone: '+34 93 123 45 67',
      rest_address: 'Carrer de Mallorca 200, 08036 Barcelona, Spain',
      rest_url: 'https://www.eatwhere.es/restaurant/la-cantina-7781',
    },
    { company_name: 'La Cantina', phone: '+34931234567', city: 'Barcelona' },
  ],
  [
    'a company inside a record of a person is the company of that person',
    {
      therapist: {
        firstName: 'Marion',
        lastName: 'Coyle',
        practice: { name: 'Harbor Counseling', phone: '+1 207 555 0161' },
      },
    },
    { full_name: 'Marion Coyle', company_name: 'Harbor Counseling', phone: '+12075550161' },
  ],
  [
    'an exhibitor has a country, a city and a website',
    {
      exhibitorName: 'Tessellate Robotics',
      boothNumber: 'B12',
      exhibitorWebsite: 'https://tessellate-robotics.ch',
      exhibitorCity: 'Zürich',
      exhibitorCountry: 'Switzerland',
    },
    {
      company_name: 'Tessellate Robotics',
      company_domain: 'tessellate-robotics.ch',
      city: 'Zürich',
      country: 'Switzerland',
      full_name: null,
    },
  ],
  [
    'objects whose keys end in Section are opened',
    {
      companyProfile: {
        basic: { companyName: 'Ostrava Steel s.r.o.' },
        addressSection: { fullText: 'Průmyslová 5, 702 00 Ostrava, Czech Republic' },
        contactsSection: { tels: ['+420 596 123 456'] },
      },
    },
    { company_name: 'Ostrava Steel s.r.o.', city: 'Ostrava', country: 'Czechia', phone: '+420596123456' },
  ],
  [
    'the title of a LinkedIn page under a name is cut after the person',
    { name: 'Sara Lind - Head of People - Fjäll AB | LinkedIn', link: 'https://se.linkedin.com/in/sara-lind-9' },
    { full_name: 'Sara Lind' },
  ],
  [
    'a page name is the name of the company',
    {
      type: 'page',
      pageName: 'Sunrise Yoga',
      category: 'Yoga studio',
      phone: '+1 303-555-0120',
      pageUrl: 'https://www.facebook.com/sunriseyoga',
    },
    { company_name: 'Sunrise Yoga' },
  ],
  [
    'an event is the company that organizes it and no person',
    {
      name: 'Grand Opening Sale',
      startDate: '2026-05-01',
      ticketUrl: 'https://tix.com/e/991',
      organizer: { name: 'Bright Events Ltd', email: 'team@bright-events.com' },
    },
    { full_name: null, company_name: 'Bright Events Ltd', email: 'team@bright-events.com' },
  ],
  [
    'a public body with a contact point is a company with a contact',
    { buyer: { name: 'Municipality of Grünau', contactPoint: 'Ms. Eva Holm', email: 'procurement@gruenau.at' } },
    { full_name: 'Eva Holm', company_name: 'Municipality of Grünau', email: 'procurement@gruenau.at' },
  ],
]

test.each(cases)('%s', (_what, item, lead, company = {}) => {
  const mapped = mapItem(item, ACTOR)
  expect(mapped).toMatchObject({ outcome: 'lead', lead, ...(Object.keys(company).length > 0 && { company }) })
})
