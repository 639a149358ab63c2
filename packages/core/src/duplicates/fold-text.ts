/**
 * Folding for match keys. It never changes: a stored key was computed with it. A change must raise
 * `MATCH_KEY_VERSION`, which rebuilds the table.
 */

const MARKS = /\p{M}+/gu
const ASCII = /^[\u0020-\u007e]*$/
const OTHER_LETTERS = /[^ -~]/gu

/** Letters that NFKD leaves alone, and the Cyrillic and Greek alphabets in a plain transcription. */
const letters = new Map(
  `ß=ss ø=o ł=l đ=d ð=d þ=th æ=ae œ=oe ı=i ħ=h ŋ=n ŧ=t ĸ=k ə=e
   а=a б=b в=v г=g д=d е=e ж=zh з=z и=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch
   ъ= ы=y ь= э=e ю=yu я=ya і=i є=ye ґ=g ј=j љ=lj њ=nj ћ=c ђ=dj џ=dz ў=u
   α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o`
    .split(/\s+/)
    .map((pair) => {
      const [letter = '', spelling = ''] = pair.split('=')
      return [letter, spelling]
    }),
)

/** Lower case, without accents, in Latin letters where a table knows the alphabet. */
export function foldText(text: string): string {
  const lower = text.toLowerCase()
  if (ASCII.test(lower)) return lower
  return lower
    .normalize('NFKD')
    .replace(MARKS, '')
    .replace(OTHER_LETTERS, (letter) => letters.get(letter) ?? letter)
}

const APOSTROPHES = /['’‘`´]/g
const NO_LETTERS_OR_DIGITS = /[^\p{L}\p{N}]+/u
const ASCII_WORDS = /[a-z0-9]+/g

/** The folded words of a text. Apostrophes join (`o'neill` → `oneill`), everything else separates. */
export function foldWords(text: string | null): string[] {
  if (text === null || text === '') return []
  const folded = foldText(text)
  // Most texts are ASCII, where this takes a third of the time.
  if (ASCII.test(folded)) return folded.replace(APOSTROPHES, '').match(ASCII_WORDS) ?? []
  return folded
    .replace(APOSTROPHES, '')
    .split(NO_LETTERS_OR_DIGITS)
    .filter((word) => word !== '')
}

const GROUPS = /ph|sch|sh|ch|ck|th|gh|[^a-z]/g
const groupSounds: Record<string, string> = { ph: 'f', sch: 's', sh: 's', ch: 'k', ck: 'k', th: 't', gh: 'k' }
const letterSounds: Record<string, string> = {
  b: 'p',
  c: 'k',
  d: 't',
  f: 'f',
  g: 'k',
  j: 'k',
  k: 'k',
  l: 'l',
  m: 'n',
  n: 'n',
  p: 'p',
  q: 'k',
  r: 'r',
  s: 's',
  t: 't',
  v: 'f',
  w: 'f',
  x: 'ks',
  z: 's',
}

/** A coarse sound code for European languages: b=p, d=t, f=v=w, g=k=c=q=j, m=n, s=z; no vowels, no doubles. */
export function toSoundCode(word: string): string {
  const plain = word.replace(GROUPS, (group) => groupSounds[group] ?? '')
  let code = ''
  for (const letter of plain) {
    const sound = letterSounds[letter] ?? ''
    if (sound !== '' && !code.endsWith(sound)) code += sound
  }
  // A word of vowels only, or in an alphabet without a table, keeps its spelling.
  return code === '' ? word : code
}
