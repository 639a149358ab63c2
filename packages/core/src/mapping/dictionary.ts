import { normalizeKey } from '../normalize/text.ts'
import { COMPANY, type Context, type Field, type Owner, PERSON, SELF } from './fields.ts'

/** What one key means. Keys are in the form of `normalizeKey`, in the languages that vendors use. */
export interface DictionaryEntry {
  owner: Owner
  field: Field
  rank: number
  /** A second field that the same value fills. */
  also: Field | undefined
}

const DICTIONARY = new Map<string, DictionaryEntry>()

/** Adds keys with one meaning. A key that is already defined keeps its first meaning. */
function define(owner: Owner, field: Field, rank: number, keys: string, also?: Field): void {
  for (const word of keys.trim().split(/\s+/)) {
    const key = normalizeKey(word)
    if (!DICTIONARY.has(key)) DICTIONARY.set(key, { owner, field, rank, also })
  }
}

// Keys with two meanings come first: a later definition of the same key is ignored.
define(
  COMPANY,
  'id',
  12,
  'companyid businessunitid organizationid organisationid venueid establishmentid',
  'company_evidence',
)
define(SELF, 'id', 12, 'jobid vacancyid refnr referencenumber jobreference jobkey vagaid stellenid', 'job_evidence')
define(SELF, 'location', 12, 'arbeitsort einsatzort lieudetravail luogodilavoro', 'job_evidence')
define(SELF, 'infix', 10, 'tussenvoegsel tussenvoegsels voorvoegsel namensvorsatz surnameprefix lastnameprefix')
define(
  SELF,
  'registration',
  10,
  `duns dunsnumber siret siren kvk kvknumber cnpj abn acn cin crn orgnr organisationsnummer cvr cvrnumber handelsregisternummer hrb
  companynumber registrationnumber registrationno companyregistrationnumber charitynumber registeredcharitynumber ein einnumber
  ustid vatnumber vatid partitaiva piva nif cif uidnumber firmenbuchnummer nip regon krs kvknummer btwnummer ico ytunnus`,
)
define(SELF, 'url', 12, 'joburl joblink vacancyurl stellenurl vagaurl joburi', 'job_evidence')
define(
  SELF,
  'seller_type',
  10,
  'sellertype sellerkind vendortype advertisertype listertype postertype ownertype anbietertyp verkaufertyp typevendeur typeannonceur userkind',
)

define(
  SELF,
  'full_name',
  10,
  `fullname personname leadname nomcomplet nombrecompleto nomecompleto vollername volledigenaam nameofperson
  fn profilename membername candidatename employeename prospectname namefull formattedname nomprenom prenomnom nombreyapellidos`,
)
define(
  PERSON,
  'full_name',
  10,
  `contactname contactperson contactpersonname contactfullname ansprechpartner kontaktperson personadecontacto
  personacontacto personnecontact nomducontact referente ownername owner foundernames jobpostername postername recruitername
  hiringmanager hiringmanagername agentname ceo ceoname founder foundername decisionmaker decisionmakername geschaftsfuhrer
  geschaeftsfuhrer inhaber dirigeant titolare inhaberin geschaftsfuhrung keyprincipal keyexecutive realtor physician dentist therapist lawyer attorney freelancer instructor tutor president principal representative rappresentante legalrepresentative principalname managername directorname speaker speakername attendee attendeename poc mgr pocname pointofcontact pointofcontactname reactorname commentername participantname berater beratername interlocuteur contactpersoon kontaktperson kontaktansprechpartner`,
)
define(
  PERSON,
  'full_name',
  12,
  `eigenaar wlasciciel propietario proprietario gerant gerente socio socios administrador amministratore abogado avocat medecin
  notaire arzt rechtsanwalt notar makler steuerberater avvocato advogado medico medici contactpoint trustee principalofficer
  kontakttperson osobakontaktowa behandelaar therapeut terapeuta osobadokontaktu contactpersoon personadecontato rappresentantelegale legalerappresentante
  vorsitzender vorsitzende voorzitter chairman chairwoman chairperson representantelegal representantlegal gesetzlichervertreter amministratoreunico amministratoredelegato prezes jednatel bestuurder zaakvoerder`,
)
define(
  PERSON,
  'full_name',
  15,
  'responsable responsavel responsabile verantwoordelijke chef maestro headteacher headmaster headmistress headofschool schoolhead schulleiter schulleiterin schulleitung dirigentescolastico rector dean direktor direktorin directeur directrice direttore direttrice directora diretor diretora directeurecole contact kontakt contacto contatto agent broker doctor coach trainer director manager officer',
)
define(
  SELF,
  'first_name',
  10,
  'firstname fname givenname vorname fornavn fornamn etunimi imie jmeno keresztnev prenom prenoms prenomusuel givennames primernombre nombredepila forename voornaam namefirst first',
)
define(
  SELF,
  'last_name',
  10,
  `lastname surname familyname lname nachname etternavn efternavn efternamn sukunimi nazwisko prijmeni soyad soyadi vezeteknev familienname apellido apellidos cognome nomdefamille achternaam sobrenome
  namelast zuname secondname last`,
)
define(
  SELF,
  'name',
  10,
  'name displayname nombre nome nom naam bezeichnung businesstitle entityname recordname itemname listingname naziv nazwa navn namn nazev nume nimi nev isim',
)
define(SELF, 'name', 12, 'legalname officialname registeredname registeredcompanyname')
define(
  SELF,
  'post_evidence',
  10,
  'startdate enddate eventdate ticketurl tickets doorsopen eventstart eventend startdatetime enddatetime eventname eventurl ticketprice ticketprices isonlineevent onlineevent isonline lineup doors ticketsurl',
)
define(SELF, 'name', 30, 'localname localizedname accountdisplayname nickname')
define(SELF, 'title', 10, 'title titel titre titulo titolo')
define(SELF, 'title', 10, 'stellentitel vacaturetitel titulooferta titulovaga titreoffre', 'job_evidence')
define(
  SELF,
  'job_title',
  10,
  `jobtitle position positiontitle currenttitle currentposition currentjobtitle currentjob role designation
  jobrole jobposition newtitle newjobtitle newposition newrole berufsbezeichnung stellenbezeichnung beruf funktion poste fonction cargo puesto ruolo qualifica posizione
  titredeposte intituledeposte functie persontitle professionaltitle profession cargoactual qualite fonctions jobname stilling befattning stanowisko funkcja functie pozice pracovnipozice unvan gorev tehtava beosztas  rolle titleposition currentpositiontitle titleatcompany positionheld mansione`,
)
define(SELF, 'occupation', 10, 'occupation')
define(SELF, 'headline', 10, 'headline profileheadline')
define(SELF, 'email', 12, 'bewerbungemail bewerbungsemail applicationemail applyemail', 'job_evidence')
define(
  SELF,
  'email',
  10,
  `email mail emails emailaddress emailaddresses primaryemail workemail workemails professionalemail profileemail adressemail
  correo correoelectronico courriel postaelettronica indirizzoemail emailadresse emailadres publicemail mailadresse mailaddress emailid eemail
  businessemail contactemail contactemails contactmail verifiedemail bestemail directemail validemail emailwork emailbusiness emailprofessionnel
  emailfinal mainemail emailpro epost`,
)
define(
  SELF,
  'email',
  25,
  'additionalemails otheremails alternateemail alternativeemail secondaryemail emailsfound allemails foundemails emaillist guessedemail',
)
define(
  SELF,
  'personal_email',
  10,
  'personalemail personalemails privateemail emailpersonal emailpersonnel privatemail homeemail personalmail',
)
define(
  SELF,
  'email_status',
  10,
  `emailstatus emailverified isemailverified emailverification emailverificationstatus verifiedemailstatus emailvalid
  isemailvalid emailvalidation emailvalidationstatus emaildeliverability emailstate emailisverified validationstatus emailresult verification`,
)
define(
  SELF,
  'phone',
  10,
  `phone phonenumber telephone telephonenumber tel telefon telefonnummer telefono numerodetelefono numeroditelefono telephonefixe
  fixe phones phonenumbers telefonos telefoni telefoon rufnummer contactnumber contactphone primaryphone mainphone directphone directdial workphone
  officephone displayphone phonemain formattedphonenumber maintelephone telephonenumbers contactphones phonetext telephonemobile telefonnr rufnr businessphonenumber phonework numerodetelephone publicphonenumber publicphone contactphonenumber phoneno telno tels tlfs recapito recapiti vaxel centralita centralino standard switchboard
  phonenum landline festnetz telefony telefonok telefonnumre telefonszam telefoane puhelinnumero contactphonenumbers tlf phonedisplay phonedirect localphone telefonofijo telf telefoonnummer telefone numeros numerotel telemovel celular numertelefonu dddtelefone numertelefonu nrtelefonu puhelin tlfnr mobiltelefonnummer`,
)
define(
  SELF,
  'phone',
  8,
  'phoneunformatted internationalphone internationalphonenumber phoneinternational phonee164 sanitizedphone e164 phoneraw intlphone',
)
define(
  SELF,
  'phone',
  15,
  `mobile mobilephone mobilenumber mobilephonenumber cell cellphone cellular cellnumber handy handynummer mobil mobiltelefon movil
  telefonomovil portable telephoneportable cellulare telefonocellulare personalphone phonemobile mobiles mobilenumbers`,
)
define(
  SELF,
  'phone',
  25,
  'additionalphones otherphones additionalphonenumbers otherphonenumbers reservationphone bookingphone servicephone hotline alternatephone secondaryphone allphones whatsapp whatsappnumber whatsappphone nationalphone nationalphonenumber',
)
define(SELF, 'phone', 95, 'phonesuncertain phoneuncertain possiblephones phonesguessed tollfree tollfreephone')
define(
  SELF,
  'phone_status',
  10,
  'phonestatus phoneverified isphoneverified phoneverification phonevalid isphonevalid phoneverificationstatus',
)
define(
  SELF,
  'website',
  10,
  `website websiteurl websites site siteurl siteweb web webseite webseiten homepage homepageurl webpage sitioweb paginaweb
  sitoweb sito pagweb officialwebsite businesswebsite websiteaddress websitelink internetseite internetadresse urlwebsite urlsiteweb webaddress websiteurls
  officialsite sitointernet stronainternetowa sajt nettside hjemmeside sitiointernet paginainternet siteinternet companysite internet stronawww strona hjemmeside hemsida websiteuri webs weblink www urlweb webadresse homepagelink homepageuri weburi siteinternetentreprise urldusite sitewebentreprise kotisivu weburladresse`,
)
define(SELF, 'website', 30, 'blog blogurl')
define(SELF, 'website', 20, 'externalurl biourl biolink externallink biolinks websitefull resolvedwebsite')
define(
  SELF,
  'domain',
  10,
  'domain primarydomain websitedomain rootdomain domainname maindomain domaine dominio domains basedomain domainurl',
)
define(
  SELF,
  'url',
  10,
  `url pageurl link profileurl weburl detailurl detailsurl listingurl permalink itemurl placeurl mapsurl googlemapsurl googlemapslink
  googleurl profilelink detailpage detailpageurl companypageurl bizurl businessurl canonicalurl urlprofile joburl joblink mapurl gmapsurl
  sourcelink listinglink publicurl googlemapsuri profilepage profilepageurl pageuri pagelink detailuri shareurl directoryurl listingpage profileuri publicprofile publicprofileurl urls urlfiche ficheurl fiche ficha scheda pagina urlperfil perfil enlace perfilurl urldetalle lienfiche lien urlprofil profil profillink profilurl`,
)
define(SELF, 'url', 20, 'profile href htmlurl')
define(SELF, 'url', 30, 'sourceurl loadedurl scrapedurl inputprofileurl salesnavigatorurl salesnavprofileurl')
define(
  SELF,
  'linkedin',
  10,
  `linkedin linkedinurl linkedinprofile linkedinprofileurl linkedins linkedinlink linkedinpage linkedinpageurl personlinkedinurl
  linkedinprofilelink linkedinprofiles linkedinpublicurl personlinkedin linkedinlinks linkedinurls profilelinkedin linkedinaddress defaultprofileurl`,
)
define(
  COMPANY,
  'linkedin',
  10,
  `linkedincompany linkedincompanyurl linkedincompanypage companylinkedinpageurl companylinkedinprofileurl companylink1
  regularcompanyurl linkedincompanyprofileurl`,
)
define(
  SELF,
  'linkedin_slug',
  10,
  'publicidentifier publicid vanityname universalname linkedinpublicid linkedinusername linkedinhandle linkedinslug linkedinidentifier linkedinuniversalname',
)
define(
  SELF,
  'member_id',
  10,
  'urn entityurn objecturn memberurn profileurn vmid linkedinmemberid linkedinmemberurn linkedinprofileid linkedinprofileurn linkedinurn salesprofileid salesprofileurn',
)
define(
  SELF,
  'network_page',
  10,
  'twitter twitterurl twitterprofile twitterprofileurl twitterlink xurl xprofile xprofileurl xing xingurl xingprofile xingprofileurl xinglink',
)
define(
  SELF,
  'facebook',
  10,
  'facebook facebookurl facebooks facebookpage facebookpageurl facebooklink facebookprofile fb facebooklinks',
)
define(SELF, 'instagram', 10, 'instagram instagramurl instagrams instagramprofile instagramlink instagramlinks')
define(
  SELF,
  'social',
  10,
  `sociallinks socials socialmedia socialprofiles socialmedias socialurls socialmedialinks socialnetworks links externalurls
  websitelinks reseauxsociaux socialmediaprofiles profiles`,
)
define(
  SELF,
  'address',
  10,
  `address fulladdress formattedaddress addresstext adresse direccion indirizzo anschrift addresswithcountry rawaddress addressfull
  completeaddress postaladdress mailingaddress businessaddress physicaladdress adressecomplete direccioncompleta indirizzocompleto adresvollstandig
  contactaddress displayaddress addresscomplete formatted adres ubicacioncompleta addressraw officeaddress addressline addresses endereco morada adresa osoite addr adressen adressezeile`,
)
define(
  COMPANY,
  'address',
  10,
  'headquarters headquarter hq headquartersaddress headquarterslocation headoffice registeredoffice registeredaddress hqaddress hqlocation mainoffice siege siegesocial sede sedelegale hauptsitz sitz firmensitz domicilio domiciliofiscal domiciliosocial',
)
define(
  SELF,
  'location',
  10,
  `location locationstring locationname locationtext standort ubicacion localisation localizacion posizionegeografica linkedintext
  geolocation currentlocation personlocation profilelocation locationdisplay place geo geolocationname geoname locationfull addresswithoutcountry
  locationdescription basedin jobgeo`,
)
define(
  COMPANY,
  'location',
  10,
  'locations offices officelocations locationidentifiers branches companylocations alllocations',
)
define(SELF, 'location', 30, 'displayablename')
define(
  SELF,
  'street',
  10,
  'street streetaddress street1 line1 addressline1 strasse strassenr strassehausnr strasseundhausnummer strassehnr rueetnumero ulicanumer strassehausnummer rue via calle straat streetname address1 streetaddress1 strassenname   logradouro ulica straatnaam gatuadress voie nomvoie libellevoie adressevoie gateadresse katuosoite nomvoie via1 gade vej',
)
define(
  SELF,
  'house_number',
  10,
  'hausnummer hausnr housenumber number housenr housenum streetnumber huisnummer numero numerocivico civico numerovoie nrdomu numerodomu husnummer numeroporta',
)
define(
  SELF,
  'city',
  10,
  `city town ort stadt ville ciudad citta comune localidad cityname plaats cidade addresscity
  nomcommune villenom citytown personcity locationcity woonplaats miasto ciudadnombre postort kaupunki oras sehir varos plzort ortplz cpville villecp capcitta plaatsnaam miejscowosc vestigingsplaats poststed postitoimipaikka miejscowosc mesto kommune stad`,
)
// A locality or municipality is the city only if no city is stated. Otherwise it may be a part of the city.
define(
  SELF,
  'city',
  12,
  'locality addresslocality municipality municipio commune poblacion localite gemeinde postaltown',
)
define(SELF, 'city', 25, 'suburb')
define(
  SELF,
  'state',
  10,
  `state province region addressregion bundesland provincia departement estado regione stateorprovince administrativearea admin1
  statename regionname personstate stateprovince locationstate geographicarea stateregion administrativearealevel1 provincename canton comunidad
  comunidadautonoma judet kraj megye wojewodztwo provincie lan fylke`,
)
define(SELF, 'state', 20, 'uf statecode regioncode stateabbreviation stateabbr provincecode')
define(
  SELF,
  'postal_code',
  10,
  `postalcode zip zipcode postcode plz postleitzahl codepostal codigopostal cap cp addresspostalcode codicepostale pincode
  zippostalcode postalzip zippostcode addresszip cep postalcodezip locationpostalcode postnr postnummer psc kodpocztowy codigopostalcp postal postcodeplaats kod psc postinumero`,
)
define(
  SELF,
  'country',
  10,
  `country countryname land pays pais paese nation addresscountry addresscountryonly countryfull locationcountry personcountry
  nazione staat countryregion countrylong kraj`,
)
define(
  SELF,
  'country_code',
  12,
  'countrycode countryiso countryisocode isocountry isocountrycode countryiso2 countryshort iso2 addresscountrycode locationcountrycode countrycodealpha2 ccode',
)
define(
  SELF,
  'industry',
  10,
  `industry industries branche secteur sector settore industria branchen primaryindustry industryname
  secteuractivite secteurdactivite branza obor toimiala bransje iparag sektor settoreattivita industrysector bransch`,
)
define(
  SELF,
  'industry',
  12,
  'categoryname businesscategory businesscategoryname bestindustry practicearea practiceareas businesscategories naicsdescription sicdescription naicstitle sictitle libelleactivite businessactivity categorynames ramo rubro primarytypedisplayname primarycategory maincategory headcategory subcategoryname primarytype',
)
define(SELF, 'industry', 16, 'subcategories subcategory')
define(
  SELF,
  'industry',
  20,
  `category categoria kategorie categorie rubrik gewerbe businesstype placetype pagecategory rubrique activity activite
  categorylabel mainactivity attivita actividad specialty speciality overallcategory specialization specialisation fachgebiet fachrichtung specialite especialidad especialidades specialita specialita specjalizacja specializzazione specializzazioni specialties`,
)
define(
  SELF,
  'industry',
  30,
  'categories categorylist kategorien rubriken categorias cuisines cuisine services secondaryindustries types',
)
define(SELF, 'industry', 45, 'amenity tourism craft healthcare leisure')
define(
  SELF,
  'employees',
  10,
  `employeecount employees numberofemployees numemployees employeescount estimatednumemployees staffcount headcount
  mitarbeiter mitarbeiterzahl anzahlmitarbeiter effectif effectifs nombredesalaries empleados numeroempleados numerodeempleados dipendenti numerodipendenti
  numbersofemployees totalemployees employeetotal estimatedemployees companyemployeescount employeenumber nbemployees employeesonlinkedin employeecountonlinkedin linkedinemployees linkedinemployeecount companysizeonlinkedin employeesnumber staff`,
)
define(
  SELF,
  'employees',
  12,
  `companysize employeecountrange employeerange employeesize teamsize staffcountrange numemployeesrange employeesrange
  sizerange staffsize employeebucket sizeclass employeeband employeebracket trancheeffectif trancheeffectifs trancheeffectifsalarie tranchedeffectif groessenklasse employeecountbucket headcountrange companyheadcountrange numemployeesenum numberofemployeesrange unternehmensgrosse
  tailleentreprise tamanoempresa`,
)
define(SELF, 'employees', 95, 'size')
define(SELF, 'employees_min', 10, 'employeesmin minemployees employeecountmin companysizemin sizemin employeecountlow')
define(SELF, 'employees_max', 10, 'employeesmax maxemployees employeecountmax companysizemax sizemax employeecounthigh')
define(
  SELF,
  'description',
  10,
  `description shortdescription longdescription aboutus beschreibung descripcion descrizione fulldescription
  descriptiontext businessdescription seodescription editorialsummary presentation vorstellung firmenbeschreibung descricao omschrijving opis`,
)
define(
  SELF,
  'description',
  15,
  'about information informations ueberuns uberuns sobre summary overview intro bio biography biotext aboutthebusiness fromthebusiness profiletext signature zusammenfassung resumen resume',
)
define(SELF, 'description', 30, 'tagline slogan snippet subtitle')
define(SELF, 'text', 10, 'info contactinfo contactinformation contacttext impressum')
define(
  SELF,
  'company_type',
  10,
  'companytype organizationtype legalform rechtsform formejuridique formajuridica ownership ownershiptype entitytype ownershipstatus organisationtype',
)
define(
  SELF,
  'id',
  10,
  'id uuid guid entityid pageid profileid listingid businessid itemid externalid leadid personid objectid recordid memberid bizid contactid facebookid',
)
define(SELF, 'id', 14, 'identifier')
define(SELF, 'id', 20, 'uid pk customid refid legacyid')
define(SELF, 'place_id', 10, 'placeid googleplaceid googleid gplaceid googlemapsid googlemapsplaceid')
define(SELF, 'slug', 10, 'username handle login screenname pagename permalinkslug slug shortname alias uniqueid')
define(SELF, 'tags', 10, 'tags labels etiquettes etiquetas')
define(COMPANY, 'tags', 10, 'specialities specialties keywords companyspecialties companykeywords technologies')
define(
  SELF,
  'scraped_at',
  10,
  'scrapedat scrapedon scrapetime scrapingdate extractedat crawledat collectedat loadedtime fetchedat dataextractedat scrapetimestamp extractiondate scrapeddate lastscrapedat',
)
define(
  SELF,
  'type',
  10,
  'type itemtype kind recordtype pagetype profiletype accounttype resulttype producttype datatype',
)
define(
  SELF,
  'source_page',
  10,
  'source searchurl starturl startingurl inputurl requesturl originurl originalurl scrapedfrom sourcepage sourcewebsite searchpageurl searchpage',
)
define(SELF, 'error', 10, 'error errormessage errors errordescription errorcode errormsg exception errorinfo fehler')
define(SELF, 'failed', 10, 'success succeeded found ok isfound profilefound')
define(SELF, 'private', 10, 'private isprivate isprivateaccount privateaccount isprivateprofile')
define(
  SELF,
  'business_account',
  10,
  'isbusinessaccount isbusiness isprofessionalaccount isorganization iscompany isbusinesspage',
)
define(SELF, 'personal_profile', 10, 'personalprofile')
define(
  SELF,
  'place_evidence',
  10,
  'openinghours businesshours hours pluscode reviewscount reviewcount totalscore permanentlyclosed temporarilyclosed claimthisbusiness cid fid googlecid googlefid datacid ludocid rating numberofreviews operationhours pricelevel pricerange ratingcount oeffnungszeiten horaires',
)
define(
  SELF,
  'company_evidence',
  10,
  'foundedon founded foundedyear yearfounded grundungsjahr annualrevenue revenue fundingdata totalfunding naicscode siccode handelsregister fundingtotal formejuridique legalstatus dateofincorporation incorporationdate',
)
define(
  SELF,
  'person_evidence',
  10,
  'connections connectionscount connectiondegree distance seniority education educations skills experience experiences openconnection gender opentowork employmenthistory workexperience currentcompany school jobduration premium',
)
define(
  SELF,
  'job_evidence',
  10,
  `applyurl applylink positionname externalapplylink employmenttype jobfunction senioritylevel salary salaryinfo jobdescription applicantscount jobtype contracttype
  experiencelevel postedat postedate postedon workplacetype jobposterurl jobposterprofileurl dateposted posteddate jobposteddate applications
  postingdate datepublished easyapply workfromhome homeoffice vacancytype salario salaire gehalt salarymin salarymax salaryrange salarytext compensation employmenttypes arbeitszeit applicationdeadline jobcategory jobcategories jobtypes joblocation joblocationtype vacancies befristung  worktype beschaftigungsart vertragsart`,
)
define(
  SELF,
  'page_evidence',
  10,
  `markdown html crawl httpstatuscode statuscode metadata text screenshoturl loadedtime organicresults searchquery languagecode pagetitle
  metadescription contenttype pagefunctionresult jsonld headings paragraphs`,
)
define(
  SELF,
  'post_evidence',
  10,
  `caption likescount commentscount sharescount shortcode retweetcount replycount hashtags mentions videourl playcount diggcount
  viewcount tweetid bedrooms beds bathrooms roomtype nightlyrate propertytype listingprice sqft squarefeet mileage posttext publishedat articlebody price currency sku pricetext pricetype priceamount offertype rooms objecttype coldrent warmrent baserent totalrent wohnflache kaufpreis kaltmiete warmmiete zimmer precio habitaciones prix pieces prezzo locali kilometrage kilometerstand deliverydays deliverytime isnegotiable negotiable shippingavailable numberofrooms bathroom livingspace floorarea lotsize fueltype transmission forrent forsale monthlyrent saleprice listprice askingprice daysonmarket mlsnumber mlsid budget fixedprice proposals proposalscount startingprice rent unitnumber asin instock videoduration`,
)
define(
  SELF,
  'review_evidence',
  10,
  'reviewtext reviewid reviewerid reviewername reviewer reviewurl reviewtitle reviewbody reviewdate reviewrating publishedatdate',
)
/** Keys that only crawlers for contacts write, once per page or domain. */
export const CRAWL_KEYS: ReadonlySet<string> = new Set(
  'emails phones phonesuncertain referrerurl depth linkedins twitters facebooks instagrams youtubes tiktoks pinterests originalstarturl'.split(
    ' ',
  ),
)
define(
  COMPANY,
  'name',
  10,
  `companyname company organization organizationname organisation organisationname employer employername currentcompany
  currentcompanyname currentemployer firma firmenname firmname unternehmen unternehmensname entreprise nomentreprise nomdelentreprise nomfantasia nomefantasia razaosocial nomeempresa  nazwafirmy firmaname denominacion nomraisonsociale 
  societe nomsociete nomdelasociete raisonsociale empresa nombreempresa nombredelaempresa nombredeempresa razonsocial azienda nomeazienda ragionesociale
  denominazione bedrijf bedrijfsnaam businessname companytitle accountname workplace companyfullname companyofficialname arbeitgeber orgname
  institution companynamefull joborganization`,
)
define(
  COMPANY,
  'name',
  20,
  `storename shopname placename venuename restaurantname hotelname clinicname practicename dealername vendorname sellername
  suppliername agencyname merchantname brokername brokeragename brokerage officename exhibitor exhibitorname sponsor sponsorname aussteller handelsnaam companydisplayname denomination commercialname tradename tradingname tradestyle dba dbaname doingbusinessas legalbusinessname nombrecomercial nomcommercial firmanavn seller vendor supplier merchant dealer provider organizer organiser advertiser virksomhed foretag bedrijfnaam lawfirm lawfirmname practice clinic chamber firm agency brokerage business shop store dealership studio brandname   organizationlegalname legalname`,
)
define(
  COMPANY,
  'name',
  20,
  `insegna ensena rotulo enseigne etude verein stiftung vereniging stowarzyszenie asociacion associazione restaurante ristorante restaurant hotel cafe salon gym pharmacy museum winery brewery bakery resort hostel cabinet kanzlei praxis clinica klinik clinic hospital lawfirm org nazwafirmy organizator pracodawca tyonantaja firme munkaltato firmname nombreempresa foretag virksomhed yritys developer publisher
  nomfirmy despacho startup startupname facility facilityname establishmentname nazwapraxis agentur agence agenzia agencia kantoor studiolegale bufete`,
)
// Keys in Japanese, Chinese, Korean and Russian.
define(
  SELF,
  'name',
  12,
  '店名 店舗名 施設名 屋号 名称 名前 商号 店铺名称 商家名称 상호 상호명 업체명 가게명 시설명 название наименование имяорганизации',
)
define(SELF, 'full_name', 12, '氏名 お名前 姓名 성명 이름 фио полноеимя')
define(SELF, 'first_name', 12, 'имя')
define(SELF, 'last_name', 12, 'фамилия')
define(
  COMPANY,
  'name',
  12,
  '会社名 企業名 法人名 勤務先 公司 公司名称 企业名称 单位名称 회사 회사명 기업명 компания организация фирма предприятие',
)
define(
  PERSON,
  'full_name',
  12,
  '代表者 代表者名 担当者 担当者名 联系人 法定代表人 法人代表 负责人 대표 대표자 대표자명 담당자 담당자명 директор руководитель контактноелицо',
)
define(SELF, 'job_title', 12, '役職 職種 肩書 职位 职务 직책 직급 должность')
define(
  SELF,
  'email',
  12,
  'メール メールアドレス eメール 邮箱 电子邮箱 电子邮件 이메일 메일 почта электроннаяпочта емейл имейл',
)
define(
  SELF,
  'phone',
  12,
  '電話 電話番号 tel番号 携帯電話 連絡先 电话 联系电话 电话号码 手机 手机号 전화 전화번호 연락처 휴대폰 телефон телефоны номертелефона мобильный',
)
define(SELF, 'website', 12, 'ホームページ ウェブサイト 公式サイト サイト 网址 网站 官网 홈페이지 웹사이트 сайт вебсайт')
define(SELF, 'address', 12, '住所 所在地 地址 详细地址 주소 도로명주소 адрес')
define(SELF, 'city', 12, '市区町村 城市 도시 город населенныйпункт')
define(SELF, 'state', 12, '都道府県 省份 省 시도 область регион')
define(SELF, 'country', 12, '国 国家 国籍 국가 страна')
define(SELF, 'postal_code', 12, '郵便番号 邮编 邮政编码 우편번호 индекс почтовыйиндекс')
define(
  SELF,
  'industry',
  12,
  '業種 業界 ジャンル カテゴリ カテゴリー 行业 所属行业 类别 업종 카테고리 рубрика отрасль категория',
)
define(COMPANY, 'employees', 12, '従業員数 社員数 员工人数 人员规模 직원수 사원수 численность числосотрудников')
define(SELF, 'description', 12, '説明 紹介 简介 描述 소개 설명 описание')
define(SELF, 'registration', 12, '法人番号 统一社会信用代码 사업자등록번호 инн огрн')
// The place of an event goes behind its organizer.
define(COMPANY, 'name', 26, 'venue')
define(COMPANY, 'domain', 10, 'companydomain  organizationprimarydomain companywebsitedomain')
define(COMPANY, 'industry', 10, 'companyindustrysector')

/** Returns what a normalized key means, or undefined. */
export function findEntry(key: string): DictionaryEntry | undefined {
  return DICTIONARY.get(key)
}

const CONTEXTS = new Map<string, Context>()

/** How objects under these keys are read. */
function context(name: Context, keys: string): void {
  for (const key of keys.trim().split(/\s+/)) CONTEXTS.set(key, name)
}

context(
  'open',
  `data result record item profile person lead attributes basicinfo personalinfo basics basic properties fields details detail general generalinfo
  profiledata profileinfo  persondata leaddata element entity payload response body content output profiledetails info overview main summary
   generalinformation change jobchange positionchange rolechange about current present latest new now identity whois job jobposting jobpost vacancy jobdetails jobdata joboffer posting`,
)
context(
  'company',
  `startup despacho facility institution biz practice clinic hospital cabinet kanzlei praxis brokerage lawfirm org exhibitor sponsor registrant publisher developer company organization organisation employer currentcompany currentorganization currentemployer business firm firma unternehmen entreprise
  societe empresa azienda account companyinfo companydata companydetails organizationinfo organizationdetails agency shop store seller vendor supplier
  businessinfo companyprofile currentcompanydetails jobcompany hiringcompany companyobject brand  restaurant hotel venue place employerinfo
  companies organizations currentcompanies office dealer dealership provider organizer organiser advertiser businessprofile
  lister inserent anbieter vendeur annonceur insegna sellerinfo advertiserinfo listerinfo agencyinfo providerinfo businessdetails etablissement`,
)
context(
  'person',
  'franchisee licensee head headteacher schulleitung schulleiter rector dean contactpoint eigenaar inhaber dirigeant titolare propietario proprietario contactperson ansprechpartner kontaktperson owner agent broker ceo founder recruiter jobposter poster hiringmanager decisionmaker manager listingagent hiringteam primarycontact maincontact personadecontacto reactor commenter attendee speaker participant invitee realtor freelancer doctor physician dentist therapist lawyer attorney coach trainer instructor tutor professional expert consultant advisor keyprincipal principal representative presenter panelist client customer buyer host creator',
)
context(
  'contact',
  `contact contactinfo contactdetails contactinformation  kontakt kontaktdaten contacto contatto contatti coordonnees
  communication contactdata emaildetails emailsinfo enrichment emailinfo`,
)
context(
  'people',
  'staff team teamlist stafflist staffmembers mitarbeiterliste equipe equipo socios soci gerenti administradores inhaberliste gesellschafter partners stakeholders trustees keycontacts contacts people persons leads decisionmakers owners leadsenrichment founders keypeople ansprechpartnerliste agents executives officers managers makers teammembers founderidentifiers vertreter vertretungsberechtigte gesetzlichevertreter organe leitung dirigeants dirigenti mandataires amministratori administrateurs zarzad bestuurders reprezentanci',
)
context(
  'address',
  `adr geschaeftsstelle geschaftsstelle vestiging niederlassung filiale registeredoffice address addressobj addressobject addressinfo addressdetails location locationinfo locationdata locationdetails adresse anschrift direccion
  indirizzo headquarters headquarter hq hqaddress headoffice parsed postaladdress companyaddress businessaddress mainaddress  place
  geo geolocation fulladdress structuredaddress locationparsed currentlocation personlocation headquarterslocation formattedlocation`,
)
context(
  'locations',
  'locations offices officelocations addresses locationidentifiers companylocations branches confirmedlocations groupedlocations affiliatedlocations',
)
context('position', 'currentposition currentjob currentexperience currentrole latestposition currentpositiondetails')
context(
  'positions',
  `experience experiences positions employmenthistory workexperience workhistory employment jobhistory currentpositions professionalexperience
  positionhistory careerhistory work experiencelist occupations careers stationen werdegang parcours`,
)
context(
  'social',
  'socials socialmedia sociallinks social socialprofiles socialmedialinks socialnetworks links socialurls profilelinks socialmediaprofiles',
)
context(
  'deny',
  `reviews review reviewer user users author authors authormeta similar similarorganizations similarcompanies similarprofiles related relatedprofiles
  relatedpages peoplealsoviewed peoplealsosearch alsoviewed moreprofiles competitors booking offers offer offergroup menu additionalinfo funding
  fundingdata crunchbasefundingdata lastfundinground educations education schools school skills languages certifications licenseandcertificates
  projects publications courses patents honorsandawards volunteering volunteerandawards volunteercauses recommendations interests featured
  updates posts recentposts latestposts jobs products images photos videos logos logo image photo photourls profilepicalldimensions faq
  questions questionsandanswers amenities popular populartimes populartimeshistogram nearestmetrostations neighborhoodlocations ancestorlocations roomtips
  searchparameters search query input request crawl debug response parent parentcompany acquisitions affiliatedcompanies affiliatedpages showcasepages
  openinghours hours businesshours ratinghistogram ratingdistribution reviewsdistribution reviewsTags pageadlibrary organicresults paidresults relatedqueries
  registrar admin administrative tech technical abuse billing
  employeeslist currentusers comments likers followers technologynames departmentalheadcount coverphoto profilepicture peoplealsoasked webresults hoteladss
  receivedrecommendations backgroundcovers news articles events headersinfo`,
)

/** Returns how an object under a key is read, if the key determines it. */
export function contextOf(key: string): Context | undefined {
  return CONTEXTS.get(key)
}
