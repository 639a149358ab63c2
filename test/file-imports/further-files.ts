/** Further forms of files, in ten languages, with one invented person each. */
export const furtherFiles: readonly { name: string; content: string; lead: Record<string, unknown> }[] = [
  {
    name: 'Zoho',
    content: `Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Designation,Email,Phone,Fax,Mobile,Website,Lead Source,Lead Status,Industry,No. of Employees,Annual Revenue,Rating,Created By.id,Created By,Modified By,Created Time,Skype ID,Salutation,Secondary Email,Street,City,State,Zip Code,Country,Description,Tag
zcrm_5501,zcrm_1,Own Rep,Falkner Optik GmbH,Irma,Falkner,CEO,irma@falkner-optik.at,+43 1 5550123,+43 1 5550199,0664 5550123,https://falkner-optik.at,Web,Contacted,Optics,25,,Hot,zcrm_1,Own Rep,Own Rep,2026-01-02 10:00:00,irma.f,Ms.,irma@gmx.at,Gasse 1,Wien,Wien,1010,Austria,Met at fair,vip
`,
    lead: {
      full_name: 'Irma Falkner',
      title: 'CEO',
      email: 'irma@falkner-optik.at',
      additional_emails: ['irma@gmx.at'],
      phone: '+4315550123',
      additional_phones: ['+436645550123'],
      company_name: 'Falkner Optik GmbH',
      city: 'Wien',
      postal_code: '1010',
      country: 'Austria',
      street: 'Gasse 1',
      industry: 'Optics',
      tags: ['vip'],
      lead_status: 'contacted',
    },
  },
  {
    name: 'Brevo, a list of a newsletter',
    content: `"CONTACT ID";"EMAIL";"FIRSTNAME";"LASTNAME";"SMS";"LANDLINE_NUMBER";"EXT_ID";"DOUBLE_OPT-IN";"ADDED_TIME";"JOB_TITLE";"COMPANY"
"12";"lena.brandt@brandt-licht.de";"Lena";"Brandt";"4915155500123";"";"";"Yes";"2026-01-01";"Inhaberin";"Brandt Licht"
`,
    lead: {
      full_name: 'Lena Brandt',
      title: 'Inhaberin',
      email: 'lena.brandt@brandt-licht.de',
      phone: '+4915155500123',
      company_name: 'Brandt Licht',
    },
  },
  {
    name: 'a finder of addresses',
    content: `Email address,Domain name,Organization,Country,State,City,Postal code,Type,Confidence score,First name,Last name,Position,Department,Phone number,Twitter handle,Linkedin URL,Verification status
omar@kestel.io,kestel.io,Kestel,TR,,Izmir,35000,personal,97,Omar,Demir,CTO,it,,,https://linkedin.com/in/omar-demir-x,valid
`,
    lead: {
      full_name: 'Omar Demir',
      title: 'CTO',
      email: 'omar@kestel.io',
      company_name: 'Kestel',
      company_domain: 'kestel.io',
      country: 'Türkiye',
      city: 'Izmir',
      postal_code: '35000',
      external_id: 'linkedin:in/omar-demir-x',
    },
  },
  {
    name: 'a scraper of Sales Navigator',
    content: `First Name,Last Name,Full Name,Current Job,Location,Company Name,Company Domain,Company Linkedin URL,Company Employee Count,Email,Email Status,Prospect Linkedin URL,Matches Filters,Years in Position
Ana,Pavic,Ana Pavic,Head of Ops,"Zagreb, Croatia",Pavic d.o.o.,pavic.hr,https://www.linkedin.com/company/pavic,51,ana@pavic.hr,valid,https://www.linkedin.com/in/ana-pavic-x,YES,2
`,
    lead: {
      full_name: 'Ana Pavic',
      title: 'Head of Ops',
      city: 'Zagreb',
      country: 'Croatia',
      company_name: 'Pavic d.o.o.',
      email: 'ana@pavic.hr',
      external_id: 'linkedin:in/ana-pavic-x',
      company_domain: 'pavic.hr',
    },
  },
  {
    name: 'an address book in Dutch with the beginning of a family name in a column',
    content: `Voornaam;Tussenvoegsel;Achternaam;Bedrijf;Functie;E-mail werk;E-mail privé;Telefoon werk;Mobiel;Fax werk;Straat + nr;Postcode;Plaats;Land;Verjaardag;Opmerkingen
Joris;van der;Meulen;Meulen Tegels;Eigenaar;joris@meulentegels.nl;joris@gmail.com;010-555 01 23;06-12345678;010-555 01 99;Kade 12;3011 AA;Rotterdam;NL;1980-01-01;Beurs
`,
    lead: {
      full_name: 'Joris van der Meulen',
      title: 'Eigenaar',
      email: 'joris@meulentegels.nl',
      additional_emails: ['joris@gmail.com'],
      phone: '+31105550123',
      additional_phones: ['+31612345678'],
      company_name: 'Meulen Tegels',
      street: 'Kade 12',
      postal_code: '3011 AA',
      city: 'Rotterdam',
      country: 'Netherlands',
      notes: 'Beurs',
    },
  },
  {
    name: 'Thunderbird',
    content: `First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Notes
Petra,Holm,Petra Holm,Pet,petra@holm-data.dk,p@home.dk,,+45 55 50 12 34,,+45 55 50 99 99,,,,,,,,,Havnegade 2,,Aarhus,,8000,Denmark,CIO,,Holm Data ApS,https://holm-data.dk,,1970,1,2,,hello
`,
    lead: {
      full_name: 'Petra Holm',
      title: 'CIO',
      email: 'petra@holm-data.dk',
      additional_emails: ['p@home.dk'],
      phone: '+4555501234',
      company_name: 'Holm Data ApS',
      street: 'Havnegade 2',
      city: 'Aarhus',
      postal_code: '8000',
      country: 'Denmark',
      notes: 'hello',
    },
  },
  {
    name: 'a ledger in German with two lines of a name',
    content: `Kontonummer;Anrede;Titel;Name 1;Name 2;Straße;LKZ;PLZ;Ort;Vorwahl;Telefon;Telefax;E-Mail;Ansprechpartner;USt-IdNr.;Branche
70001;Firma;;Kranz Metall;GmbH & Co. KG;Ring 4;D;07743;Jena;03641;555012;555013;info@kranz-metall.de;Herr Udo Kranz;DE123;Metallbau
`,
    lead: {
      full_name: 'Udo Kranz',
      company_name: 'Kranz Metall GmbH & Co. KG',
      street: 'Ring 4',
      postal_code: '07743',
      city: 'Jena',
      country: 'Germany',
      phone: '+493641555012',
      email: 'info@kranz-metall.de',
      industry: 'Metallbau',
    },
  },
  {
    name: 'a list in Polish with abbreviated phones',
    content: `Lp.;Imię i nazwisko;Nazwa firmy;Stanowisko;Adres e-mail;Tel. kom.;Tel. stac.;Kod pocztowy i miejscowość;Ulica i nr;NIP;WWW;Uwagi
1;Ewa Żuk;Żuk Meble sp. z o.o.;prezes;e.zuk@zukmeble.pl;501 555 012;22 555 01 23;00-001 Warszawa;Długa 5;525-000-00-00;www.zukmeble.pl;targi
`,
    lead: {
      full_name: 'Ewa Żuk',
      company_name: 'Żuk Meble sp. z o.o.',
      title: 'prezes',
      email: 'e.zuk@zukmeble.pl',
      phone: '+48225550123',
      additional_phones: ['+48501555012'],
      postal_code: '00-001',
      city: 'Warszawa',
      street: 'Długa 5',
      notes: 'targi',
    },
  },
  {
    name: 'a list of Brazil with town and state in a cell',
    content: `Nome completo;Empresa;Cargo;E-mail corporativo;Celular/WhatsApp;Telefone comercial;CEP;Endereço;Número;Bairro;Cidade/UF;CNPJ;Responsável;Observações
Rui Prado;Prado Vinhos Ltda;Sócio;rui@pradovinhos.com.br;(11) 95555-0123;(11) 3555-0123;01310-100;Av. Paulista;1000;Bela Vista;São Paulo/SP;00.000;Nossa Rep;feira
`,
    lead: {
      full_name: 'Rui Prado',
      company_name: 'Prado Vinhos Ltda',
      title: 'Sócio',
      email: 'rui@pradovinhos.com.br',
      postal_code: '01310-100',
      city: 'São Paulo',
      state: 'SP',
      street: 'Av. Paulista 1000',
      notes: 'feira',
      phone: '+551135550123',
      additional_phones: ['+5511955550123'],
    },
  },
  {
    name: 'a list in Italian with a contact of the company',
    content: `Ragione Sociale;Referente;Ruolo referente;Mail referente;Tel. diretto;Cell.;Centralino;Indirizzo;CAP;Comune;Prov.;P.IVA;Sito;Agente;Note
Officine Belli S.p.A.;Sara Belli;Titolare;s.belli@officinebelli.it;051 555 0123;333 555 0123;051 555 0100;Via Po 3;40121;Bologna;BO;IT0;officinebelli.it;Il Nostro Agente;fiera
`,
    lead: {
      company_name: 'Officine Belli S.p.A.',
      full_name: 'Sara Belli',
      title: 'Titolare',
      email: 's.belli@officinebelli.it',
      phone: '+390515550123',
      additional_phones: ['+390515550100', '+393335550123'],
      street: 'Via Po 3',
      postal_code: '40121',
      city: 'Bologna',
      state: 'BO',
      notes: 'fiera',
    },
  },
  {
    name: 'a list in Spanish with two family names',
    content: `Nombre;Primer apellido;Segundo apellido;Razón social;Cargo;Correo-e;Tfno.;Móvil;Dirección;C.P.;Población;Provincia;País;Comercial asignado;F. alta;Observaciones
Lola;Vega;Ruiz;Hierros Vega S.L.;Gerente;lola@hierrosvega.es;955 55 50 12;600 55 50 12;C/ Sol 4;41001;Dos Hermanas;Sevilla;España;Pepe Rep;01/02/2026;feria
`,
    lead: {
      full_name: 'Lola Vega Ruiz',
      company_name: 'Hierros Vega S.L.',
      title: 'Gerente',
      email: 'lola@hierrosvega.es',
      phone: '+34955555012',
      additional_phones: ['+34600555012'],
      street: 'C/ Sol 4',
      postal_code: '41001',
      city: 'Dos Hermanas',
      state: 'Sevilla',
      country: 'Spain',
      notes: 'feria',
    },
  },
  {
    name: 'a list in French with abbreviated phones',
    content: `Civilité;Nom;Prénom;Société;Fonction;E-mail pro;Tél. fixe;Tél. portable;Adresse;Complément d'adresse;CP;Ville;Pays;Date de naissance;Commercial;Origine;Commentaires
Mme;Roche;Alix;Roche & Fils SARL;Gérante;alix@roche-fils.fr;04 78 55 50 12;06 12 55 50 12;3 rue Neuve;Bât. B;69003;Lyon;FR;1980;Notre Rep;salon;ok
`,
    lead: {
      full_name: 'Alix Roche',
      company_name: 'Roche & Fils SARL',
      title: 'Gérante',
      email: 'alix@roche-fils.fr',
      phone: '+33478555012',
      additional_phones: ['+33612555012'],
      street: '3 rue Neuve',
      postal_code: '69003',
      city: 'Lyon',
      country: 'France',
      notes: 'ok',
    },
  },
  {
    name: 'a list in Swedish',
    content: `Förnamn;Efternamn;Företag;Titel;E-post;Telefon;Mobil;Gatuadress;Postnummer;Ort;Land;Ansvarig säljare
Åsa;Berg;Bergs Trä AB;VD;asa@bergstra.se;08-555 01 23;070-555 01 23;Vägen 1;111 22;Stockholm;Sverige;Vår Rep
`,
    lead: {
      full_name: 'Åsa Berg',
      company_name: 'Bergs Trä AB',
      title: 'VD',
      email: 'asa@bergstra.se',
      phone: '+4685550123',
      additional_phones: ['+46705550123'],
      street: 'Vägen 1',
      postal_code: '111 22',
      city: 'Stockholm',
      country: 'Sweden',
    },
  },
  {
    name: 'a scanner of badges',
    content: `Scan Time,Badge ID,Attendee Name,Attendee Email,Attendee Phone,Company/Organisation,Job Title/Role,Country/Region,Rep Name,Rep Email,Lead Rating,Follow-up Notes
2026-05-01 10:01,B123,Kim Osei,kim@oseifoods.com,+233 30 255 5012,Osei Foods,Buyer,Ghana,Our Rep,rep@ourcompany.example,4,send price
`,
    lead: {
      full_name: 'Kim Osei',
      email: 'kim@oseifoods.com',
      phone: '+233302555012',
      company_name: 'Osei Foods',
      title: 'Buyer',
      country: 'Ghana',
      notes: 'send price',
    },
  },
  {
    name: 'a list in Danish with code and town in a cell',
    content: `Navn;Virksomhed;Stilling;Mail;Tlf.;Mobil;Adresse;Postnr. og by;Land;CVR;Hjemmeside
Ida Lund;Lund Smedje ApS;Direktør;ida@lundsmedje.dk;55 50 12 34;55 50 12 35;Gade 1;8000 Aarhus C;Danmark;123;lundsmedje.dk
`,
    lead: {
      full_name: 'Ida Lund',
      company_name: 'Lund Smedje ApS',
      title: 'Direktør',
      email: 'ida@lundsmedje.dk',
      phone: '+4555501234',
      additional_phones: ['+4555501235'],
      postal_code: '8000',
      city: 'Aarhus C',
      country: 'Denmark',
      street: 'Gade 1',
    },
  },
  {
    name: 'the answers of a form',
    content: `#,What's your name?,What's your email address?,Which company do you work for?,What is your phone number?,Your role,Submitted At
a1,Tom Ode,tom@odeworks.com,Ode Works,+44 20 7946 0123,Founder,2026-01-01
`,
    lead: {
      full_name: 'Tom Ode',
      email: 'tom@odeworks.com',
      company_name: 'Ode Works',
      phone: '+442079460123',
      title: 'Founder',
    },
  },
  {
    name: 'a tool of newsletters with lists and tags',
    content: `ID,Email,First Name,Last Name,Phone,Account Name,Job Title,Date Created,IP Address,Lists,Tags,*Country,%COMPANY_SIZE%
1,ole@olebrand.dk,Ole,Brand,+4555501234,Ole Brand ApS,Owner,2026-01-01,1.2.3.4,News,"a, b",Denmark,1-10
`,
    lead: {
      full_name: 'Ole Brand',
      email: 'ole@olebrand.dk',
      phone: '+4555501234',
      company_name: 'Ole Brand ApS',
      title: 'Owner',
      country: 'Denmark',
      tags: ['News', 'a', 'b'],
    },
  },
  {
    name: 'a small CRM',
    content: `Contact Type,Organisation,Title,First Name,Last Name,Job Title,Email Address,Secondary Email Address,Phone Number,Mobile,Fax,Website,Address Street,City,State,Postcode,Country,Tags,Owner,Created
Person,Finch Dairy,Mrs,Jo,Finch,Director,jo@finchdairy.co.uk,,01223 555012,07700 900123,01223 555099,finchdairy.co.uk,1 Mill Ln,Cambridge,Cambs,CB1 2AB,United Kingdom,dairy,rep,2026-01-01
`,
    lead: {
      full_name: 'Jo Finch',
      title: 'Director',
      company_name: 'Finch Dairy',
      email: 'jo@finchdairy.co.uk',
      phone: '+441223555012',
      additional_phones: ['+447700900123'],
      city: 'Cambridge',
      postal_code: 'CB1 2AB',
      country: 'United Kingdom',
      state: 'Cambs',
      street: '1 Mill Ln',
      tags: ['dairy'],
    },
  },
  {
    name: 'HubSpot companies in German',
    content: `Unternehmensname;Domain des Unternehmens;Telefonnummer;Stadt;Land/Region;Postleitzahl;Branche;Anzahl der Mitarbeiter;Unternehmens-Inhaber;Erstelldatum
Tannhof Brauerei;tannhof-brauerei.de;+49 8321 555012;Sonthofen;Germany;87527;Brauerei;45;Unser Rep;2026-01-01
`,
    lead: {
      company_name: 'Tannhof Brauerei',
      company_domain: 'tannhof-brauerei.de',
      phone: '+498321555012',
      city: 'Sonthofen',
      country: 'Germany',
      postal_code: '87527',
      industry: 'Brauerei',
      full_name: null,
    },
  },
  {
    name: 'orders of a shop',
    content: `customer_name,customer_email,billing_phone,billing_address_1,billing_city,billing_postcode,billing_country,shipping_city,order_total
Ann Roe,ann@roeco.com,+353 1 555 0123,1 Main,Dublin,D01 AB12,IE,Cork,100
`,
    lead: { full_name: 'Ann Roe', email: 'ann@roeco.com', city: 'Dublin', country: 'Ireland', postal_code: 'D01 AB12' },
  },
  {
    name: 'a list with several values in each cell',
    content: `Kontakt;Firma;Mobil/Festnetz;Mailadressen;Adresse
Ina und Olaf Brinkmann;Brinkmann GbR;0171 5550123 / 0421 555012;ina@brinkmann-bau.de, olaf@brinkmann-bau.de;Deich 5, 28199 Bremen
`,
    lead: {
      full_name: 'Ina und Olaf Brinkmann',
      company_name: 'Brinkmann GbR',
      phone: '+491715550123',
      additional_phones: ['+49421555012'],
      email: 'ina@brinkmann-bau.de',
      additional_emails: ['olaf@brinkmann-bau.de'],
      city: 'Bremen',
      postal_code: '28199',
      street: 'Deich 5',
    },
  },
  {
    name: 'columns of a database',
    content: `CONTACT_FNAME|CONTACT_LNAME|ORG_NM|EMAIL_ADDR|PH_NBR|ST_ADDR|CITY_NM|ST_CD|ZIP_CD|CNTRY_CD
Kay|Moss|Moss Tools|kay@mosstools.com|2125550123|1 Elm St|New York|NY|10001|US
`,
    lead: {
      full_name: 'Kay Moss',
      company_name: 'Moss Tools',
      email: 'kay@mosstools.com',
      phone: '+12125550123',
      city: 'New York',
      postal_code: '10001',
      country: 'United States',
      street: '1 Elm St',
    },
  },
  {
    name: 'a list in French with the head of a company',
    content: `NOM DE L'ENTREPRISE;NOM DU DIRIGEANT;TELEPHONE 1;TELEPHONE 2;MAIL;CODE POSTAL;COMMUNE;EFFECTIF;ACTIVITE PRINCIPALE
SARL BOULANGERIE LE FOURNIL;M. JEAN-LUC PETIT;02.40.55.50.12;06.12.55.50.13;fournil@orange.fr;44000;NANTES;5;Boulangerie
`,
    lead: {
      company_name: 'SARL BOULANGERIE LE FOURNIL',
      full_name: 'Jean-Luc Petit',
      phone: '+33240555012',
      additional_phones: ['+33612555013'],
      email: 'fournil@orange.fr',
      postal_code: '44000',
      city: 'NANTES',
      industry: 'Boulangerie',
    },
  },
  {
    name: 'a list in Dutch with code and town in a cell',
    content: `Bedrijfsnaam;Contactpersoon;Functie;Telefoonnummer;Mobiel nummer;E-mailadres;Website;Adres;Postcode + plaats;Provincie;Opmerking;Accountmanager
Van Dijk Bouw;Dhr. K. van Dijk;directeur;0343-555012;06 5550 1234;k.vandijk@vandijkbouw.nl;vandijkbouw.nl;Laan 3;3941 ZZ Doorn;Utrecht;terugbellen;Onze Rep
`,
    lead: {
      company_name: 'Van Dijk Bouw',
      full_name: 'K. van Dijk',
      title: 'directeur',
      phone: '+31343555012',
      email: 'k.vandijk@vandijkbouw.nl',
      city: 'Doorn',
      postal_code: '3941 ZZ',
      street: 'Laan 3',
      state: 'Utrecht',
      notes: 'terugbellen',
    },
  },
  {
    name: 'a list in German with abbreviations and a house number',
    content: `Nr.;Name, Vorname;Firma/Institution;Tel. dienstl.;Tel. priv.;Handy;Mail dienstl.;Str.;Hausnr.;PLZ;Wohnort;Geb.-Datum;Bemerkung
1;Sommer, Ida;Sommer & Co. KG;0351 555012;0351 555013;0170 5550123;ida@sommer-co.de;Elbweg;7a;01067;Dresden;01.02.1980;Stammkunde
`,
    lead: {
      full_name: 'Ida Sommer',
      company_name: 'Sommer & Co. KG',
      phone: '+49351555012',
      additional_phones: ['+49351555013', '+491705550123'],
      email: 'ida@sommer-co.de',
      street: 'Elbweg 7a',
      postal_code: '01067',
      city: 'Dresden',
      notes: 'Stammkunde',
    },
  },
  {
    name: 'a list of prospects',
    content: `Prospect name,Prospect's job title,Prospect's company,Company site,Prospect location,Email 1,Email 1 status,Email 2,Linkedin profile,Prospect lists
Leon Ito,Buyer,Ito Foods,itofoods.com,"Lisbon, Portugal",leon@itofoods.com,valid,leon.i@gmail.com,https://linkedin.com/in/leon-ito-x,L1
`,
    lead: {
      full_name: 'Leon Ito',
      title: 'Buyer',
      company_name: 'Ito Foods',
      company_domain: 'itofoods.com',
      city: 'Lisbon',
      country: 'Portugal',
      email: 'leon@itofoods.com',
      additional_emails: ['leon.i@gmail.com'],
      external_id: 'linkedin:in/leon-ito-x',
    },
  },
  {
    name: 'a search for people with an employer',
    content: `Rank,Name,First Name,Last Name,Title,Employer,Location,City,Region,Country,LinkedIn,Recommended Email,Recommended Personal Email,Office Phone,Mobile Phone,Employer Website,Employer Industry
1,Mia Sol,Mia,Sol,CMO,Sol Media,"Graz, AT",Graz,Styria,Austria,https://linkedin.com/in/mia-sol-x,mia@solmedia.at,mia@gmx.at,+43 316 555012,+43 664 5550123,solmedia.at,Media
`,
    lead: {
      full_name: 'Mia Sol',
      title: 'CMO',
      company_name: 'Sol Media',
      city: 'Graz',
      state: 'Styria',
      country: 'Austria',
      email: 'mia@solmedia.at',
      additional_emails: ['mia@gmx.at'],
      phone: '+43316555012',
      additional_phones: ['+436645550123'],
      company_domain: 'solmedia.at',
      industry: 'Media',
    },
  },
  {
    name: 'Pipedrive in German',
    content: `Person - Name;Person - Organisation;Person - E-Mail - Arbeit;Person - E-Mail - Privat;Person - Telefon - Arbeit;Person - Telefon - Mobil;Person - Labels;Person - Besitzer;Organisation - Adresse;Person - Berufsbezeichnung
Uli Rot;Rot Werk;uli@rotwerk.de;uli@web.de;030 5550123;0171 5550123;Heiß;Unser Rep;Hof 1, 10115 Berlin, Deutschland;CEO
`,
    lead: {
      full_name: 'Uli Rot',
      company_name: 'Rot Werk',
      email: 'uli@rotwerk.de',
      additional_emails: ['uli@web.de'],
      phone: '+49305550123',
      additional_phones: ['+491715550123'],
      tags: ['Heiß'],
      title: 'CEO',
      city: 'Berlin',
    },
  },
  {
    name: 'a list of Portugal',
    content: `Nome Próprio;Apelido;Empresa;Função;Correio eletrónico;Telemóvel;Telefone;Morada;Código Postal;Localidade;País;Notas;Gestor de conta
Rita;Nunes;Nunes Cortiças;Diretora;rita@nunescorticas.pt;912 555 012;21 555 01 23;Rua A 5;1100-053;Lisboa;Portugal;x;Nosso Rep
`,
    lead: {
      full_name: 'Rita Nunes',
      company_name: 'Nunes Cortiças',
      title: 'Diretora',
      email: 'rita@nunescorticas.pt',
      phone: '+351215550123',
      additional_phones: ['+351912555012'],
      street: 'Rua A 5',
      postal_code: '1100-053',
      city: 'Lisboa',
      country: 'Portugal',
      notes: 'x',
    },
  },
  {
    name: 'a list in Czech',
    content: `Jméno;Příjmení;Společnost;Pozice;E-mail;Telefon;Mobil;Ulice;PSČ;Město;Země;Poznámka
Jana;Malá;Malá Sklárna s.r.o.;jednatelka;jana@malasklarna.cz;222 555 012;601 555 012;Dlouhá 5;110 00;Praha;Česko;x
`,
    lead: {
      full_name: 'Jana Malá',
      company_name: 'Malá Sklárna s.r.o.',
      title: 'jednatelka',
      email: 'jana@malasklarna.cz',
      phone: '+420222555012',
      additional_phones: ['+420601555012'],
      street: 'Dlouhá 5',
      postal_code: '110 00',
      city: 'Praha',
      country: 'Czechia',
      notes: 'x',
    },
  },
]
