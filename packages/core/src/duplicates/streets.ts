import { foldWords } from './fold-text.ts'

export interface Street {
  /** House number without letters behind it; empty where none is stated. */
  number: string
  /** The words of the street's name, without type, direction and hints. Never empty. */
  words: readonly string[]
  text: string
}

const TYPES = new Set(
  `st street str strasse ave av avenue avda avenida blvd blv boulevard rd road dr drive ln la lane hwy highway pkwy parkway
   ct court crt cct circuit sq square pl place plce plaza cres crescent ter terrace tce way weg gasse platz allee rue via
   viale piazza corso calle rua close grove gr parade pde suite ste unit floor fl flt flat apt level shop lot no
   n s e w ne nw se sw north south east west`.split(/\s+/),
)
const ordinals = new Map(
  'first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12'
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
)
/** Hints behind an address: `255 Courtland St. at Harris St.`, `102 5th Ave. between 15th and 16th Sts.` */
const HINT = /\s(?:at|between|near|off|corner|opposite|behind|bei|nahe|ecke)\s.*$|\s\.\s.*$/i
const ORDINAL = /^(\d+)(?:st|nd|rd|th|e|er|eme)$/
const NUMBER = /^\d+[a-z]?$/
const GERMAN_TYPE = /^(.{3,})(?:strasse|str|weg|gasse|platz|allee)$/

export function readStreet(street: string | null): Street | null {
  const words = foldWords(street === null ? null : street.replace(HINT, ''))
  if (words.length === 0) return null
  let number = ''
  const telling: string[] = []
  for (const [index, word] of words.entries()) {
    if (number === '' && NUMBER.test(word) && (index === 0 || index === words.length - 1)) {
      number = word.replace(/[a-z]$/, '')
    } else if (!TYPES.has(word)) telling.push(toPlainWord(word))
  }
  const named = telling.length > 0 ? telling : words.filter((word) => word !== number)
  if (named.length === 0) return number === '' ? null : { number, words: [number], text: number }
  return { number, words: named, text: named.join('') }
}

function toPlainWord(word: string): string {
  return ordinals.get(word) ?? ORDINAL.exec(word)?.[1] ?? GERMAN_TYPE.exec(word)?.[1] ?? word
}
