/**
 * Words of column names in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish, and what each says.
 * A column name is read as a set of these concepts, so that every order and combination of the words is understood.
 * Words are folded: lower case, without accents. `ß` is `ss`, `ł` is `l`; umlauts also occur as `ae`, `oe`, `ue`.
 */
const words = {
  // Fields of a lead.
  name: 'name namen nom nombre nome naam nazwa denominazione denominacion navn namn nimi jmeno nev',
  person_name: 'fullname personname contactname displayname realname',
  full: 'full complete complet completo completa completi voller vollstandiger vollstaendiger volledige volledig pelne pelna whole entire',
  first:
    'first given fname firstname givenname forename christian vorname vornamen prenom prenoms pila voornaam voornamen roepnaam proprio imie imiona imienia fornavn fornamn etunimi keresztnev',
  last: `last family surname surnames lname lastname familyname nachname nachnamen familienname zuname famille apellido apellidos
    cognome cognomi sobrenome apelido apelidos achternaam familienaam nazwisko nazwiska etternavn efternavn efternamn sukunimi prijmeni vezeteknev`,
  middle: 'middle mittelname zweiter secondname additionalname',
  /** What a Dutch family name begins with: `van der`. */
  infix: 'tussenvoegsel tussenvoegsels voorvoegsel',
  /** The second of two family names. */
  second_last: 'segundo materno maternal',
  email: `email emails mail mails mailadresse emailadresse emailaddress courriel courriels mel correo correos posta electronico
    electronica elettronica eletronico eletronica poczta epost emailadres mailadres messagerie eml`,
  phone: `phone phones telephone telephones tel tele telefon telefone telefono telefonos telefoni telefoonnummer telefoon fon fone ruf
    rufnummer fernsprecher landline festnetz durchwahl telnr telno telefonnr telefonu dial fixe fijo fisso fixo vaste stacjonarny whatsapp
    phonenumber telefonnummer tlf tlfn tlfno tfn tfno telf telef puhelin telefonszam stac ph`,
  mobile: `mobile mobil mobiles mobilnummer mobiltelefon mobilfunk cell cellphone cellular handy handynummer natel gsm movil movile
    celular celulare cellulare cellulari portable portables telemovel komorka komorkowy komorkowa kom sms matkapuhelin mobiel mobiele smartphone`,
  fax: 'fax faxe telefax faks telefaks faxnummer telecopie telecopieur',
  pager: 'pager telex tty tdd isdn callback radio car autotelefon funkruf beeper teletex',
  web: `website websites web webseite webseiten homepage webpage sito internet internetseite strona witryna hjemmeside hemsida nettside kotisivu honlap webadresse
    internetadresse site pagina www`,
  domain: 'domain domains domaine dominio domein domena',
  company: `company companies organization organizations organisation organisations org firma firmen firmenname firm employer
    account accounts kontoname firmierung podmiot unternehmen unternehmens betrieb arbeitgeber entreprise entreprises societe societa empresa empresas azienda aziende
    ditta compania companhia bedrijf bedrijven bedrijfsnaam werkgever firmy nazwafirmy foretag virksomhed bedrift selskab selskap yritys spolecnost ceg organisatie organizacja przedsiebiorstwo pracodawca
    employeur empleador institution institut razon ragione raison sociale organizacion organizzazione organizacao
    corporate corporation businessname`,
  job: `job jobtitle position positions role roles function funktion funktionen berufsbezeichnung stellenbezeichnung beruf stelle
    fonction poste emploi cargo puesto funcion ruolo posizione mansione qualifica funcao profissao functie beroep stanowisko funkcja stilling befattning titteli pozice beosztas
    rola rol designation occupation profession profesion professione tatigkeit taetigkeit rolle intitule`,
  title: 'title titel titre titulo titolo tytul',
  department: `department departments abteilung abt dept afdeling dzial departamento reparto dipartimento
    division bereich subdepartment`,
  street: `street streets strasse str strassen hausanschrift rue calle via rua straat ulica ulicy gade vej gata gatuadress gateadresse katuosoite ulice utca addressline address1 streetaddress
    avenue`,
  city: `city cities town ort orte stadt stadte wohnort ville villes ciudad localidad poblacion citta localita comune cidade localidade
    plaats stad woonplaats miasto miejscowosc commune gemeinde locality municipality municipio poststed postort kaupunki mesto varos`,
  state: `state province provinces region regions bundesland kanton canton provinz prov departement estado provincia comunidad regione
    provincie wojewodztwo lan fylke county distrito uf gewest`,
  zip: `zip zipcode postcode postal plz postleitzahl cp cap codepostal postale pocztowy postnr postnummer
    postcodes cep kodpocztowy pincode psc postinumero iranyitoszam`,
  country: `country countries land lander laender staat pays pais paese paesi nazione kraj panstwo nation countrycode cc landen
    countryregion landcode lkz landerkennzeichen laenderkennzeichen landkennzeichen maa zeme orszag cntry ctry`,
  address: `address addresses adresse adressen anschrift adres direccion direcciones indirizzo indirizzi endereco morada adresa
    domicilio addr location standort ubicacion localisation localizacao sede headquarters hq geography geographie`,
  industry: `activite attivita actividad atividade industry industries branche branchen sector sectors settore setor secteur sektor branza bransch bransje toimiala obor iparag industrie industria gewerbe
    rubrik`,
  tags: `tags tag labels groups gruppen groupes grupos gruppi categories kategorien categorias categorie etiquetas etiquettes etichette
    groep groepen grupy kategorie etykiety schlagworte schlagworter lists listen membership`,
  notes: `notes note notiz notizen comment comments kommentar kommentare bemerkung bemerkungen anmerkung anmerkungen remark remarks
    remarque remarques commentaire commentaires nota notas observaciones observacion comentario comentarios osservazioni
    osservazione commenti annotazioni observacoes observacao opmerking opmerkingen notitie notities uwagi notatki notatka bemaerkninger noter anteckningar kommentarer muistiinpanot poznamka poznamky megjegyzes`,
  status: 'status statut lifecycle statusu estatus situacao',
  stage: 'stage phase etape etapa fase etap stadium',
  score: 'score scoring punkte punktzahl puntuacion punteggio pontuacao wynik scoren leadscore leadscoring leadrating',
  linkedin: 'linkedin',
  social:
    'twitter x facebook instagram xing youtube tiktok skype pinterest github telegram wechat im messenger icq aim msn',
  employees: `employees employee mitarbeiter mitarbeiterzahl mitarbeitende headcount effectif effectifs empleados dipendenti empregados
    funcionarios colaboradores medewerkers werknemers pracownicy pracownikow salaries beschaftigte staff companysize
    unternehmensgrosse`,
  size: 'size grosse groesse taille tamano dimensione dimensioni tamanho porte grootte omvang wielkosc dimension',
  description: 'description beschreibung descripcion descrizione descricao omschrijving opis about',
  trade: 'commercial comercial commerciale commerciale trading trade dba handels',
  area_code: 'vorwahl indicatif prefijo prefisso areacode dialcode callingcode indicativo kierunkowy netnummer',
  legal_form: 'legalform rechtsform juridique juridica rechtsvorm companytype giuridica',
  url: 'url urls link links lien profile profil',
  scraped: 'scraped crawled',

  // Whose field it is, or which of several.
  person: `person persons contact contacts kontakt kontakte kontaktperson ansprechpartner ansprechpartnerin personne contacto
    contactos contatto contatti contato contatos contactpersoon persoon dirigeant dirigeante gerant gerante inhaber inhaberin geschaftsfuhrer geschaeftsfuhrer geschaftsfuhrerin titolare osoba kontaktowa interlocuteur entscheider entscheidungstrager decideur decisor decisore beslisser decyzyjna decyzyjny decision maker referente persona personas pessoa pessoas lead leads prospect
    candidate customer cust kunde kundin client cliente clienti klant klient member mitglied people individual interessent`,
  work: `work business office buro buero geschaftlich geschaeftlich geschaftl dienstlich dienst professional professionnel
    professionnelle professionell pro trabajo oficina laboral lavoro ufficio trabalho escritorio werk kantoor zakelijk
    sluzbowy sluzbowa sluzbowe biuro praca bureau arbeit gesch professionale profesional aziendale`,
  home: `home private privat  privater private privee prive privado privada privato privata particular personal perso
    personnel personnelle personale pessoal casa domicile thuis prywatny prywatna prywatne domowy personlich`,
  other: `other others additional alternate alternative secondary second tertiary third andere anderer weitere weiterer sonstige
    autre autres otro otra otros altro altra altri outro outra outros overige ander andere inny inna inne dodatkowy secondaire
    zusatzliche zusaetzliche zusatz zweite zweitens alternativ`,
  main: 'main primary principal principale haupt hauptnummer zentrale default preferred hoofd glowny glowna centrale switchboard standaard',
  verified: `verified valid validation verification deliverability deliverable verifie verificado verificato geverifieerd gultig`,

  // Columns that do not describe the lead.
  owner: `ansvarig ansvarlig saljare selger saelger owner owners ownership rep salesrep seller representative assigned assignee assignedto betreuer betreuerin kundenbetreuer
    zustandig zustaendig zustandiger zustaendiger zustandige bearbeiter sachbearbeiter verantwortlich verantwortlicher
    vertriebsmitarbeiter verkaufer aussendienst vendeur proprietaire responsable proprietario propietario responsabile responsavel
    vendedor venditore  asignado assegnato atribuido eigenaar verantwoordelijke toegewezen wlasciciel opiekun handlowiec
    przypisany sdr bdr csm creator createdby modifiedby ersteller erstellt created modified geandert updated sender absender
    inviato expediteur reply replyto antwortadresse attribue assigne gestor charge cree creee creado creato criado
    modifie modificado modificato aangemaakt gewijzigd utworzono zmieniono angelegt erfasst erfasser zugewiesen
    zugewiesene zugewiesener zugeteilt zugeordnet kundenberater kundenberaterin vertriebler innendienst gebietsleiter affecte
    tilldelad tilldelat tildelt prirazeno imported uploaded entered contacted importiert internal intern interner`,
  assistant: `assistant assistants assistent assistenten assistentinnen assistente assistenz assistentin sekretariat sekretarin secretary secretariat asistente
    asystent sekretariaat secretaria segreteria segretaria`,
  relative: `spouse  ehepartner ehefrau ehemann conjoint conjointe conyuge coniuge conjuge children kinder enfants hijos figli
    filhos kinderen wife husband mother father emergency notfall urgence emergencia emergenza nood manager managers vorgesetzter
    vorgesetzte supervisor reports  referred referrer referral empfohlen parent mutter mutterkonzern maison subsidiary previous
    former ex past ancien ancienne anterior precedente vorige ehemalig ehemaliger`,
  billing: 'billing bill',
  invoice: `invoice invoicing rechnung rechnungs rechnungsanschrift rechnungsadresse facturation facturacion factura fatturazione
    fattura faturamento fatura facturatie factuur faktura fakturowy buchhaltung accounting payable payables receivable receivables
    kreditorenbuchhaltung debitorenbuchhaltung comptabilite compta contabilidad contabilita contabilidade boekhouding ksiegowosc`,
  shipping:
    'shipping ship delivery lieferung liefer lieferadresse lieferanschrift livraison envio entrega spedizione consegna levering afleveradres dostawa wysylka',
  privacy: 'privacy datenschutz dsgvo gdpr rgpd dpo dsb',
  personal_data: `birthday birth birthdate geburtstag geburtsdatum geboren birthplace geburtsort naissance anniversaire anniversary
    nacimiento cumpleanos nascita compleanno nascimento aniversario verjaardag geboortedatum urodziny urodzenia dob gender sex
    geschlecht genre genero sesso geslacht plec salutation anrede civilite tratamiento saludo aanhef zwrot trattamento tratamento
    suffix prefix nickname spitzname hobby hobbies initials initialen religion marital nationality staatsangehorigkeit gebjahr
    alter age briefanrede jubilaum jahrestag iban bic vat ustid umsatzsteuer steuernummer taxid siret siren nif cif nip regon
    ssn passport hausarzt kontonummer`,
  phonetic: 'yomi phonetic phonetisch kana furigana pronunciation',
  meta: `type typ label art bounce bounced opt optin optout unsubscribed unsubscribe consent einwilligung subscribed confidence catch
    source quelle origine origen fonte bron zrodlo herkunft sent open opened replied clicked clicks count  datum date fecha
      time timestamp zeit  activity aktivitat activities deal deals opportunity opportunities ticket tickets task
    tasks campaign kampagne event events currency wahrung revenue umsatz amount betrag funding raised budget price preis  ip
    mac latitude longitude lat lng lon gps timezone zeitzone gmtoff dstoff language sprache sprachen langue idioma lingua taal jezyk
    photo foto picture image avatar logo user users benutzer username sensitivity priority prioritat directory server mileage
    reason grund unread password passwort display not nicht keine kein technologies technologie products produkte
    product produkt interest interests interesse hours offnungszeiten distance entfernung year jahr founded grundung gegrundet
    leid euid locale seniority level hierarchy hierarchie niveau ticker sic naics fiscal exchange check checked bank
    custom`,
  time: 'at on am wann when for fur pour since seit depuis desde dal sinds',
  id: `id ids uuid guid identifier  kundennummer kundennr kdnr customerid recordid record externalid reference referenz
    referenznummer mitgliedsnummer lfd laufende index idx key schlussel alias slug handle shortname kurzname kurzbezeichnung
    matchcode`,
  formatted:
    'formatted extended box pobox postfach quartier neighborhood floor etage building raum room apartment boite apartado',
  number: 'hausnummer hausnr huisnummer huisnr civico number numbers no nr num nummer numero numeros numer',
  value: 'value wert valeur valor waarde wartosc',
} as const

export type Concept = keyof typeof words

/** Concepts of columns that describe someone else, or nothing that a lead has a column for. */
export const NOT_OF_THE_LEAD: ReadonlySet<Concept> = new Set([
  'owner',
  'assistant',
  'relative',
  'invoice',
  'privacy',
  'personal_data',
  'phonetic',
  'pager',
  'fax',
])

const conceptByWord = new Map<string, Concept>()
for (const [concept, text] of Object.entries(words))
  for (const word of text.split(/\s+/)) if (!conceptByWord.has(word)) conceptByWord.set(word, concept as Concept)

/** Letters between the parts of a German or Dutch compound: Firmen-name, Geschäfts-telefon, Rechnungs-adresse. */
const LINKS = ['', 's', 'n', 'en', 'es', 'e', 'er']
/** Words of which compounds are built. Shorter ones occur in any word by chance. */
const COMPOUND_PART_MIN = 3
const WORD_MAX = 40

/** Lower case without accents; letters that Unicode does not decompose are spelled out. */
export function foldHeader(text: string): string {
  return text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .replace(/đ/g, 'd')
}

/** The words of a column name. `E-Mail`, `e mail` and `eMail` are one word; `EMAIL;INTERNET` is a vCard's. */
export const splitHeader = (header: string): string[] =>
  foldHeader(
    header
      .slice(0, 200)
      .replace(/;(?:internet|pref|voice|type=[\w,]+)/gi, '')
      .replace(/\be[-–_. ]?mail/gi, ' email')
      .replace(/linked[- ]?in/gi, ' linkedin '),
  )
    .split(/[^\p{L}\p{N}#]+/u)
    .map((word) => word.replace(/(?<=\p{L})\d+$/u, ''))
    .filter((word) => word !== '')

/** The meaning of a word; a compound has the meanings of its parts. Unknown words and digits have none. */
export function conceptsOfWord(word: string): readonly Concept[] {
  const known = conceptByWord.get(word)
  if (known !== undefined) return [known]
  if (word.length < 2 * COMPOUND_PART_MIN || word.length > WORD_MAX) return []
  return splitCompound(word) ?? foreignBeginning(word)
}

/** `Datenschutzbeauftragte`: a long word that begins with one of another person or purpose belongs to those. */
function foreignBeginning(word: string): Concept[] {
  for (let end = word.length - 1; end >= 6; end -= 1) {
    const concept = conceptByWord.get(word.slice(0, end))
    if (concept !== undefined && NOT_OF_THE_LEAD.has(concept)) return [concept]
  }
  return []
}

function splitCompound(word: string): Concept[] | null {
  for (let end = word.length - COMPOUND_PART_MIN; end >= COMPOUND_PART_MIN; end -= 1) {
    const first = conceptByWord.get(word.slice(0, end))
    if (first === undefined) continue
    for (const link of LINKS) {
      if (!word.startsWith(link, end)) continue
      const rest = word.slice(end + link.length)
      const second = conceptByWord.get(rest)
      if (second !== undefined) return [first, second]
      const more = rest.length >= 2 * COMPOUND_PART_MIN ? splitCompound(rest) : null
      if (more !== null) return [first, ...more]
    }
  }
  return null
}
