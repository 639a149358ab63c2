import { afterEach, beforeEach, expect, test } from 'vitest'
import { furtherFiles } from './further-files.ts'
import { otherFiles } from './other-files.ts'
import { unseenFiles } from './unseen-files.ts'
import { createImportWorld, type ImportWorld } from './world.ts'

/** Whole files in the forms that CRMs, address books and plain lists have, with one invented person each. */

interface VendorFile {
  name: string
  content: string
  lead: Record<string, unknown>
  company?: Record<string, unknown>
}

const files: readonly VendorFile[] = [
  ...furtherFiles,
  ...unseenFiles,
  ...otherFiles,
  {
    name: 'LinkedIn',
    content: `Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Aino,Virtala,https://www.linkedin.com/in/aino-virtala,,Saaristo Oy,Toimitusjohtaja,01 Jan 2026
`,
    lead: {
      full_name: 'Aino Virtala',
      title: 'Toimitusjohtaja',
      company_name: 'Saaristo Oy',
      external_id: 'linkedin:in/aino-virtala',
    },
  },
  {
    name: 'Google Contacts, the older form',
    content: `Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Birthday,Gender,Location,Billing Information,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Address 1 - Type,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Organization 1 - Department,Website 1 - Type,Website 1 - Value
Mona Varga,Mona,,Varga,,,,,,Mo,,1980-02-03,,,,met at fair,,,Clients ::: * myContacts,* Work,mona@varga-roof.com,Home,mona.v@gmail.com,Work,+36 1 555 0123 ::: +36 1 555 0124,Work Fax,+36 1 555 0199,Work,"Fő utca 1
Budapest
1011",Fő utca 1,Budapest,,,1011,Hungary,,Varga Roof Kft.,Owner,Sales,Profile,http://www.google.com/profiles/1
`,
    lead: {
      full_name: 'Mona Varga',
      title: 'Owner',
      email: 'mona@varga-roof.com',
      additional_emails: ['mona.v@gmail.com'],
      phone: '+3615550123',
      additional_phones: ['+3615550124'],
      company_name: 'Varga Roof Kft.',
      street: 'Fő utca 1',
      postal_code: '1011',
      city: 'Budapest',
      country: 'Hungary',
      tags: ['Clients', 'myContacts'],
      notes: 'met at fair',
    },
  },
  {
    name: 'Google Contacts, the newer form',
    content: `First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value
Emil,K,Orban,,,,,,,,Orban Bau Kft.,CTO,,,,,* myContacts,* Work,emil@orban-bau.hu,Home Fax,+36 1 555 0188,Mobile,+36 30 555 0123,Home,,Kis u. 2,Pécs,,,7621,HU,,Work,https://orban-bau.hu,LinkedIn,https://linkedin.com/in/emil-orban
`,
    lead: {
      full_name: 'Emil Orban',
      title: 'CTO',
      email: 'emil@orban-bau.hu',
      phone: '+36305550123',
      additional_phones: [],
      company_name: 'Orban Bau Kft.',
      city: 'Pécs',
      country: 'Hungary',
      tags: ['myContacts'],
    },
  },
  {
    name: 'Outlook in English',
    content: `"Title","First Name","Middle Name","Last Name","Suffix","Company","Department","Job Title","Business Street","Business Street 2","Business City","Business State","Business Postal Code","Business Country/Region","Home Street","Home City","Home State","Home Postal Code","Home Country/Region","Other City","Assistant's Phone","Business Fax","Business Phone","Business Phone 2","Callback","Car Phone","Company Main Phone","Home Fax","Home Phone","ISDN","Mobile Phone","Other Phone","Pager","Primary Phone","Account","Anniversary","Assistant's Name","Birthday","Categories","E-mail Address","E-mail Type","E-mail Display Name","E-mail 2 Address","Manager's Name","Notes","Spouse","Web Page"
"Dr.","Tess","","Orban","","Nordwind AG","Sales","Buyer","Kaistr. 1","","Kiel","SH","24103","Germany","Privatweg 2","Laboe","","24235","Germany","","+49 431 5550199","+49 431 5550198","+49 431 5550101","","","","+49 431 5550100","","+49 4343 555012","","+49 171 5550155","","","","","0/0/00","Ann Assi","0/0/00","Key account;VIP","tess.orban@nordwind.example","SMTP","Tess Orban (tess.orban@nordwind.example)","","Max Boss","hi","Jon","http://www.nordwind.example"
`,
    lead: {
      full_name: 'Tess Orban',
      title: 'Buyer',
      email: 'tess.orban@nordwind.example',
      phone: '+494315550101',
      additional_phones: ['+491715550155', '+494343555012', '+494315550100'],
      company_name: 'Nordwind AG',
      street: 'Kaistr. 1',
      postal_code: '24103',
      city: 'Kiel',
      state: 'SH',
      country: 'Germany',
      tags: ['Key account', 'VIP'],
    },
  },
  {
    name: 'Outlook in German',
    content: `"Anrede","Vorname","Weitere Vornamen","Nachname","Suffix","Firma","Abteilung","Position","Straße geschäftlich","Ort geschäftlich","Region geschäftlich","Postleitzahl geschäftlich","Land/Region geschäftlich","Straße privat","Ort privat","Postleitzahl privat","Fax geschäftlich","Telefon geschäftlich","Telefon (privat)","Mobiltelefon","Telefon Assistent","Haupttelefon","E-Mail-Adresse","E-Mail-Typ","E-Mail: Angezeigter Name","Geburtstag","Kategorien","Notizen","Webseite","Name Assistent","Vertraulichkeit","Priorität"
"Frau","Ilka","","Brom","","Brom Bau GmbH","Einkauf","Leiterin Einkauf","Elbweg 3","Dresden","Sachsen","01067","Deutschland","Hof 1","Pirna","01796","0351 5550199","0351 5550101","","0171 5550161","0351 5550188","","ilka@brom-bau.de","SMTP","Ilka Brom","0.0.00","","","www.brom-bau.de","","Normal","Normal"
`,
    lead: {
      full_name: 'Ilka Brom',
      first_name: 'Ilka',
      title: 'Leiterin Einkauf',
      email: 'ilka@brom-bau.de',
      additional_emails: [],
      phone: '+493515550101',
      additional_phones: ['+491715550161'],
      company_name: 'Brom Bau GmbH',
      street: 'Elbweg 3',
      postal_code: '01067',
      city: 'Dresden',
      state: 'Sachsen',
      country: 'Germany',
    },
  },
  {
    name: 'HubSpot',
    content: `Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Lifecycle Stage,Lead Status,Job Title,Company Name,Website URL,Street Address,City,State/Region,Postal Code,Country/Region,Industry,Number of Employees,Create Date,Last Activity Date,Original Source,Associated Company,Associated Company IDs,Marketing contact status
101,Jarl,Nilsen,jarl@nilsen-bygg.no,+47 55 55 01 23,,Ola Rep,Lead,In progress,CEO,Nilsen Bygg AS,nilsen-bygg.no,Bryggen 1,Bergen,Vestland,5003,Norway,Construction,51-200,2026-01-01 10:00,,Organic search,Nilsen Bygg AS (nilsen-bygg.no),4455,Marketing contact
`,
    lead: {
      full_name: 'Jarl Nilsen',
      title: 'CEO',
      email: 'jarl@nilsen-bygg.no',
      phone: '+4755550123',
      company_name: 'Nilsen Bygg AS',
      city: 'Bergen',
      state: 'Vestland',
      postal_code: '5003',
      country: 'Norway',
      industry: 'Construction',
      lead_status: 'new',
    },
  },
  {
    name: 'Salesforce',
    content: `"Salutation","First Name","Last Name","Title","Account Name","Mailing Street","Mailing City","Mailing State/Province","Mailing Zip/Postal Code","Mailing Country","Phone","Fax","Mobile","Email","Account Owner","Lead Source","Contact ID","Reports To","Email Opt Out","Rating","Annual Revenue","Last Activity"
"Ms.","Mei","Tsukawa","VP Ops","Tsukawa Foods","1-2 Kita","Osaka","","530-0001","Japan","06-5550-1234","06-5550-1235","","mei@tsukawa-foods.jp","Karl Rep","Web","0035500000abcDE","Boss","0","Hot","1000000",""
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"Confidential Information - Do Not Distribute"
"Generated By:  Karl Rep  1.1.2026 10:00"
`,
    lead: {
      full_name: 'Mei Tsukawa',
      title: 'VP Ops',
      email: 'mei@tsukawa-foods.jp',
      phone: '+81655501234',
      additional_phones: [],
      company_name: 'Tsukawa Foods',
      street: '1-2 Kita',
      city: 'Osaka',
      postal_code: '530-0001',
      country: 'Japan',
    },
  },
  {
    name: 'Pipedrive',
    content: `Person - ID,Person - Name,Person - Label,Person - Organization,Person - Phone - Work,Person - Phone - Home,Person - Phone - Mobile,Person - Phone - Other,Person - Email - Work,Person - Email - Home,Person - Email - Other,Person - Owner,Person - Open deals,Person - Next activity date,Organization - Address,Person - Job title
7,Roos Kuijper,Hot lead,Kuijper Werk BV,+31 20 5550123,,+31 6 55501234,,roos@kuijper-werk.nl,roos.k@gmail.com,,Bo Rep,2,2026-02-02,"Damrak 1, 1012 LG Amsterdam, Netherlands",Head of Sales
`,
    lead: {
      full_name: 'Roos Kuijper',
      title: 'Head of Sales',
      email: 'roos@kuijper-werk.nl',
      additional_emails: ['roos.k@gmail.com'],
      phone: '+31205550123',
      additional_phones: ['+31655501234'],
      company_name: 'Kuijper Werk BV',
      street: 'Damrak 1',
      postal_code: '1012 LG',
      city: 'Amsterdam',
      country: 'Netherlands',
    },
  },
  {
    name: 'Mailchimp',
    content: `Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS
lore@quintwerk.be,Lore,Quint,"Kerkstraat 1  Gent  9000  BE",+32 9 555 01 23,,2,2026-01-01 00:00:00,1.2.3.4,2026-01-01,1.2.3.4,51.05,3.72,1,1,Europe/Brussels,BE,VLG,2026-01-02,555,ab12,,"""beurs"",""klant"""
`,
    lead: {
      full_name: 'Lore Quint',
      email: 'lore@quintwerk.be',
      phone: '+3295550123',
      street: 'Kerkstraat 1',
      postal_code: '9000',
      city: 'Gent',
      country: 'Belgium',
      tags: ['beurs', 'klant'],
    },
  },
  {
    name: 'Apollo',
    content: `First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Primary Email Source,Seniority,Departments,Contact Owner,First Phone,Work Direct Phone,Home Phone,Mobile Phone,Corporate Phone,Other Phone,Stage,Lists,Last Contacted,Account Owner,# Employees,Industry,Keywords,Person Linkedin Url,Website,Company Linkedin Url,Facebook Url,Twitter Url,City,State,Country,Company Address,Company City,Company State,Company Country,Company Phone,Technologies,Annual Revenue,Email Sent,Email Open,Secondary Email,Secondary Email Source,Apollo Contact Id,Apollo Account Id,Demoed
Dariela,Montblanc,Director of Operations,Montblanc Freight,Montblanc,dariela@montblanc-freight.com,Verified,Apollo,Director,Operations,karl@ourcompany.com,'+1 212-555-0101,'+1 212-555-0101,,'+1 917-555-0102,'+1 212-555-0100,,Cold,"list A, list B",,karl@ourcompany.com,250,logistics & supply chain,"freight, trucks",http://www.linkedin.com/in/dariela-m,https://montblanc-freight.com,http://www.linkedin.com/company/montblanc-freight,,,New York,New York,United States,"1 Dock St, New York, NY",New York,New York,United States,'+1 212-555-0100,"AWS, SAP",12000000,False,False,,,5f,6f,false
`,
    lead: {
      full_name: 'Dariela Montblanc',
      title: 'Director of Operations',
      email: 'dariela@montblanc-freight.com',
      email_verified: true,
      additional_emails: [],
      phone: '+12125550101',
      additional_phones: ['+19175550102', '+12125550100'],
      company_name: 'Montblanc Freight',
      city: 'New York',
      country: 'United States',
      industry: 'logistics & supply chain',
      tags: ['list A', 'list B'],
      lead_status: 'new',
      external_id: 'linkedin:in/dariela-m',
    },
  },
  {
    name: 'Lusha',
    content: `First Name,Last Name,Full Name,Work Email,Additional Email 1,Work Email confidence,Direct Dial,Phone 1,Mobile Phone,Job title,Seniority,Department,Contact LinkedIn URL,Contact Country,Contact City,Contact State,Company Name,Company Description,Company Domain,Company Size,Company Revenue,Company Main Industry,Company Sub Industry,Company Country,Company City,Company LinkedIn URL,Company Founded
Igor,Petrenko,Igor Petrenko,igor@baltik-steel.com,,A+,+371 6755 5012,,+371 2655 5012,Head of Procurement,Director,Procurement,https://www.linkedin.com/in/igor-p-55,Latvia,Riga,,Baltik Steel,Steel maker.,baltik-steel.com,201-500,$10M - $50M,Manufacturing,Steel,Latvia,Riga,https://www.linkedin.com/company/baltik-steel,1994
`,
    lead: {
      full_name: 'Igor Petrenko',
      title: 'Head of Procurement',
      email: 'igor@baltik-steel.com',
      phone: '+37167555012',
      additional_phones: ['+37126555012'],
      company_name: 'Baltik Steel',
      company_domain: 'baltik-steel.com',
      city: 'Riga',
      country: 'Latvia',
      industry: 'Manufacturing',
    },
    company: { employee_size_min: 201, employee_size_max: 500 },
  },
  {
    name: 'ZoomInfo',
    content: `ZoomInfo Contact ID,Last Name,First Name,Middle Name,Salutation,Suffix,Job Title,Job Title Hierarchy Level,Management Level,Job Start Date,Department,Company Division Name,Direct Phone Number,Email Address,Email Domain,Supplemental Email,Mobile phone,Last Job Change Type,Previous Job Title,Previous Company Name,LinkedIn Contact Profile URL,Person Street,Person City,Person State,Person Zip Code,Country,ZoomInfo Company ID,Company Name,Company Description,Website,Founded Year,Company HQ Phone,Fax,Ticker,Revenue (in 000s USD),Revenue Range (in USD),Employees,Employee Range,SIC Code 1,Primary Industry,Primary Sub-Industry,ZoomInfo Company Profile URL,LinkedIn Company Profile URL,Company Street Address,Company City,Company State,Company Zip Code,Company Country,Full Address,Number of Locations
-155501,Falk,Nora,,,,Chief Executive Officer,1,C-Level,2020,Executive,,(617) 555-0133,nora@falk-systems.com,falk-systems.com,,(617) 555-0134,,Clerk,Old Inc,https://www.linkedin.com/in/nora-falk,,Boston,Massachusetts,02108,United States,555012,Falk Systems,Software.,www.falk-systems.com,2001,(617) 555-0100,(617) 555-0199,,12000,$10M,88,50 - 99,73,Software,Business,https://www.zoominfo.com/c/555012,https://www.linkedin.com/company/falk-systems,5 Beacon St,Boston,Massachusetts,02108,United States,"5 Beacon St, Boston, Massachusetts, 02108, United States",1
`,
    lead: {
      full_name: 'Nora Falk',
      title: 'Chief Executive Officer',
      email: 'nora@falk-systems.com',
      phone: '+16175550133',
      additional_phones: ['+16175550134', '+16175550100'],
      company_name: 'Falk Systems',
      postal_code: '02108',
      city: 'Boston',
      industry: 'Software',
    },
    company: { employee_count: 88, employee_size_min: 50, employee_size_max: 99 },
  },
  {
    name: 'Xing',
    content: `Anrede;Titel;Vorname;Nachname;Position;Firma;Branche;E-Mail (geschäftlich);E-Mail (privat);Telefon (geschäftlich);Mobil (geschäftlich);Fax (geschäftlich);Straße (geschäftlich);PLZ (geschäftlich);Ort (geschäftlich);Bundesland (geschäftlich);Land (geschäftlich);Telefon (privat);Ort (privat);Geburtsdatum;XING-Profil;Kontakt seit;Tags
Frau;Dr.;Svenja;Harmsen;Leiterin Einkauf;Harmsen Logistik AG;Logistik;s.harmsen@harmsen-log.de;svenja@web.de;+49 421 5550101;+49 171 5550177;+49 421 5550199;Kai 5;28195;Bremen;Bremen;Deutschland;;Achim;01.02.1980;https://www.xing.com/profile/Svenja_Harmsen;2020-01-01;Kunde
`,
    lead: {
      full_name: 'Svenja Harmsen',
      title: 'Leiterin Einkauf',
      email: 's.harmsen@harmsen-log.de',
      additional_emails: ['svenja@web.de'],
      phone: '+494215550101',
      additional_phones: ['+491715550177'],
      company_name: 'Harmsen Logistik AG',
      street: 'Kai 5',
      postal_code: '28195',
      city: 'Bremen',
      country: 'Germany',
      industry: 'Logistik',
    },
  },
  {
    name: 'a plain list in German',
    content: `Kundennummer;Firma;Anrede;Titel;Vorname;Name;Funktion;Straße/Nr.;PLZ/Ort;Land;Tel.;Fax;Mobil;E-Mail;Homepage;Mitarbeiterzahl;Branche;Bemerkung;Betreuer
4711;Brom Bau GmbH;Frau;Dr.;Ilka;Brom;Einkauf;Elbweg 3;01067 Dresden;D;0351/5550101;0351/5550199;0171-5550161;ilka@brom-bau.de;www.brom-bau.de;ca. 25;Bau;Messe;Hr. Müller
`,
    lead: {
      full_name: 'Ilka Brom',
      title: 'Einkauf',
      email: 'ilka@brom-bau.de',
      phone: '+493515550101',
      additional_phones: ['+491715550161'],
      company_name: 'Brom Bau GmbH',
      street: 'Elbweg 3',
      postal_code: '01067',
      city: 'Dresden',
      country: 'Germany',
      notes: 'Messe',
    },
    company: { employee_count: 25 },
  },
  {
    name: 'a plain list in French',
    content: `Civilité;Nom;Prénom;Société;Fonction;Courriel;Tél. fixe;Tél. portable;Adresse;CP;Ville;Pays;Effectif;Secteur d'activité;Commentaires;Commercial en charge
M.;DUVAL;Claire;Duval & Fils SARL;Gérante;claire@duval-fils.fr;02 99 55 50 12;06 55 50 12 34;12 place du Marché;35000;Rennes;France;12;BTP;à rappeler;Bob
`,
    lead: {
      full_name: 'Claire Duval',
      title: 'Gérante',
      email: 'claire@duval-fils.fr',
      phone: '+33299555012',
      additional_phones: ['+33655501234'],
      company_name: 'Duval & Fils SARL',
      street: '12 place du Marché',
      postal_code: '35000',
      city: 'Rennes',
      country: 'France',
      industry: 'BTP',
      notes: 'à rappeler',
    },
    company: { employee_count: 12 },
  },
  {
    name: 'a plain list in Spanish',
    content: `Empresa;Nombre;Apellidos;Cargo;Correo electrónico;Teléfono;Móvil;Dirección;C.P.;Población;Provincia;País;Sitio web;Nº empleados;Observaciones;Comercial asignado
Talleres Ruiz S.L.;Carmen;Ruiz Olmo;Gerente;carmen@talleresruiz.es;954 55 50 12;655 550 123;C/ Sierpes 12;41004;Sevilla;Sevilla;España;talleresruiz.es;25;Feria;Luis
`,
    lead: {
      full_name: 'Carmen Ruiz Olmo',
      first_name: 'Carmen',
      title: 'Gerente',
      email: 'carmen@talleresruiz.es',
      phone: '+34954555012',
      additional_phones: ['+34655550123'],
      company_name: 'Talleres Ruiz S.L.',
      postal_code: '41004',
      city: 'Sevilla',
      state: 'Sevilla',
      country: 'Spain',
      notes: 'Feria',
    },
    company: { employee_count: 25 },
  },
  {
    name: 'a plain list in Italian',
    content: `Ragione sociale;Referente;Nome;Cognome;Ruolo;Indirizzo;CAP;Città;Prov.;Nazione;Telefono;Cellulare;E-mail;PEC;Sito web;P.IVA;N. dipendenti;Note
Ferrini Srl;;Giulia;Ferrini;Responsabile vendite;Via Roma 1;20121;Milano;MI;Italia;02 5550123;333 5550123;g.ferrini@ferrini.it;ferrini@pec.it;www.ferrini.it;IT05550120123;40;
`,
    lead: {
      full_name: 'Giulia Ferrini',
      title: 'Responsabile vendite',
      email: 'g.ferrini@ferrini.it',
      additional_emails: ['ferrini@pec.it'],
      phone: '+39025550123',
      additional_phones: ['+393335550123'],
      company_name: 'Ferrini Srl',
      street: 'Via Roma 1',
      postal_code: '20121',
      city: 'Milano',
      state: 'MI',
      country: 'Italy',
    },
    company: { employee_count: 40 },
  },
  {
    name: 'a plain list in Portuguese',
    content: `Razão Social;Nome Fantasia;Contato;Cargo;E-mail;Telefone;Celular;Endereço;CEP;Cidade;UF;País;Site;CNPJ;Funcionários;Observações
Lumar Comércio Ltda;Lumar;Ana Souza;Compradora;ana@lumar.com.br;(11) 5555-0123;(11) 95555-0123;Av. Paulista 1;01310-100;São Paulo;SP;Brasil;www.lumar.com.br;12.555.012/0001-34;30;
`,
    lead: {
      full_name: 'Ana Souza',
      title: 'Compradora',
      email: 'ana@lumar.com.br',
      phone: '+551155550123',
      additional_phones: ['+5511955550123'],
      company_name: 'Lumar Comércio Ltda',
      postal_code: '01310-100',
      city: 'São Paulo',
      state: 'SP',
      country: 'Brazil',
    },
    company: { employee_count: 30 },
  },
  {
    name: 'a plain list in Dutch',
    content: `Bedrijfsnaam;Contactpersoon;Functie;E-mailadres;Telefoonnummer;Mobiel;Straat;Huisnummer;Postcode;Plaats;Land;Website;Aantal medewerkers;Opmerkingen;Accountmanager
Polder Techniek BV;Sanne de Wind;Inkoper;sanne@polder-techniek.nl;020 5550123;06 55501234;Dijk;5;1012 AB;Amsterdam;NL;polder-techniek.nl;10-50;;Jan
`,
    lead: {
      full_name: 'Sanne de Wind',
      title: 'Inkoper',
      email: 'sanne@polder-techniek.nl',
      phone: '+31205550123',
      additional_phones: ['+31655501234'],
      company_name: 'Polder Techniek BV',
      street: 'Dijk 5',
      postal_code: '1012 AB',
      city: 'Amsterdam',
      country: 'Netherlands',
    },
    company: { employee_size_min: 10, employee_size_max: 50 },
  },
  {
    name: 'a plain list in Polish',
    content: `Nazwa firmy;Imię;Nazwisko;Stanowisko;Adres e-mail;Telefon;Tel. komórkowy;Ulica;Nr domu;Kod pocztowy;Miasto;Województwo;Kraj;Strona WWW;NIP;Liczba pracowników;Uwagi;Opiekun
Serce Sp. z o.o.;Anna;Zielona;Kierownik;anna@serce-med.pl;22 555 01 23;601 555 012;Prosta;12;00-850;Warszawa;mazowieckie;Polska;www.serce-med.pl;5550120123;15;;Piotr
`,
    lead: {
      full_name: 'Anna Zielona',
      title: 'Kierownik',
      email: 'anna@serce-med.pl',
      phone: '+48225550123',
      additional_phones: ['+48601555012'],
      company_name: 'Serce Sp. z o.o.',
      street: 'Prosta 12',
      postal_code: '00-850',
      city: 'Warszawa',
      state: 'mazowieckie',
      country: 'Poland',
    },
    company: { employee_count: 15 },
  },
]

let world: ImportWorld
beforeEach(async () => {
  world = await createImportWorld('sqlite')
})
afterEach(() => world.close())

test.each(files)('a file of $name fills the columns of its person', async ({ content, lead, company }) => {
  const { batch } = await world.import(content, { name: 'vendor.csv' })
  expect(batch.synced_records).toBe(1)
  const row = await world.db.kysely.selectFrom('sales_leads').selectAll().executeTakeFirstOrThrow()
  expect(row).toMatchObject(lead)
  if (company === undefined) return
  const { company_id } = row
  const found = await world.db.kysely.selectFrom('companies').selectAll().where('id', '=', company_id).execute()
  expect(found).toMatchObject([company])
})

test('a public name of a chat counts only where the address book has no name', async () => {
  await world.import(
    'Name,Phone,Public Name,Group\nKofi Mensahr,+233 20 555 0123,~Kofi,Farmers\n,+233 24 555 0199,~Ama,Farmers\n',
    { name: 'chat.csv' },
  )
  const rows = await world.db.kysely.selectFrom('sales_leads').select(['full_name', 'phone']).orderBy('phone').execute()
  expect(rows).toEqual([
    { full_name: 'Kofi Mensahr', phone: '+233205550123' },
    { full_name: 'Ama', phone: '+233245550199' },
  ])
})

test('stages of other CRMs become a status, and stages without one are counted', async () => {
  const stages = ['Open - Not Contacted', 'Working - Contacted', 'Marketing Qualified Lead', 'Closed - Converted']
  const lines = [...stages, 'Bad timing'].map((stage, index) => `Rosa Alm,rosa${index}@alm-werk.se,${stage}`)
  const { batch } = await world.import(`Name,Email,Lead Status\n${lines.join('\n')}\n`, { name: 'stages.csv' })
  const rows = await world.db.kysely.selectFrom('sales_leads').select('lead_status').orderBy('email').execute()
  expect(rows.map(({ lead_status }) => lead_status)).toEqual(['new', 'contacted', 'qualified', 'converted', 'new'])
  expect(batch.column_matches).toContainEqual(
    expect.objectContaining({ header: 'Lead Status', misread: expect.objectContaining({ examples: ['Bad timing'] }) }),
  )
})
