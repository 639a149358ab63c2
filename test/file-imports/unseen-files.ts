/** Files whose right leads were written down before the import read them. Everybody in them is invented. */
export const unseenFiles: readonly { name: string; content: string; lead: Record<string, unknown> }[] = [
  {
    name: 'a list of leads of Sales Navigator',
    content: `Profile Link,First Name,Last Name,Headline,Current Title,Current Company,Company Website,Geography,Email(s),Phone(s),Tags,List,Date Added
https://www.linkedin.com/in/petra-oswin,Petra,Oswin,"CFO at Oswin Tools | Speaker",CFO,Oswin Tools,oswintools.com,"Leeds, England, United Kingdom",petra@oswintools.com,0113 496 0551,hot;q3,Manufacturing,2026-03-02
`,
    lead: {
      full_name: 'Petra Oswin',
      title: 'CFO',
      company_name: 'Oswin Tools',
      company_domain: 'oswintools.com',
      city: 'Leeds',
      country: 'United Kingdom',
      email: 'petra@oswintools.com',
      phone: '+441134960551',
      external_id: 'linkedin:in/petra-oswin',
    },
  },
  {
    name: 'Outlook in French',
    content: `"Titre","Prénom","Deuxième prénom","Nom","Suffixe","Société","Service","Titre du poste","Rue (bureau)","Ville (bureau)","Dép/Région (bureau)","Code postal (bureau)","Pays/Région (bureau)","Rue (domicile)","Ville (domicile)","Code postal (domicile)","Télécopie (bureau)","Téléphone (bureau)","Tél. mobile","Téléphone (assistant)","Adresse de messagerie","Nom complet de l'adresse de messagerie","Catégories","Notes","Page Web","Anniversaire"
"Mme","Odette","","Carlin","","Carlin Bois SAS","Ventes","Directrice commerciale","4 rue des Ormes","Tours","","37000","France","9 rue Privée","Amboise","37400","02 47 55 01 99","02 47 55 01 42","06 55 50 01 42","02 47 55 01 00","odette.carlin@carlin-bois.fr","Odette Carlin","Clients;VIP","vue au salon","www.carlin-bois.fr","0/0/00"
`,
    lead: {
      full_name: 'Odette Carlin',
      title: 'Directrice commerciale',
      company_name: 'Carlin Bois SAS',
      street: '4 rue des Ormes',
      city: 'Tours',
      postal_code: '37000',
      country: 'France',
      phone: '+33247550142',
      additional_phones: ['+33655500142'],
      email: 'odette.carlin@carlin-bois.fr',
      tags: ['Clients', 'VIP'],
    },
  },
  {
    name: 'Outlook in Spanish',
    content: `"Nombre","Segundo nombre","Apellidos","Organización","Departamento","Puesto","Calle del trabajo","Ciudad de trabajo","Provincia o estado de trabajo","Código postal del trabajo","País o región del trabajo","Fax del trabajo","Teléfono del trabajo","Teléfono móvil","Particular","Dirección de correo electrónico","Página web"
"Nuria","","Salas Pons","Cerámicas Salas S.A.","Ventas","Gerente","C/ Mayor 3","Castellón","Castellón","12001","España","964 55 01 99","964 55 01 42","612 55 01 42","","nuria@ceramicassalas.es","www.ceramicassalas.es"
`,
    lead: {
      full_name: 'Nuria Salas Pons',
      title: 'Gerente',
      company_name: 'Cerámicas Salas S.A.',
      street: 'C/ Mayor 3',
      city: 'Castellón',
      postal_code: '12001',
      country: 'Spain',
      phone: '+34964550142',
      additional_phones: ['+34612550142'],
      email: 'nuria@ceramicassalas.es',
    },
  },
  {
    name: 'contacts of HubSpot in German',
    content: `Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Mobiltelefonnummer,Zuständiger Mitarbeiter,Lead-Status,Lifecycle-Phase,Name des Unternehmens,Jobtitel,Straße und Hausnummer,Ort,Postleitzahl,Bundesland/Region,Land/Region,Website-URL,Erstellungsdatum,Datum der letzten Aktivität,Marketingkontakt-Status
5521,Jonne,Ritter,j.ritter@ritterglas.de,0421 555 0143,0151 55500143,Anna Vertrieb,Neu,Lead,Ritter Glas GmbH,Einkaufsleiter,Am Wall 8,Bremen,28195,Bremen,Deutschland,ritterglas.de,2026-01-02,2026-02-02,Marketingkontakt
`,
    lead: {
      full_name: 'Jonne Ritter',
      title: 'Einkaufsleiter',
      email: 'j.ritter@ritterglas.de',
      phone: '+494215550143',
      additional_phones: ['+4915155500143'],
      company_name: 'Ritter Glas GmbH',
      street: 'Am Wall 8',
      city: 'Bremen',
      postal_code: '28195',
      country: 'Germany',
      company_domain: 'ritterglas.de',
    },
  },
  {
    name: 'leads of Salesforce',
    content: `"Lead ID","Salutation","First Name","Last Name","Title","Company / Account","Street","City","State/Province","Zip/Postal Code","Country","Phone","Mobile","Fax","Email","Lead Source","Lead Status","Industry","No. of Employees","Lead Owner","Owner Alias","Email Opt Out","Last Modified By","Created Date"
"00Q5500001","Mr.","Bo","Haldane","VP Ops","Haldane Freight Inc.","77 Dock Rd","Savannah","GA","31401","United States","(912) 555-0142","(912) 555-0143","(912) 555-0199","bo@haldanefreight.com","Web","Open - Not Contacted","Logistics","120","Own Rep","orep","0","Own Rep","1/2/2026"
`,
    lead: {
      full_name: 'Bo Haldane',
      title: 'VP Ops',
      company_name: 'Haldane Freight Inc.',
      street: '77 Dock Rd',
      city: 'Savannah',
      state: 'GA',
      postal_code: '31401',
      country: 'United States',
      phone: '+19125550142',
      additional_phones: ['+19125550143'],
      email: 'bo@haldanefreight.com',
      industry: 'Logistics',
      lead_status: 'new',
    },
  },
  {
    name: 'people of Pipedrive with their organization',
    content: `"Person - ID","Person - Name","Person - Organization","Person - Email - Work","Person - Email - Home","Person - Phone - Work","Person - Phone - Mobile","Person - Owner","Person - Job title","Person - Labels","Person - Open deals","Organization - Address","Organization - City/town/village/locality of Address","Organization - ZIP/Postal code of Address","Organization - Country of Address"
"12","Ilse Verhaar","Verhaar Zaden BV","ilse@verhaarzaden.nl","ilse.v@gmail.com","+31 20 555 0142","+31 6 5550 0142","Own Rep","Inkoper","Hot lead","2","Kade 4, Hoorn","Hoorn","1621 AB","Netherlands"
`,
    lead: {
      full_name: 'Ilse Verhaar',
      title: 'Inkoper',
      company_name: 'Verhaar Zaden BV',
      email: 'ilse@verhaarzaden.nl',
      additional_emails: ['ilse.v@gmail.com'],
      phone: '+31205550142',
      additional_phones: ['+31655500142'],
      tags: ['Hot lead'],
      city: 'Hoorn',
      postal_code: '1621 AB',
      country: 'Netherlands',
    },
  },
  {
    name: 'Mailchimp with coordinates',
    content: `Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS
rhea@pellwood.ie,Rhea,Pellwood,"12 Quay St  Galway  H91 AB12  IE",,05/04,3,2026-01-01,1.2.3.4,2026-01-01,1.2.3.4,53.2,-9.0,0,0,Europe/Dublin,IE,G,2026-01-02,5512,ab12,,"""newsletter"",""trade"""
`,
    lead: { full_name: 'Rhea Pellwood', email: 'rhea@pellwood.ie', country: 'Ireland', tags: ['newsletter', 'trade'] },
  },
  {
    name: 'Apollo with five phones',
    content: `First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Email Confidence,Primary Email Source,Seniority,Departments,Contact Owner,Work Direct Phone,Home Phone,Mobile Phone,Corporate Phone,Other Phone,Stage,Lists,Last Contacted,Account Owner,# Employees,Industry,Keywords,Person Linkedin Url,Website,Company Linkedin Url,Facebook Url,Twitter Url,City,State,Country,Company Address,Company City,Company State,Company Country,Company Phone,Technologies,Annual Revenue,Secondary Email,Tertiary Email,Apollo Contact Id
Zola,Mbeki,Head of IT,Umoja Cloud,Umoja,zola@umojacloud.co.za,Verified,,Apollo,Head,IT,own@us.com,,,'+27 82 555 0142,'+27 11 555 0100,,Cold,Q2,,own@us.com,88,software,cloud,http://www.linkedin.com/in/zola-mbeki-x,http://www.umojacloud.co.za,http://www.linkedin.com/company/umojacloud,,,Johannesburg,Gauteng,South Africa,"1 Main Rd, Johannesburg",Johannesburg,Gauteng,South Africa,'+27 11 555 0100,aws,1000000,zola.m@gmail.com,,abc55
`,
    lead: {
      full_name: 'Zola Mbeki',
      title: 'Head of IT',
      company_name: 'Umoja Cloud',
      email: 'zola@umojacloud.co.za',
      email_verified: true,
      additional_emails: ['zola.m@gmail.com'],
      phone: '+27825550142',
      additional_phones: ['+27115550100'],
      city: 'Johannesburg',
      country: 'South Africa',
      external_id: 'linkedin:in/zola-mbeki-x',
    },
  },
  {
    name: 'Lusha with kinds of phones',
    content: `First name,Last name,Job title,Company name,Company domain,Company size,Company industry,Company country,LinkedIn URL,Work email,Work email confidence,Private email,Phone 1,Phone 1 type,Phone 1 do not call,Phone 2,Phone 2 type,Contact location,List
Tiago,Bastos,CTO,Bastos Redes,bastosredes.pt,51-200,Telecom,Portugal,https://www.linkedin.com/in/tiago-bastos-x,tiago@bastosredes.pt,A,tb@gmail.com,+351 21 555 0142,Direct,No,+351 91 555 0142,Mobile,"Lisbon, Portugal",PT
`,
    lead: {
      full_name: 'Tiago Bastos',
      title: 'CTO',
      company_name: 'Bastos Redes',
      company_domain: 'bastosredes.pt',
      email: 'tiago@bastosredes.pt',
      additional_emails: ['tb@gmail.com'],
      phone: '+351215550142',
      additional_phones: ['+351915550142'],
      country: 'Portugal',
      city: 'Lisbon',
    },
  },
  {
    name: 'ZoomInfo with company and person places',
    content: `ZoomInfo Contact ID,Last Name,First Name,Middle Name,Salutation,Suffix,Job Title,Job Title Hierarchy Level,Management Level,Job Function,Department,Company Division Name,Direct Phone Number,Email Address,Email Domain,Mobile phone,Last Job Change Type,Contact Accuracy Score,ZoomInfo Contact Profile URL,LinkedIn Contact Profile URL,Notice Provided Date,Person Street,Person City,Person State,Person Zip Code,Country,ZoomInfo Company ID,Company Name,Company Description,Website,Founded Year,Company HQ Phone,Fax,Ticker,Revenue (in 000s USD),Employees,Employee Range,Primary Industry,Company Street Address,Company City,Company State,Company Zip Code,Company Country,Full Address
551,Quill,Dana,,Ms.,,Director of QA,3,Director,Quality,Ops,,(603) 555-0142,dana.quill@quillmed.com,quillmed.com,(603) 555-0143,,95,https://app.zoominfo.com/#/551,https://www.linkedin.com/in/dana-quill,,,Nashua,NH,03060,United States,99,QuillMed,Makes things.,www.quillmed.com,1999,(603) 555-0100,(603) 555-0199,,5000,240,"100-249",Medical Devices,5 Elm St,Nashua,NH,03060,United States,"5 Elm St, Nashua, NH 03060"
`,
    lead: {
      full_name: 'Dana Quill',
      title: 'Director of QA',
      email: 'dana.quill@quillmed.com',
      phone: '+16035550142',
      additional_phones: ['+16035550143', '+16035550100'],
      company_name: 'QuillMed',
      city: 'Nashua',
      state: 'NH',
      postal_code: '03060',
      country: 'United States',
      external_id: 'linkedin:in/dana-quill',
      industry: 'Medical Devices',
    },
  },
  {
    name: 'Xing with private columns',
    content: `Name;Vorname;Nachname;Firma;Position;Geschäftlich Straße;Geschäftlich PLZ;Geschäftlich Ort;Geschäftlich Land;Geschäftlich Telefon;Geschäftlich Mobil;Geschäftlich Fax;Geschäftlich E-Mail;Privat E-Mail;Privat Telefon;Geburtstag;Profil-URL;Ich biete;Ich suche
Hauke Petersen;Hauke;Petersen;Petersen Reet OHG;Inhaber;Deichweg 1;25980;Sylt;Deutschland;04651 5550142;0170 5550142;04651 5550199;hauke@petersen-reet.de;;;01.02.1980;https://www.xing.com/profile/Hauke_Petersen22;Reet;Aufträge
`,
    lead: {
      full_name: 'Hauke Petersen',
      title: 'Inhaber',
      company_name: 'Petersen Reet OHG',
      street: 'Deichweg 1',
      postal_code: '25980',
      city: 'Sylt',
      country: 'Germany',
      phone: '+4946515550142',
      additional_phones: ['+491705550142'],
      email: 'hauke@petersen-reet.de',
    },
  },
  {
    name: 'a group of WhatsApp',
    content: `Country Code,Country Name,Phone Number,Formatted Phone,Is My Contact,Saved Name,Public Name,Group Name,Is Admin,Is Business
55,Brazil,5511955550142,+55 11 95555-0142,true,Davi Lopes,~davi,Revenda SP,false,true
`,
    lead: { full_name: 'Davi Lopes', phone: '+5511955550142', country: 'Brazil' },
  },
  {
    name: 'Google Contacts in German',
    content: `Vorname,Zweiter Vorname,Nachname,Spitzname,Organisationsname,Organisationstitel,Geburtstag,Notizen,Labels,E-Mail 1 - Label,E-Mail 1 - Wert,Telefon 1 - Label,Telefon 1 - Wert,Telefon 2 - Label,Telefon 2 - Wert,Adresse 1 - Label,Adresse 1 - Formatiert,Adresse 1 - Straße,Adresse 1 - Ort,Adresse 1 - Postfach,Adresse 1 - Region,Adresse 1 - Postleitzahl,Adresse 1 - Land,Website 1 - Label,Website 1 - Wert
Rieke,,Albers,Ri,Albers Optik,Inhaberin,,traf sie,* myContacts ::: Kunden,* Arbeit,rieke@albers-optik.de,Mobil,0172 5550142,Fax (geschäftl.),0441 5550199,Arbeit,"Markt 2
26122 Oldenburg",Markt 2,Oldenburg,,,26122,DE,Arbeit,https://albers-optik.de
`,
    lead: {
      full_name: 'Rieke Albers',
      title: 'Inhaberin',
      company_name: 'Albers Optik',
      email: 'rieke@albers-optik.de',
      phone: '+491725550142',
      additional_phones: [],
      street: 'Markt 2',
      city: 'Oldenburg',
      postal_code: '26122',
      country: 'Germany',
    },
  },
  {
    name: 'a list in French with abbreviations',
    content: `Raison sociale;Civilité;Contact;Fonction;Tél. fixe;Portable;Fax;Courriel;Adresse;CP;Ville;Pays;Site;Effectif;Code NAF;Commercial en charge
Moulin Vert SARL;M.;Yanis Brel;Gérant;03 20 55 01 42;06 20 55 01 42;03 20 55 01 99;y.brel@moulinvert.fr;8 quai du Wault;59000;Lille;F;www.moulinvert.fr;25;1061A;Own Rep
`,
    lead: {
      full_name: 'Yanis Brel',
      title: 'Gérant',
      company_name: 'Moulin Vert SARL',
      phone: '+33320550142',
      additional_phones: ['+33620550142'],
      email: 'y.brel@moulinvert.fr',
      street: '8 quai du Wault',
      postal_code: '59000',
      city: 'Lille',
      country: 'France',
    },
  },
  {
    name: 'a list in Italian with a referent',
    content: `Ragione Sociale;Referente;Ruolo;Telefono;Cell.;E-mail;PEC;Indirizzo;CAP;Città;Prov.;Nazione;P.IVA;Agente
Torrefazione Lino S.r.l.;Carla Neri;Resp. acquisti;0532 55 01 42;335 5550142;carla@torrefazionelino.it;lino@pec.it;Via Po 9;44121;Ferrara;FE;Italia;01234567890;Own Rep
`,
    lead: {
      full_name: 'Carla Neri',
      title: 'Resp. acquisti',
      company_name: 'Torrefazione Lino S.r.l.',
      phone: '+390532550142',
      additional_phones: ['+393355550142'],
      email: 'carla@torrefazionelino.it',
      street: 'Via Po 9',
      postal_code: '44121',
      city: 'Ferrara',
      country: 'Italy',
    },
  },
  {
    name: 'a list in Portuguese with the number of the house',
    content: `Empresa,Responsável pela conta,Contato,Cargo,Telefone,Celular,E-mail,Logradouro,Nº,Bairro,CEP,Município,UF,País
Padaria Sol Ltda,Own Rep,Caio Moura,Sócio,(11) 3555-0142,(11) 95555-0142,caio@padariasol.com.br,Rua das Flores,55,Centro,01310-100,São Paulo,SP,Brasil
`,
    lead: {
      full_name: 'Caio Moura',
      title: 'Sócio',
      company_name: 'Padaria Sol Ltda',
      phone: '+551135550142',
      additional_phones: ['+5511955550142'],
      email: 'caio@padariasol.com.br',
      street: 'Rua das Flores 55',
      postal_code: '01310-100',
      city: 'São Paulo',
      state: 'SP',
      country: 'Brazil',
    },
  },
  {
    name: 'a list in Dutch with an account manager',
    content: `Bedrijfsnaam;Aanhef;Contactpersoon;Functie;Tel.;Mobiel;E-mailadres;Straat + huisnr;Postcode;Plaats;Land;Accountmanager;KvK
De Wilde Haven;Dhr.;Bram de Wilde;Eigenaar;010-5550142;06-55500142;bram@dewildehaven.nl;Havenstraat 7;3011 CD;Rotterdam;NL;Own Rep;12345678
`,
    lead: {
      full_name: 'Bram de Wilde',
      title: 'Eigenaar',
      company_name: 'De Wilde Haven',
      phone: '+31105550142',
      additional_phones: ['+31655500142'],
      email: 'bram@dewildehaven.nl',
      street: 'Havenstraat 7',
      postal_code: '3011 CD',
      city: 'Rotterdam',
      country: 'Netherlands',
    },
  },
  {
    name: 'a list in Polish with a keeper of the client',
    content: `Nazwa firmy;Imię i nazwisko;Stanowisko;Telefon stacj.;Tel. kom.;Adres e-mail;Ulica i nr;Kod pocztowy;Miejscowość;Kraj;NIP;Opiekun klienta;Uwagi
Meble Buk;Kinga Rys;Dyrektor;22 555 01 42;600 555 042;kinga@meblebuk.pl;Polna 3;00-123;Warszawa;PL;5260001246;Own Rep;targi
`,
    lead: {
      full_name: 'Kinga Rys',
      title: 'Dyrektor',
      company_name: 'Meble Buk',
      phone: '+48225550142',
      additional_phones: ['+48600555042'],
      email: 'kinga@meblebuk.pl',
      street: 'Polna 3',
      postal_code: '00-123',
      city: 'Warszawa',
      country: 'Poland',
      notes: 'targi',
    },
  },
  {
    name: 'a list in Spanish with abbreviations',
    content: `Nombre comercial;Persona de contacto;Cargo;Tfno.;Móvil;Correo-e;Domicilio;C.P.;Población;Provincia;País;CIF;Comercial asignado
Hierros Sur;Rocío Vidal;Compras;954 55 01 42;655 55 01 42;rocio@hierrossur.es;Av. Sol 2;41001;Sevilla;Sevilla;E;B12345678;Own Rep
`,
    lead: {
      full_name: 'Rocío Vidal',
      title: 'Compras',
      company_name: 'Hierros Sur',
      phone: '+34954550142',
      additional_phones: ['+34655550142'],
      email: 'rocio@hierrossur.es',
      postal_code: '41001',
      city: 'Sevilla',
      country: 'Spain',
    },
  },
  {
    name: 'a list in German with two values in a column',
    content: `Firma;Anrede;Titel;Vorname;Name;Abteilung;Telefon/Mobil;Telefax;E-Mail-Adresse;Straße/Nr.;PLZ/Ort;LKZ;Webseite;Branche;MA;Betreuer
Klee Druck KG;Frau;Dr.;Mira;Klee;Einkauf;"0351 5550142; 0160 5550142";0351 5550199;m.klee@kleedruck.de;Elbufer 5;01067 Dresden;D;www.kleedruck.de;Druckerei;35;Own Rep
`,
    lead: {
      full_name: 'Mira Klee',
      company_name: 'Klee Druck KG',
      phone: '+493515550142',
      additional_phones: ['+491605550142'],
      email: 'm.klee@kleedruck.de',
      street: 'Elbufer 5',
      postal_code: '01067',
      city: 'Dresden',
      country: 'Germany',
      industry: 'Druckerei',
      company_domain: 'kleedruck.de',
    },
  },
  {
    name: 'columns of vCards',
    content: `FN,N,ORG,TITLE,TEL;WORK,TEL;CELL,EMAIL;INTERNET,ADR;WORK,URL,NOTE
Silas Orr,Orr;Silas;;;,Orr Marine;Sales,Captain,+1 207 555 0142,+1 207 555 0143,silas@orrmarine.com,;;3 Pier Rd;Bath;ME;04530;USA,https://orrmarine.com,met
`,
    lead: {
      full_name: 'Silas Orr',
      company_name: 'Orr Marine',
      title: 'Captain',
      phone: '+12075550142',
      additional_phones: ['+12075550143'],
      email: 'silas@orrmarine.com',
    },
  },
  {
    name: 'abbreviated columns of a database',
    content: `CUST_NM,CNTCT_FST_NM,CNTCT_LST_NM,PH_NBR,EML_ADDR,ST_ADDR,CTY_NM,ST_CD,ZIP_CD,CTRY_CD
Bayside Pools,Lana,Frost,239-555-0142,lana@baysidepools.com,4 Gulf Dr,Naples,FL,34102,US
`,
    lead: {
      full_name: 'Lana Frost',
      company_name: 'Bayside Pools',
      phone: '+12395550142',
      email: 'lana@baysidepools.com',
      street: '4 Gulf Dr',
      city: 'Naples',
      state: 'FL',
      postal_code: '34102',
      country: 'United States',
    },
  },
  {
    name: 'Dynamics',
    content: `(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Full Name,Email,Company Name,Business Phone,Mobile Phone,Job Title,Address 1: Street 1,Address 1: City,Address 1: ZIP/Postal Code,Address 1: Country/Region,Owner,Status,Preferred Method of Contact
5fa,abc,2026-01-02,Enid Marsh,enid@marshseeds.co.uk,Marsh Seeds Ltd,01603 555142,07700 900142,Buyer,2 Mill Ln,Norwich,NR1 2AB,United Kingdom,Own Rep,Active,Any
`,
    lead: {
      full_name: 'Enid Marsh',
      email: 'enid@marshseeds.co.uk',
      company_name: 'Marsh Seeds Ltd',
      phone: '+441603555142',
      additional_phones: ['+447700900142'],
      title: 'Buyer',
      street: '2 Mill Ln',
      city: 'Norwich',
      postal_code: 'NR1 2AB',
      country: 'United Kingdom',
    },
  },
  {
    name: 'ActiveCampaign',
    content: `ID,Email,First Name,Last Name,Phone,Account,Job Title,Date Created,Date Updated,IP Address,Tags,Lists,Score,*Country*,City
77,bea@tollwerk.at,Bea,Toll,+43 512 555014,Tollwerk OG,Leitung,2026-01-01,2026-01-02,1.2.3.4,"messe,tirol",Newsletter,12,Österreich,Innsbruck
`,
    lead: {
      full_name: 'Bea Toll',
      email: 'bea@tollwerk.at',
      phone: '+43512555014',
      company_name: 'Tollwerk OG',
      title: 'Leitung',
      city: 'Innsbruck',
      country: 'Austria',
      tags: ['messe', 'tirol', 'Newsletter'],
    },
  },
  {
    name: 'Hunter',
    content: `First name,Last name,Email address,Confidence score,Verification,Position,Department,Seniority,Phone number,Twitter,LinkedIn URL,Company,Website,Company industry,Company size,Country,Source
Asta,Lund,asta@lundvind.dk,95,valid,COO,executive,executive,+45 33 55 01 42,,https://linkedin.com/in/asta-lund-x,Lundvind,lundvind.dk,Energy,11-50,DK,https://lundvind.dk/team
`,
    lead: {
      full_name: 'Asta Lund',
      email: 'asta@lundvind.dk',
      email_verified: true,
      title: 'COO',
      phone: '+4533550142',
      company_name: 'Lundvind',
      country: 'Denmark',
      company_domain: 'lundvind.dk',
      external_id: 'linkedin:in/asta-lund-x',
    },
  },
  {
    name: 'a person called Na Null',
    content: `First,Last,Email,Firm,Town
Na,Null,na.null@nullwerk.de,Nullwerk,Köln
`,
    lead: { full_name: 'Na Null', email: 'na.null@nullwerk.de', company_name: 'Nullwerk', city: 'Köln' },
  },
]
