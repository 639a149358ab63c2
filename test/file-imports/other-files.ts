/** Exports in further languages and of further vendors. Their right leads were written down first; everybody is invented. */
export const otherFiles: readonly {
  name: string
  content: string
  lead: Record<string, unknown>
  company?: Record<string, unknown>
}[] = [
  {
    name: 'LinkedIn in German',
    content: `Notizen:
"Beim Export Ihrer Kontakte fehlen möglicherweise einige E-Mail-Adressen."

Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am
Femke,Ostertag,https://www.linkedin.com/in/femke-ostertag-1,,Ostertag Keramik GmbH,Geschäftsführerin,03 Feb. 2026
`,
    lead: {
      full_name: 'Femke Ostertag',
      title: 'Geschäftsführerin',
      company_name: 'Ostertag Keramik GmbH',
      external_id: 'linkedin:in/femke-ostertag-1',
    },
  },
  {
    name: 'Google Contacts in Spanish',
    content: `Nombre,Segundo nombre,Apellidos,Apodo,Archivar como,Nombre de la organización,Cargo en la organización,Departamento de la organización,Cumpleaños,Notas,Foto,Etiquetas,Correo electrónico 1 - Etiqueta,Correo electrónico 1 - Valor,Teléfono 1 - Etiqueta,Teléfono 1 - Valor,Teléfono 2 - Etiqueta,Teléfono 2 - Valor,Dirección 1 - Etiqueta,Dirección 1 - Con formato,Dirección 1 - Calle,Dirección 1 - Ciudad,Dirección 1 - Apartado postal,Dirección 1 - Región,Dirección 1 - Código postal,Dirección 1 - País,Sitio web 1 - Etiqueta,Sitio web 1 - Valor
Amparo,,Lledó,Ampi,,Lledó Mármoles,Gerente,,,de la feria,,* myContacts ::: Proveedores,* Trabajo,amparo@lledomarmoles.es,Fax del trabajo,+34 965 55 01 99,Móvil,+34 655 55 01 42,Trabajo,"C/ Pino 4
03001 Alicante",C/ Pino 4,Alicante,,,03001,España,Trabajo,https://lledomarmoles.es
`,
    lead: {
      full_name: 'Amparo Lledó',
      title: 'Gerente',
      company_name: 'Lledó Mármoles',
      email: 'amparo@lledomarmoles.es',
      phone: '+34655550142',
      additional_phones: [],
      street: 'C/ Pino 4',
      city: 'Alicante',
      postal_code: '03001',
      country: 'Spain',
      company_domain: 'lledomarmoles.es',
      notes: 'de la feria',
    },
  },
  {
    name: 'Outlook in Italian',
    content: `"Titolo","Nome","Secondo nome","Cognome","Società","Reparto","Posizione","Via (uff.)","Città (uff.)","Provincia (uff.)","CAP (uff.)","Paese (uff.)","Via (ab.)","Città (ab.)","CAP (ab.)","Fax (uff.)","Telefono (uff.)","Telefono (ab.)","Cellulare","Telefono assistente","Compleanno","Indirizzo posta elettronica","Pagina Web"
"Sig.ra","Ornella","","Brandi","Brandi Vetri S.r.l.","Vendite","Direttrice","Via Milano 4","Pavia","PV","27100","Italia","Via Privata 1","Lodi","26900","0382 5550199","0382 5550142","","333 5550142","0382 5550188","01/02/1975","ornella@brandivetri.it","www.brandivetri.it"
`,
    lead: {
      full_name: 'Ornella Brandi',
      title: 'Direttrice',
      company_name: 'Brandi Vetri S.r.l.',
      street: 'Via Milano 4',
      city: 'Pavia',
      postal_code: '27100',
      country: 'Italy',
      phone: '+3903825550142',
      additional_phones: ['+393335550142'],
      email: 'ornella@brandivetri.it',
      company_domain: 'brandivetri.it',
    },
  },
  {
    name: 'Outlook in Dutch',
    content: `"Titel","Voornaam","Middelste naam","Achternaam","Bedrijf","Afdeling","Functie","Werkadres, straat","Werkadres, plaats","Werkadres, postcode","Werkadres, land/regio","Huisadres, straat","Huisadres, plaats","Fax op werk","Telefoon op werk","Mobiele telefoon","Telefoon assistent","E-mailadres","E-mailadres 2","Verjaardag","Webpagina"
"Mevr.","Lotte","","Haverkamp","Haverkamp Planten BV","Inkoop","Inkoopmanager","Kwekerij 5","Aalsmeer","1431 AB","Nederland","Privéweg 2","Uithoorn","0297 555 199","0297 555 142","06 5555 0142","0297 555 188","lotte@haverkampplanten.nl","","1-2-1980","www.haverkampplanten.nl"
`,
    lead: {
      full_name: 'Lotte Haverkamp',
      title: 'Inkoopmanager',
      company_name: 'Haverkamp Planten BV',
      street: 'Kwekerij 5',
      city: 'Aalsmeer',
      postal_code: '1431 AB',
      country: 'Netherlands',
      phone: '+31297555142',
      additional_phones: ['+31655550142'],
      email: 'lotte@haverkampplanten.nl',
      company_domain: 'haverkampplanten.nl',
    },
  },
  {
    name: 'contacts of HubSpot in French',
    content: `ID de fiche d'informations,Prénom,Nom,E-mail,Numéro de téléphone,Numéro de téléphone mobile,Propriétaire du contact,Statut du lead,Phase du cycle de vie,Nom de l'entreprise,Intitulé du poste,Adresse postale,Ville,Code postal,Pays/région,URL du site web,Date de création
9551,Solène,Marchais,solene@marchais-lin.fr,02 35 55 01 42,06 35 55 01 42,Own Rep,Nouveau,Lead,Marchais Lin,Responsable achats,5 rue du Lin,Rouen,76000,France,https://www.marchais-lin.fr,2026-01-02
`,
    lead: {
      full_name: 'Solène Marchais',
      title: 'Responsable achats',
      email: 'solene@marchais-lin.fr',
      phone: '+33235550142',
      additional_phones: ['+33635550142'],
      company_name: 'Marchais Lin',
      street: '5 rue du Lin',
      city: 'Rouen',
      postal_code: '76000',
      country: 'France',
      company_domain: 'marchais-lin.fr',
      lead_status: 'new',
    },
  },
  {
    name: 'contacts of Salesforce in German',
    content: `"Anrede","Vorname","Nachname","Titel","Accountname","Postanschrift (Straße)","Postanschrift (Ort)","Postanschrift (Bundesland/Provinz)","Postanschrift (Postleitzahl)","Postanschrift (Land)","Telefon","Mobil","Fax","E-Mail","Accountinhaber"
"Herr","Till","Evers","Leiter Einkauf","Evers Anlagenbau AG","Industriestr. 8","Emden","Niedersachsen","26721","Deutschland","04921 5550142","0170 5550143","04921 5550199","t.evers@evers-anlagenbau.de","Own Rep"
`,
    lead: {
      full_name: 'Till Evers',
      title: 'Leiter Einkauf',
      company_name: 'Evers Anlagenbau AG',
      street: 'Industriestr. 8',
      city: 'Emden',
      state: 'Niedersachsen',
      postal_code: '26721',
      country: 'Germany',
      phone: '+4949215550142',
      additional_phones: ['+491705550143'],
      email: 't.evers@evers-anlagenbau.de',
    },
  },
  {
    name: 'people of Pipedrive in Spanish',
    content: `"Persona - Nombre","Persona - Organización","Persona - Correo electrónico - Trabajo","Persona - Correo electrónico - Otro","Persona - Teléfono - Trabajo","Persona - Teléfono - Móvil","Persona - Propietario","Persona - Etiquetas","Persona - Cargo","Organización - Dirección","Organización - Ciudad/municipio/pueblo/localidad de Dirección","Organización - País de Dirección"
"Iker Olabe","Olabe Forja S.A.","iker@olabeforja.es","","944 55 01 42","644 55 01 42","Own Rep","Cliente potencial","Compras","Calle Ría 2, Bilbao","Bilbao","España"
`,
    lead: {
      full_name: 'Iker Olabe',
      title: 'Compras',
      company_name: 'Olabe Forja S.A.',
      email: 'iker@olabeforja.es',
      phone: '+34944550142',
      additional_phones: ['+34644550142'],
      city: 'Bilbao',
      country: 'Spain',
      tags: ['Cliente potencial'],
    },
  },
  {
    name: 'Mailchimp in German',
    content: `E-Mail-Adresse,Vorname,Nachname,Adresse,Telefonnummer,Geburtstag,Unternehmen,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS
ronja@lindtag.de,Ronja,Lindtag,"Ring 9  Celle  29221  DE",05141 5550142,04/05,Lindtag Brillen,3,2026-01-02,2026-01-02,2026-02-02,55501,ab55501,,"""Messe"",""Optik"""
`,
    lead: {
      full_name: 'Ronja Lindtag',
      email: 'ronja@lindtag.de',
      phone: '+4951415550142',
      company_name: 'Lindtag Brillen',
      city: 'Celle',
      postal_code: '29221',
      country: 'Germany',
      tags: ['Messe', 'Optik'],
    },
  },
  {
    name: 'accounts of Apollo',
    content: `Company Name,Account Stage,Lists,# Employees,Industry,Account Owner,Website,Company Linkedin Url,Facebook Url,Twitter Url,Company Street,Company City,Company State,Company Country,Company Postal Code,Company Address,Keywords,Company Phone,Technologies,Total Funding,Latest Funding,Last Raised At,Annual Revenue,Number of Retail Locations,Apollo Account Id,SIC Codes,Short Description,Founded Year,Logo Url
Fernhill Sensors,Cold,Q3,120,electronic manufacturing,own@us.com,http://www.fernhillsensors.com,http://www.linkedin.com/company/fernhill-sensors,,,1 Mill Lane,Cork,County Cork,Ireland,T12 AB55,"1 Mill Lane, Cork, County Cork, Ireland, T12 AB55","sensors, iot",'+353 21 555 0142,Slack,1000000,500000,2024-01-01,5000000,,5550142abc,3829,Makes sensors,2009,https://logo.example/x.png
`,
    lead: {
      company_name: 'Fernhill Sensors',
      company_domain: 'fernhillsensors.com',
      industry: 'electronic manufacturing',
      phone: '+353215550142',
      street: '1 Mill Lane',
      city: 'Cork',
      postal_code: 'T12 AB55',
      country: 'Ireland',
      full_name: null,
    },
    company: { employee_count: 120 },
  },
  {
    name: 'companies of ZoomInfo',
    content: `ZoomInfo Company ID,Company Name,Website,Founded Year,Company HQ Phone,Fax,Ticker,Revenue (in 000s USD),Revenue Range (in USD),Employees,Employee Range,SIC Code 1,NAICS Code 1,Primary Industry,Primary Sub-Industry,All Industries,LinkedIn Company Profile URL,Facebook Company Profile URL,Ownership Type,Business Model,Certified Active Company,Company Street Address,Company City,Company State,Company Zip Code,Company Country,Full Address
95550142,Larkspur Tooling Inc,www.larkspurtooling.com,1998,(330) 555-0142,(330) 555-0199,,12000,$10 mil. - $25 mil.,85,50 - 100,3544,333514,Manufacturing,Tools,Manufacturing;Tools,https://www.linkedin.com/company/larkspur-tooling,,Private,B2B,Yes,200 Forge St,Akron,OH,44301,United States,"200 Forge St, Akron, OH, 44301, United States"
`,
    lead: {
      company_name: 'Larkspur Tooling Inc',
      company_domain: 'larkspurtooling.com',
      phone: '+13305550142',
      additional_phones: [],
      street: '200 Forge St',
      city: 'Akron',
      state: 'OH',
      postal_code: '44301',
      country: 'United States',
      industry: 'Manufacturing',
    },
    company: { employee_count: 85 },
  },
  {
    name: 'a finder of phones with emails by kind',
    content: `Full Name,First Name,Last Name,Job Title,Company,Company Website,LinkedIn,Direct Email,Work Email,Starry Phone,Work Phone,Phone,Location,Industry,Number of Employees
Nadia Orell,Nadia,Orell,Procurement Lead,Orell Chemie AG,https://orellchemie.ch,https://www.linkedin.com/in/nadia-orell,nadia.orell@bluewin.ch,n.orell@orellchemie.ch,+41 79 555 01 42,+41 61 555 01 42,,"Basel, Basel, Switzerland",Chemicals,230
`,
    lead: {
      full_name: 'Nadia Orell',
      title: 'Procurement Lead',
      company_name: 'Orell Chemie AG',
      company_domain: 'orellchemie.ch',
      email: 'n.orell@orellchemie.ch',
      additional_emails: ['nadia.orell@bluewin.ch'],
      city: 'Basel',
      country: 'Switzerland',
      industry: 'Chemicals',
    },
  },
  {
    name: 'Xing with titles and a private address',
    content: `"Anrede";"Akad. Titel";"Vorname";"Nachname";"Firma";"Position";"Straße (geschäftlich)";"PLZ (geschäftlich)";"Ort (geschäftlich)";"Land (geschäftlich)";"Telefon (geschäftlich)";"Fax (geschäftlich)";"Mobil (geschäftlich)";"E-Mail (geschäftlich)";"Straße (privat)";"PLZ (privat)";"Ort (privat)";"E-Mail (privat)";"Geburtstag";"Profil-URL"
"Frau";"Dr.";"Wiebke";"Tamm";"Tamm Labor GmbH";"Laborleiterin";"Ufer 2";"23552";"Lübeck";"D";"0451 5550142";"0451 5550199";"0171 5550142";"w.tamm@tamm-labor.de";"Privatweg 1";"23560";"Lübeck";"wiebke@web.de";"03.04.1979";"https://www.xing.com/profile/Wiebke_Tamm5"
`,
    lead: {
      full_name: 'Wiebke Tamm',
      title: 'Laborleiterin',
      company_name: 'Tamm Labor GmbH',
      street: 'Ufer 2',
      postal_code: '23552',
      city: 'Lübeck',
      country: 'Germany',
      phone: '+494515550142',
      additional_phones: ['+491715550142'],
      email: 'w.tamm@tamm-labor.de',
      additional_emails: ['wiebke@web.de'],
    },
  },
  {
    name: 'members of a WhatsApp group without names',
    content: `Phone Number,Saved Name,Public Display Name,Group,Admin
+48 601 555 142,,~Marek Wilk,Hurtownia,no
`,
    lead: { full_name: 'Marek Wilk', phone: '+48601555142' },
  },
  {
    name: 'Outlook in Portuguese',
    content: `Título;Nome;Segundo nome;Sobrenome;Empresa;Departamento;Cargo;Rua do endereço comercial;Cidade do endereço comercial;Estado do endereço comercial;CEP do endereço comercial;País/Região do endereço comercial;Rua residencial;Cidade residencial;Fax comercial;Telefone comercial;Telefone celular;Telefone do assistente;Endereço de email;Aniversário
Sra.;Iara;;Bento;Bento Couros Ltda;Vendas;Gerente;Rua Um 9;Franca;SP;14400-000;Brasil;Rua Dois 3;Franca;(16) 3555-0199;(16) 3555-0142;(16) 95555-0142;(16) 3555-0188;iara@bentocouros.com.br;1/2/1985
`,
    lead: {
      full_name: 'Iara Bento',
      title: 'Gerente',
      company_name: 'Bento Couros Ltda',
      street: 'Rua Um 9',
      city: 'Franca',
      state: 'SP',
      postal_code: '14400-000',
      country: 'Brazil',
      phone: '+551635550142',
      additional_phones: ['+5516955550142'],
      email: 'iara@bentocouros.com.br',
    },
  },
  {
    name: 'Outlook in Polish',
    content: `"Tytuł","Imię","Drugie imię","Nazwisko","Firma","Dział","Stanowisko","Adres służbowy - ulica","Adres służbowy - miejscowość","Adres służbowy - kod pocztowy","Adres służbowy - kraj/region","Adres domowy - ulica","Adres domowy - miejscowość","Faks służbowy","Telefon służbowy","Telefon komórkowy","Telefon asystenta","Adres e-mail","Urodziny"
"Pan","Olek","","Borsuk","Borsuk Stal sp. z o.o.","Zakupy","Kierownik zakupów","Hutnicza 4","Gliwice","44-100","Polska","Domowa 1","Zabrze","32 555 01 99","32 555 01 42","601 555 142","32 555 01 88","olek@borsukstal.pl","1980-01-02"
`,
    lead: {
      full_name: 'Olek Borsuk',
      title: 'Kierownik zakupów',
      company_name: 'Borsuk Stal sp. z o.o.',
      street: 'Hutnicza 4',
      city: 'Gliwice',
      postal_code: '44-100',
      country: 'Poland',
      phone: '+48325550142',
      additional_phones: ['+48601555142'],
      email: 'olek@borsukstal.pl',
    },
  },
  {
    name: 'a list in French with an investor and two lines of phones',
    content: `Société;Nom de l'investisseur;Dirigeant;Tél. standard;Tél. direct;Tél_fax;Tél_fixe;Mél;Code postal - Ville;Pays
Atelier Brume;Fonds Nord;Lise Kerven;02 98 55 01 00;02 98 55 01 42;02 98 55 01 99;02 98 55 01 43;lise@atelierbrume.fr;29200 - Brest;FR
`,
    lead: {
      company_name: 'Atelier Brume',
      full_name: 'Lise Kerven',
      email: 'lise@atelierbrume.fr',
      postal_code: '29200',
      city: 'Brest',
      country: 'France',
    },
  },
  {
    name: 'Outlook on the web',
    content: `First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,Company Yomi,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other City,Other State,Other Postal Code,Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,Anniversary,Notes
Greta,,Lindholm,,,,,,greta@lindholmpapper.se,,,,,+46 8 555 01 42,,+46 70 555 01 42,,,,,+46 8 555 01 99,,,+46 8 555 01 00,,,,,,Inköpschef,Inköp,Lindholm Papper AB,,Bo Chef,Eva Assistent,+46 8 555 01 88,,Storgatan 4,Västerås,,722 11,Sweden,Hemvägen 1,Sala,,733 31,Sweden,,,,,,,,,,,www.lindholmpapper.se,1980-01-01,,from fair
`,
    lead: {
      full_name: 'Greta Lindholm',
      title: 'Inköpschef',
      company_name: 'Lindholm Papper AB',
      email: 'greta@lindholmpapper.se',
      phone: '+4685550142',
      street: 'Storgatan 4',
      city: 'Västerås',
      postal_code: '722 11',
      country: 'Sweden',
      company_domain: 'lindholmpapper.se',
      notes: 'from fair',
    },
  },
  {
    name: 'companies of HubSpot',
    content: `Record ID,Company name,Company owner,Create Date,Phone Number,Last Activity Date,City,Country/Region,Industry,Company Domain Name,Number of Employees,Street Address,Postal Code,LinkedIn Company Page,Associated Contact
95551,Alder Instruments,Own Rep,2026-01-02,+1 617-555-0142,2026-02-02,Boston,United States,Medical Devices,alderinstruments.com,45,12 Dock Sq,02109,https://www.linkedin.com/company/alder-instruments,Some One (some@one.example)
`,
    lead: {
      company_name: 'Alder Instruments',
      phone: '+16175550142',
      city: 'Boston',
      country: 'United States',
      industry: 'Medical Devices',
      company_domain: 'alderinstruments.com',
      street: '12 Dock Sq',
      postal_code: '02109',
      email: null,
    },
  },
  {
    name: 'accounts of Salesforce in French',
    content: `"Nom du compte","Propriétaire du compte","Rue de facturation","Ville de facturation","Code postal de facturation","Pays de facturation","Téléphone","Télécopie","Site Web","Secteur d'activité","Effectif"
"Verrerie Dorval","Own Rep","9 quai Sud","Nantes","44000","France","02 40 55 01 42","02 40 55 01 99","www.verrerie-dorval.fr","Industrie","38"
`,
    lead: {
      company_name: 'Verrerie Dorval',
      street: '9 quai Sud',
      city: 'Nantes',
      postal_code: '44000',
      country: 'France',
      phone: '+33240550142',
      additional_phones: [],
      company_domain: 'verrerie-dorval.fr',
      industry: 'Industrie',
      full_name: null,
    },
  },
  {
    name: 'people of Pipedrive in French',
    content: `"Personne - Nom","Personne - Organisation","Personne - E-mail - Travail","Personne - E-mail - Domicile","Personne - Téléphone - Travail","Personne - Téléphone - Mobile","Personne - Propriétaire","Personne - Étiquettes","Organisation - Adresse"
"Noé Fabre","Fabre Toitures","noe@fabre-toitures.fr","","04 91 55 01 42","06 91 55 01 42","Own Rep","Chaud","12 rue du Port, 13002 Marseille, France"
`,
    lead: {
      full_name: 'Noé Fabre',
      company_name: 'Fabre Toitures',
      email: 'noe@fabre-toitures.fr',
      tags: ['Chaud'],
      phone: '+33491550142',
      additional_phones: ['+33691550142'],
    },
  },
  {
    name: 'Mailchimp in Spanish',
    content: `Dirección de correo electrónico,Nombre,Apellidos,Dirección,Número de teléfono,Cumpleaños,Empresa,MEMBER_RATING,OPTIN_TIME,LEID,EUID,NOTES,TAGS
carla@riusdental.es,Carla,Rius,"Calle Luna 3  Valencia  46001  ES",963 55 01 42,04/05,Rius Dental,3,2026-01-02,55,ab,,"""Cliente"",""Feria"""
`,
    lead: {
      full_name: 'Carla Rius',
      email: 'carla@riusdental.es',
      company_name: 'Rius Dental',
      city: 'Valencia',
      postal_code: '46001',
      country: 'Spain',
      phone: '+34963550142',
      tags: ['Cliente', 'Feria'],
    },
  },
  {
    name: 'Google Contacts in Italian',
    content: `Nome,Secondo nome,Cognome,Nickname,Archivia come,Nome organizzazione,Titolo organizzazione,Reparto organizzazione,Compleanno,Note,Foto,Etichette,Email 1 - Etichetta,Email 1 - Valore,Telefono 1 - Etichetta,Telefono 1 - Valore,Telefono 2 - Etichetta,Telefono 2 - Valore,Indirizzo 1 - Etichetta,Indirizzo 1 - Formattato,Indirizzo 1 - Via,Indirizzo 1 - Città,Indirizzo 1 - Casella postale,Indirizzo 1 - Regione,Indirizzo 1 - CAP,Indirizzo 1 - Paese,Sito web 1 - Etichetta,Sito web 1 - Valore
Dario,,Conti,,,Conti Marmi,Titolare,,,,,* myContacts,* Lavoro,dario@contimarmi.it,Cellulare,+39 333 555 0142,Fax lavoro,+39 0585 550199,Lavoro,"Via Carriona 1
54033 Carrara MS",Via Carriona 1,Carrara,,MS,54033,Italia,,www.contimarmi.it
`,
    lead: {
      full_name: 'Dario Conti',
      title: 'Titolare',
      company_name: 'Conti Marmi',
      email: 'dario@contimarmi.it',
      phone: '+393335550142',
      additional_phones: [],
      street: 'Via Carriona 1',
      city: 'Carrara',
      postal_code: '54033',
      country: 'Italy',
      company_domain: 'contimarmi.it',
    },
  },
  {
    name: 'Lusha with a company and a contact location',
    content: `Full Name,First Name,Last Name,Job Title,Job Start Date,Seniority,Departments,Company Name,Company Description,Company Website,Company Employee Count,Company Revenue,Contact Location,Contact City,Contact Country,LinkedIn Profile,Work Email,Work Email Status,Personal Email,Direct Phone,Direct DNC,Mobile Phone,Mobile DNC,Company Phone,Company HQ Address
Bruna Salgado,Bruna,Salgado,Head of People,2024-01,Director,HR,Salgado Têxtil,Makes textiles.,https://salgadotextil.com.br,51-200,$1M,"Recife, Pernambuco, Brazil",Recife,Brazil,https://www.linkedin.com/in/bruna-salgado,bruna@salgadotextil.com.br,Verified,bruna.s@gmail.com,+55 81 3555-0142,No,+55 81 95555-0142,No,+55 81 3555-0100,"Rua A 1, Recife, Brazil"
`,
    lead: {
      full_name: 'Bruna Salgado',
      title: 'Head of People',
      company_name: 'Salgado Têxtil',
      company_domain: 'salgadotextil.com.br',
      email: 'bruna@salgadotextil.com.br',
      additional_emails: ['bruna.s@gmail.com'],
      phone: '+558135550142',
      city: 'Recife',
      country: 'Brazil',
      external_id: 'linkedin:in/bruna-salgado',
    },
  },
  {
    name: 'a list in German whose contact is an addressee',
    content: `Lfd. Nr.;Firmierung;z. Hd.;Funktion im Unternehmen;Fon;Fax;Mobilfunk;E-Mail geschäftl.;Straße/Hausnr.;PLZ;Stadt;Staat;Homepage;Bemerkungen;Erfasst am
1;Kranz & Söhne OHG;Frau Dorte Kranz;Prokuristin;04321 5550142;04321 5550199;0160 5550142;d.kranz@kranz-soehne.de;Holstenstr. 5;24534;Neumünster;BRD;www.kranz-soehne.de;Messe;01.02.2026
`,
    lead: {
      company_name: 'Kranz & Söhne OHG',
      full_name: 'Dorte Kranz',
      title: 'Prokuristin',
      phone: '+4943215550142',
      additional_phones: ['+491605550142'],
      email: 'd.kranz@kranz-soehne.de',
      street: 'Holstenstr. 5',
      postal_code: '24534',
      city: 'Neumünster',
      country: 'Germany',
      company_domain: 'kranz-soehne.de',
      notes: 'Messe',
    },
  },
  {
    name: 'a list in Polish with a decision maker',
    content: `Lp.;Podmiot;Osoba decyzyjna;Pełniona funkcja;Nr tel.;Nr kom.;Mail;WWW;Kod i miasto;Adres siedziby;Data dodania;Handlowiec
1;Piekarnia Kłos;Bogna Lis;Właścicielka;22 555 01 42;501 555 142;bogna@piekarniaklos.pl;piekarniaklos.pl;00-950 Warszawa;ul. Chlebowa 2;2026-01-01;Own Rep
`,
    lead: {
      company_name: 'Piekarnia Kłos',
      full_name: 'Bogna Lis',
      title: 'Właścicielka',
      email: 'bogna@piekarniaklos.pl',
      company_domain: 'piekarniaklos.pl',
      postal_code: '00-950',
      city: 'Warszawa',
    },
  },
  {
    name: 'a list in Dutch whose contact is an addressee',
    content: `Klantnr;Organisatie;T.a.v.;Rol;Tel. vast;Tel. mobiel;Mail;Adres;PC + plaats;Website;Relatiebeheerder
55;Zeilmakerij Oost;Dhr. Wim Postma;Directeur;0515 555 142;06 5555 0142;wim@zeilmakerijoost.nl;Kade 3;8601 AB Sneek;zeilmakerijoost.nl;Own Rep
`,
    lead: {
      company_name: 'Zeilmakerij Oost',
      full_name: 'Wim Postma',
      title: 'Directeur',
      email: 'wim@zeilmakerijoost.nl',
      postal_code: '8601 AB',
      city: 'Sneek',
      company_domain: 'zeilmakerijoost.nl',
    },
  },
]
