import { isCouple } from '../../normalize/name.ts'
import { foldText } from '../../normalize/text.ts'

/** Tells names of people from names of companies, for columns that are only called "Name". */

const LEGAL_FORM =
  /(?:^|[\s,.(])(?:gmbh|mbh|ohg|gbr|e\.\s?k\.?|e\.\s?v\.?|ltd|limited|inc|llc|llp|plc|corp|corporation|company|s\.?a\.?r\.?l|sasu?|eurl|s\.l\.?u?|s\.?r\.?l|s\.?p\.?a|s\.?n\.?c|s\.a|b\.v|n\.v|vof|oyj|aps|lda|ltda|sp\.?\s?z\s?o\.?\s?o|sp\.?\s?[jk]|s\.?\s?r\.?\s?o|a\.\s?s|kft|d\.?\s?o\.?\s?o|pty|pvt|bhd|gesellschaft|stiftung|verein|holding|group|gruppe|groupe|grupo|gruppo|grupa)\.?(?=$|[\s,.)&])/i
/** Two letters that are also names: legal forms only in their usual case, behind the name. */
const SHORT_LEGAL_FORM = /\s(?:AG|KG|UG|SA|SL|SE|BV|NV|AB|AS|ASA|A\/S|OY|Oy|KK|eK|eV|Co\.)(?=$|[\s,.])/
const TRADE_WORD =
  /(?:^|[\s-])(?:restaurant|ristorante|restaurante|hotel|hostel|pension|gasthof|gasthaus|cafe|café|bar|bistro|pizzeria|trattoria|osteria|bäckerei|baeckerei|boulangerie|panaderia|bakery|metzgerei|fleischerei|praxis|klinik|clinic|clinique|clínica|clinica|apotheke|pharmacie|farmacia|pharmacy|salon|studio|atelier|galerie|gallery|garage|autohaus|werkstatt|werkstätten|kanzlei|büro|agentur|agency|agence|agencia|agenzia|consulting|solutions|services|systems|software|technologies|technology|tech|labs?|media|design|marketing|shop|store|boutique|market|supermarkt|schule|school|university|universität|academy|akademie|institut|institute|center|centre|zentrum|centro|bank|versicherung|insurance|immobilien|real estate|properties|bau|handel|handels|industries|industrie|logistics|logistik|transport|transporte|spedition|druckerei|tischlerei|schreinerei|dachdecker|elektro|sanitär|malerbetrieb|gartenbau|steuerberatung|rechtsanwälte|partner|partners|associates|brothers|brüder|gebrüder|sons|söhne|fils|hnos|the)(?=$|[\s,.-])/iu
const PERSON_WORD = /^\p{Lu}[\p{L}'’.-]*$/u
const PARTICLES = new Set(
  'von van de der den del della di da dos das du la le el al bin ibn ter ten zu zur y e'.split(' '),
)

export type NameKind = 'person' | 'company' | 'unknown'

/** What a name alone says. */
export function classifyName(name: string): NameKind {
  const text = name.trim()
  if (text === '') return 'unknown'
  if (LEGAL_FORM.test(text) || SHORT_LEGAL_FORM.test(text) || /[\d@©®™]/.test(text) || TRADE_WORD.test(text))
    return 'company'
  // "Sabine & Thomas Klein" may be a couple or a firm: the other names of the column tell.
  if (isCouple(text)) return 'unknown'
  if (/[&+]/.test(text)) return 'company'
  const words = text.replace(/,/g, ' ').split(/\s+/)
  if (words.length < 2 || words.length > 5) return 'unknown'
  return words.every((word) => PERSON_WORD.test(word) || PARTICLES.has(word.toLowerCase())) ? 'person' : 'unknown'
}

/** What a name shows next to an email address: a mailbox named after a word of the name is a person's. */
export function classifyNameByEmail(name: string, email: string | null): NameKind {
  const kind = classifyName(name)
  if (kind === 'company' || email === null) return kind
  const at = email.indexOf('@')
  const local = foldText(email.slice(0, Math.max(at, 0)))
  const words = foldText(name)
    .split(' ')
    .filter((word) => word.length > 2)
  return words.some((word) => local.includes(word)) ? 'person' : kind
}

/** The kind of most names of a column: of a list without any sign of companies, people. */
export function classifyColumn(names: readonly string[], hasCompanyColumns: boolean): 'person' | 'company' {
  let people = 0
  let companies = 0
  for (const name of names) {
    const kind = classifyName(name)
    if (kind === 'person') people += 1
    else if (kind === 'company') companies += 1
  }
  if (hasCompanyColumns)
    return people > companies * 4 && companies === 0 && people > names.length / 2 ? 'person' : 'company'
  return companies > people ? 'company' : 'person'
}
