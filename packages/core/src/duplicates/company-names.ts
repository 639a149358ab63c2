import { foldWords } from './fold-text.ts'

/** A company's or place's name, reduced to what tells it from others. */
export interface CompanyName {
  /** All words that count, joined: two spellings of one name are equal here. */
  text: string
  /** Words that name it. Never empty. */
  core: readonly string[]
  /** Words that say what it is: `cafe`, `hotel`. */
  types: readonly string[]
  /** Words that name a part of a business: `pharmacy`, `parking`. */
  departments: readonly string[]
  /** `The Grill`: the name consists of a type only; `core` contains it. */
  has_type_only: boolean
}

const toSet = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Legal forms and words without meaning. */
const IGNORED_WORDS = toSet(`the of and und et y e a an at on by in de da di du del la le les el los das der die das
  gmbh mbh ag kg kgaa ohg gbr ug ev eg inc incorporated corp corporation co company llc llp lp ltd limited plc pty pte
  sa sas sarl srl spa snc bv nv ab as asa aps oy oyj kft sro spzoo doo eurl sl slu lda ltda cia group holding holdings`)

/** Words that say what kind of place it is, with one spelling for each kind. */
const placeTypes = new Map(
  `restaurant=restaurant ristorante=restaurant restaurante=restaurant cafe=cafe coffee=cafe coffeehouse=cafe
   bistro=bistro brasserie=brasserie trattoria=trattoria pizzeria=pizzeria deli=deli delicatessen=deli grill=grill
   grille=grill bar=bar pub=pub tavern=tavern lounge=lounge diner=diner kitchen=kitchen room=room rooms=room
   dining=dining tea=tea hotel=hotel hostel=hostel motel=motel inn=inn bbq=bbq buffet=buffet bakery=bakery
   shop=shop store=shop salon=salon studio=studio clinic=clinic`
    .split(/\s+/)
    .map((pair) => pair.split('=') as [string, string]),
)

const DEPARTMENT_WORDS = toSet(`pharmacy apotheke parking garage atm fuel gas spa gym pool annex warehouse service
  services optical vision photo garden tire tires auto bank kiosk pickup drive emergency dental`)

/** Reads a name; words of its own city are left out, they tell branches apart no better than the city does. */
export function readCompanyName(name: string | null, city: string | null): CompanyName | null {
  const words = foldWords(name)
  if (words.length === 0) return null
  const cityWords = new Set(foldWords(city))
  const telling = words.filter((word) => !IGNORED_WORDS.has(word) && !cityWords.has(word))
  const kept = telling.length > 0 ? telling : words
  const core: string[] = []
  const types: string[] = []
  const departments: string[] = []
  for (const word of kept) {
    const type = placeTypes.get(word)
    if (type !== undefined) types.push(type)
    else if (DEPARTMENT_WORDS.has(word)) departments.push(word)
    else core.push(word)
  }
  const text = kept.join('')
  if (core.length > 0) return { text, core, types, departments, has_type_only: false }
  return { text, core: [...types, ...departments], types: [], departments: [], has_type_only: true }
}
