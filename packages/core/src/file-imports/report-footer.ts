/** Lines that a report writes below its table: who made it, sums, a notice. */

export const FOOTER_REASON = 'not a lead: a line below the table, as reports end'

const NOTICE =
  /^(?:copyright\b|©|\(c\) ?\d{4}|confidential\b|do not distribute|(?:report )?generated (?:by|on|at)\b|(?:created|exported|printed|run) (?:by|on|at)\b|end of (?:report|file|list|export)|page \d+ (?:of|\/) \d+|vertraulich|(?:erstellt|exportiert|gedruckt|generiert) (?:von|am|durch)\b|seite \d+ (?:von|\/) \d+|(?:généré|créé|exporté|imprimé) (?:par|le)\b|informations? confidentielles?|información confidencial|(?:generado|creado|exportado) (?:por|el)\b|informazioni riservate|(?:generato|creato|esportato) (?:da|il)\b|informaç(?:ões|ão) confidencia|(?:gerado|criado|exportado) (?:por|em)\b|vertrouwelijk|(?:gegenereerd|gemaakt|geëxporteerd) (?:door|op)\b|informacje poufne|wygenerowan|sporządz)/iu
/** Alone or with a number: "Total" next to a town is a company. */
const SUM =
  /^(?:(?:grand|sub)[ -]?)?totals?\b(?: (?:records|rows|leads|contacts|général|general|geral|generale))?|^(?:records?|row|lead|contact) count\b|^(?:gesamt(?:summe|ergebnis|anzahl)?|summe|anzahl|totaal|totale|razem|suma|somme|suma total)\b/iu
const FILLED_MAX = 2

/** True for a row that fills one or two cells of a wider table with such a text. */
export function isFooter(columns: readonly unknown[], cells: readonly string[]): boolean {
  if (columns.length <= FILLED_MAX) return false
  let first = ''
  let rest = ''
  let filled = 0
  for (const cell of cells) {
    if (cell === '' || cell.trim() === '') continue
    filled += 1
    if (filled > FILLED_MAX) return false
    if (filled === 1) first = cell.trim()
    else rest = cell.trim()
  }
  if (first.length > 300 || first.includes('@')) return false
  if (NOTICE.test(first)) return filled === 1 || !rest.includes('@')
  return SUM.test(first) && (filled === 1 || /^[\d.,\s%€$£-]+$/.test(rest))
}
