import { toReadableEmail, toReadableHost } from './host-spelling.ts'
import { FREE_MAIL } from './hosts.ts'
import { memoize } from './memoize.ts'

const EMAIL =
  /^[\p{L}\p{N}!#$%&'+/=?^_`{|}~-](?:[\p{L}\p{M}\p{N}.!#$%&'+/=?^_`{|}~-]{0,62}[\p{L}\p{M}\p{N}!#$%&'+/=?^_`{|}~-])?@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+[\p{L}][\p{L}\p{M}\p{N}-]{1,62}$/u
/** The same for addresses within ASCII, as nearly all are. It is twice as fast. */
const ASCII_EMAIL =
  /^[a-z0-9!#$%&'+/=?^_`{|}~-](?:[a-z0-9.!#$%&'+/=?^_`{|}~-]{0,62}[a-z0-9!#$%&'+/=?^_`{|}~-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}$/
const FILE_ENDING = /\.(?:png|jpe?g|gif|webp|svg|css|js|ico|bmp|avif|mp4|woff2?)$/
/** Mailboxes of error trackers and site builders, found in page sources: hex digits @ their host. */
const MACHINE = /^[0-9a-f]{24,}@/
const ROLES = new Set(
  `info contact contacts contacto contatto contatti kontakt hello hallo hi bonjour hola ciao mail email office buero buro
  bureau sales vertrieb verkauf ventes ventas vendite support help service services kundenservice customerservice
  customercare team admin administration webmaster postmaster hostmaster marketing press presse media pr jobs career careers
  karriere hr personal recruiting recruitment bewerbung billing accounts accounting buchhaltung rechnung invoice finance
  booking bookings reservation reservations reservierung reservas prenotazioni reception rezeption front frontdesk hotel
  restaurant shop store orders order bestellung enquiries enquiry inquiries inquiry anfrage general general-info welcome
  empfang secretary sekretariat secretariat segreteria direction direccion commercial comercial commerciale amministrazione
  post zentrale central hq company feedback legal privacy datenschutz dpo rgpd gdpr abuse security noreply no-reply
  donotreply do-not-reply newsletter news events event info-de praxis kanzlei studio atelier`
    .trim()
    .split(/\s+/),
)
const PRIVACY =
  /^(?:privacy|datenschutz\w*|dpo|dsb|rgpd|gdpr|dsgvo|abuse|no-?reply|do-?not-?reply|mailer-daemon|postmaster|hostmaster|webmaster)$/

/** Rewrites `name [at] host [dot] tld` and similar forms as an address. Only for short texts. */
function deobfuscate(value: string): string {
  let text = value
  if (/[[({<]/.test(text))
    text = text
      .replace(/\s*[[({<]\s*(?:at|ät|@|arroba|chiocciola|arobase)\s*[\])}>]\s*/gi, '@')
      .replace(/\s*[[({<]\s*(?:dot|punkt|point|punto|\.)\s*[\])}>]\s*/gi, '.')
  if (/\s/.test(text))
    text = text
      .replace(/^(\S+)\s+(?:at|AT|ät)\s+(\S+(?:\s+(?:dot|DOT)\s+\S+)+|\S+\.\S+)$/, '$1@$2')
      .replace(/\s+(?:dot|DOT)\s+/g, '.')
  if (/[&%＠]/.test(text)) text = text.replace(/&#0*64;|&commat;|%40|＠/gi, '@').replace(/&#0*46;|&period;/gi, '.')
  return text
}

/**
 * Returns a value as one lower-case email address, or null. Accepts `mailto:`, `Name <a@b.c>`, quotes and common
 * obfuscations. Rejects masked addresses, file names (`logo@2x.png`) and machine mailboxes. Plus-tags stay, and a host in
 * ASCII (`xn--…`) is written as people read it.
 */
export const cleanEmail = (value: unknown): string | null =>
  typeof value !== 'string' || value.length < 6 || value.length > 600 ? null : readKnownEmail(value)

/** The addresses of an item are read two or three times. */
const readKnownEmail = memoize(readEmail, { results_max: 64, length_max: 254 })

function readEmail(value: string): string | null {
  let text = value.trim()
  const open = text.lastIndexOf('<')
  if (open >= 0) {
    const close = text.indexOf('>', open)
    if (close > open && text.slice(open, close).includes('@')) text = text.slice(open + 1, close)
  }
  if (/^(?:mailto|e-?mail)\s*:/i.test(text)) {
    text = text.slice(text.indexOf(':') + 1).trim()
    const question = text.indexOf('?')
    if (question >= 0) text = text.slice(0, question)
  }
  if (!text.includes('@') || text.includes(' ') || text.includes('[')) text = deobfuscate(text)
  text = text.replace(/^[\s'"“”„«([{<.,;:]+|[\s'"“”»)\]}>.,;:]+$/g, '')
  const email = text.toLowerCase()
  if (email.length > 254 || email.length < 6) return null
  if (email.includes('..') || email.includes('*') || FILE_ENDING.test(email) || MACHINE.test(email)) return null
  if (ASCII_EMAIL.test(email)) return toReadable(email)
  if (!EMAIL.test(email) || !email.isWellFormed()) return null
  return toReadable(email)
}

/** An address whose host cannot be written in letters keeps its spelling. */
function toReadable(email: string): string {
  const readable = toReadableEmail(email)
  return readable === email || EMAIL.test(readable) ? readable : email
}

/** Returns a key that two spellings of one mailbox share: without the plus-tag, and without dots for Gmail. */
export function toEmailKey(email: string): string {
  const at = email.lastIndexOf('@')
  let local = email.slice(0, at)
  let host = toReadableHost(email.slice(at + 1))
  const plus = local.indexOf('+')
  if (plus > 0) local = local.slice(0, plus)
  if (host === 'googlemail.com') host = 'gmail.com'
  if (host === 'gmail.com') local = local.replaceAll('.', '')
  return `${local}@${host}`
}

export function isFreeMail(email: string): boolean {
  return FREE_MAIL.has(email.slice(email.lastIndexOf('@') + 1))
}

/** Returns true for the mailbox of a role instead of a person: `info@`, `sales@`, `prenotazioni@`. */
export function isRoleEmail(email: string): boolean {
  let end = email.lastIndexOf('@')
  while (end > 0 && isDigit(email.charCodeAt(end - 1))) end -= 1
  return ROLES.has(email.slice(0, end))
}

const isDigit = (code: number): boolean => code > 47 && code < 58

/** Returns true for mailboxes that are not for sales: privacy officers, no-reply, postmasters. */
export function isPrivacyEmail(email: string): boolean {
  return PRIVACY.test(email.slice(0, email.lastIndexOf('@')))
}

const TEXT_SCAN_MAX = 4_000

/** Finds email addresses in a free text such as a biography. Only the first 4,000 characters are searched. */
export function extractEmails(text: string): string[] {
  const found: string[] = []
  const scanned = text.length > TEXT_SCAN_MAX ? text.slice(0, TEXT_SCAN_MAX) : text
  let at = scanned.indexOf('@')
  while (at >= 0 && found.length < 10) {
    let start = at
    while (start > 0 && at - start < 65 && !isDelimiter(scanned.charCodeAt(start - 1))) start -= 1
    let end = at + 1
    while (end < scanned.length && end - at < 255 && !isDelimiter(scanned.charCodeAt(end))) end += 1
    const email = start < at ? cleanEmail(scanned.slice(start, end)) : null
    if (email !== null && !found.includes(email)) found.push(email)
    at = scanned.indexOf('@', end)
  }
  return found
}

/** Returns true for characters that end an address in a text: whitespace, brackets, quotes, `,` `:` `;` `|` `/`. */
function isDelimiter(code: number): boolean {
  return (
    code <= 34 ||
    code === 39 ||
    code === 40 ||
    code === 41 ||
    code === 44 ||
    code === 47 ||
    code === 58 ||
    code === 59 ||
    code === 60 ||
    code === 62 ||
    code === 91 ||
    code === 93 ||
    code === 123 ||
    code === 124 ||
    code === 125 ||
    code === 160 ||
    code >= 0x2000
  )
}
