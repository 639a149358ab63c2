import { recognizeColumn } from '@leads/core/file-imports/columns/recognize-column'
import { matchColumns } from '@leads/core/file-imports/match-columns'
import { importedColumns, leadColumns } from '@leads/core/model/lead-columns'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const columnsOf = (header: string, values: readonly (readonly string[])[] = []) =>
  Object.fromEntries(matchColumns(header.split(','), {}, values).map(({ header, column }) => [header, column]))

/** Headers of products and of plain lists: what each column fills, `-` where it is kept and not read. */
const exports: readonly [string, string][] = [
  [
    'LinkedIn connections',
    'First Name=first_name,Last Name=last_name,URL=external_url,Email Address=email,Company=company_name,Position=title,Connected On=-',
  ],
  [
    'Google Contacts',
    'Name=full_name,Given Name=first_name,Additional Name=-,Family Name=last_name,Yomi Name=-,Name Prefix=-,Nickname=-,Birthday=-,Notes=notes,Group Membership=tags,E-mail 1 - Type=-,E-mail 1 - Value=email,E-mail 2 - Value=additional_emails,Phone 1 - Type=-,Phone 1 - Value=phone,Address 1 - Formatted=-,Address 1 - Street=street,Address 1 - City=city,Address 1 - Region=state,Address 1 - Postal Code=postal_code,Address 1 - Country=country,Organization 1 - Name=company_name,Organization 1 - Title=title,Website 1 - Value=website',
  ],
  [
    'Google Contacts, new',
    'First Name=first_name,Middle Name=-,Last Name=last_name,Phonetic First Name=-,Organization Name=company_name,Organization Title=title,Organization Department=-,Labels=tags,E-mail 1 - Label=-,E-mail 1 - Value=email,Phone 1 - Label=-,Phone 1 - Value=phone',
  ],
  [
    'Outlook',
    "Title=-,First Name=first_name,Last Name=last_name,Suffix=-,Company=company_name,Department=-,Job Title=title,Business Street=street,Business City=city,Business Postal Code=postal_code,Business Country/Region=country,Home Street=street,Assistant's Phone=-,Assistant's Name=-,Business Fax=-,Business Phone=phone,Company Main Phone=company.phone,Mobile Phone=phone,Other Fax=-,Pager=-,Anniversary=-,Birthday=-,E-mail Address=email,E-mail Type=-,E-mail Display Name=-,E-mail 2 Address=additional_emails,Manager's Name=-,Spouse=-,Referred By=-,Web Page=website",
  ],
  [
    'HubSpot',
    'Record ID=-,First Name=first_name,Last Name=last_name,Email=email,Phone Number=phone,Contact owner=-,Lead Status=lead_status,Create Date=-,Associated Company=company_name,Associated Company IDs=-,Last Activity Date=-,Mobile Phone Number=phone',
  ],
  [
    'Salesforce',
    'Lead Owner=-,First Name=first_name,Last Name=last_name,Title=title,Company / Account=company_name,Mailing Street=street,Mailing City=city,Mailing State/Province=state,Mailing Zip/Postal Code=postal_code,Mailing Country=country,Email=email,Lead Source=-,Created Date=-,Billing City=-',
  ],
  [
    'Pipedrive',
    'Person - Name=full_name,Person - Organization=company_name,Person - Email - Work=email,Person - Phone - Mobile=phone,Person - Owner=-,Deal - Title=-',
  ],
  [
    'Mailchimp',
    'Email Address=email,First Name=first_name,Last Name=last_name,OPTIN_TIME=-,CC=country,REGION=state,LEID=-,TAGS=tags',
  ],
  [
    'Apollo',
    'First Name=first_name,Title=title,Company Name=company_name,Company Name for Emails=-,Email=email,Email Status=email_verified,Primary Email Source=-,Contact Owner=-,Work Direct Phone=phone,Corporate Phone=company.phone,# Employees=company.employees,Person Linkedin Url=linkedin_url,Company Linkedin Url=company.linkedin_url,Company City=company.city,Subsidiary of=-,Secondary Email=additional_emails',
  ],
  [
    'Lusha',
    'Contact Full Name=full_name,Work Email=email,Private Email=personal_email,Direct Phone=phone,Company Name=company_name,Company Domain=company_domain,Company Number of Employees=company.employees,Company Main Industry=industry,Contact Country=country',
  ],
  [
    'ZoomInfo',
    'ZoomInfo Contact ID=-,Last Name=last_name,First Name=first_name,Job Title=title,Direct Phone Number=phone,Email Address=email,Person Zip Code=postal_code,LinkedIn Contact Profile URL=linkedin_url,Company HQ Phone=company.phone,Fax=-,Employees=company.employees,Primary Industry=industry',
  ],
  [
    'Xing',
    'Anrede=-,Titel=-,Vorname=first_name,Nachname=last_name,Firma=company_name,Position=title,Straße geschäftlich=street,PLZ geschäftlich=postal_code,Ort geschäftlich=city,Land geschäftlich=country,Telefon geschäftlich=phone,Fax geschäftlich=-,E-Mail geschäftlich=email,E-Mail privat=personal_email,Geburtstag=-',
  ],
  [
    'German',
    'Firmenname=company_name,Ansprechpartner=full_name,Telefonnummer=phone,Mobiltelefon=phone,E-Mail-Adresse=email,Webseite=website,PLZ/Ort=city,Straße und Hausnummer=street,Bundesland=state,Land=country,Branche=industry,Anzahl Mitarbeiter=company.employees,Rechnungs-E-Mail=-,Datenschutzbeauftragter E-Mail=-,Kundenbetreuer=-,Kundennummer=-,Telefax=-,Geburtsdatum=-',
  ],
  [
    'French',
    "Nom=last_name,Prénom=first_name,Raison sociale=company_name,Téléphone portable=phone,Télécopie=-,Courriel=email,Code postal=postal_code,Ville=city,Pays=country,Fonction=title,Site web=website,Secteur d'activité=industry,Effectif=company.employees,Commercial=-,Date de naissance=-,Adresse de facturation=-",
  ],
  [
    'Spanish',
    'Nombre=first_name,Apellidos=last_name,Empresa=company_name,Teléfono móvil=phone,Correo electrónico=email,Código postal=postal_code,Ciudad=city,Provincia=state,País=country,Cargo=title,Página web=website,Responsable=-,Fecha de nacimiento=-',
  ],
  [
    'Italian',
    'Nome=first_name,Cognome=last_name,Ragione sociale=company_name,Telefono=phone,Cellulare=phone,Indirizzo email=email,CAP=postal_code,Città=city,Provincia=state,Paese=country,Ruolo=title,Sito web=website,Settore=industry,Note=notes,Fatturazione email=-',
  ],
  [
    'Portuguese',
    'Nome=first_name,Sobrenome=last_name,Empresa=company_name,Telemóvel=phone,E-mail=email,Código Postal=postal_code,Cidade=city,País=country,Cargo=title,Setor=industry,Morada=address,Data de nascimento=-',
  ],
  [
    'Dutch',
    'Voornaam=first_name,Tussenvoegsel=last_name,Achternaam=last_name,Bedrijfsnaam=company_name,Telefoonnummer=phone,Mobiel=phone,E-mailadres=email,Postcode=postal_code,Plaats=city,Land=country,Functie=title,Opmerkingen=notes,Eigenaar=-,Geboortedatum=-',
  ],
  [
    'Polish',
    'Imię=first_name,Nazwisko=last_name,Nazwa firmy=company_name,Telefon komórkowy=phone,Adres e-mail=email,Kod pocztowy=postal_code,Miasto=city,Kraj=country,Stanowisko=title,Strona www=website,Branża=industry,Uwagi=notes,Opiekun=-,Data urodzenia=-',
  ],
]

describe('matchColumns', () => {
  // The company of a lead is found by what the row says of it, and further numbers alone are read as the phone.
  const named = importedColumns.filter((column) => column !== 'company_id' && column !== 'additional_phones')
  test.each(named)('reads %s under its own name', (column) => {
    const [match] = matchColumns([column], {}, [[String(leadColumns[column].example)]])
    expect(match?.column).toBe(column)
  })

  test.each(exports)('the columns of %s are read as they are meant', (_, text) => {
    const expected = Object.fromEntries(text.split(',').map((each) => each.split('=') as [string, string]))
    const found = columnsOf(Object.keys(expected).join(','))
    expect(Object.fromEntries(Object.entries(found).map(([header, column]) => [header, column ?? '-']))).toEqual(
      expected,
    )
  })

  test.each([
    [
      'Owner Email',
      'Sales Rep Email',
      'Assigned To Email',
      'Created By Email',
      'Sender',
      'Account Manager',
      'Vertriebsmitarbeiter',
      'Zugewiesen an',
      'Kundenberater',
      'Affecté à',
      'Tildelt til',
      'Imported by',
      'Internal contact',
    ],
    ['Fax', 'Telefax', 'Fax privat', 'Business Fax', 'Numéro de fax', 'Pager', 'Telex'],
    ['Assistant Phone', 'Sekretariat Telefon', 'Emergency Phone', 'Notfallkontakt', 'Spouse', 'Manager’s Name'],
    ['Invoice Email', 'Rechnungsadresse', 'Billing Email', 'Privacy Email', 'Datenschutz E-Mail'],
    ['ID', 'Record ID', 'Alias', 'Username', 'Kundennummer', 'Birthday', 'Geburtsdatum', 'Anrede', 'IBAN'],
  ])('%s and the like are kept and not read', (...headers) => {
    for (const header of headers) expect([header, recognizeColumn(header).is_denied]).toEqual([header, true])
  })

  test('a column called Name is read by the other columns and by its values', () => {
    expect(columnsOf('Name,Vorname,Ort').Name).toBe('last_name')
    expect(columnsOf('Name,Ansprechpartner,Ort')).toMatchObject({ Name: 'company_name', Ansprechpartner: 'full_name' })
    expect(columnsOf('Name,Firma').Name).toBe('full_name')
    expect(columnsOf('Name,Email', [['Ada Lind', 'Bo Berg'], []]).Name).toBe('full_name')
    expect(columnsOf('Name,Email', [['Lind GmbH', 'Hotel Berg'], []]).Name).toBe('company_name')
  })

  test('a column without a known name is read by its values only if they explain themselves', () => {
    const values = [['ada@lind.example', 'bo@berg.example'], ['https://www.linkedin.com/in/ada-lind'], ['7', '8']]
    expect(columnsOf('Feld 1,Feld 2,Feld 3', values)).toEqual({
      'Feld 1': 'email',
      'Feld 2': 'linkedin_url',
      'Feld 3': null,
    })
  })

  test('an academic title is not a job', () => {
    const values = [['Dr.', 'Prof. Dr.', 'Herr'], []]
    expect(columnsOf('Titel,Nachname', values).Titel).toBeNull()
    expect(columnsOf('Title,Last Name', [['CEO', 'Head of Sales'], []]).Title).toBe('title')
  })

  test('a billing address is read only where there is no other', () => {
    expect(columnsOf('Account Name,Billing City')['Billing City']).toBe('city')
    expect(columnsOf('Account Name,City,Billing City')['Billing City']).toBeNull()
  })

  test('any text is accepted as a column name, in linear time', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (header) => void recognizeColumn(header)))
    const started = performance.now()
    for (let count = 0; count < 50; count += 1) recognizeColumn(`${'telefon'.repeat(2000)}${count}`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
