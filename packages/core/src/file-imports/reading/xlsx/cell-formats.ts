import type { XmlHandler } from './xml.ts'

/** How the number of a cell is read: as it is, as a date (and time), or as a time of day. */
export type NumberKind = 'number' | 'date' | 'time'

const BUILT_IN_TIMES = new Set([18, 19, 20, 21, 45, 46, 47])

/** 14 to 22 and 45 to 47 in every language, 27 to 36 and 50 to 58 in East Asian ones. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

/** Collects from `styles.xml` how the numbers of cells with a style are read. */
export class CellFormatsHandler implements XmlHandler {
  private readonly kinds: NumberKind[] = []
  private readonly codes = new Map<number, NumberKind>()
  private isInCells = false

  open(name: string, attributes: Record<string, string>): void {
    if (name === 'numFmt') this.codes.set(Number(attributes.numFmtId), kindOfCode(attributes.formatCode ?? ''))
    else if (name === 'cellXfs') this.isInCells = true
    else if (name === 'xf' && this.isInCells) this.kinds.push(this.kindOfId(Number(attributes.numFmtId ?? '0')))
  }

  close(name: string): void {
    if (name === 'cellXfs') this.isInCells = false
  }

  /** Returns the kinds by the number of the style. Formats come before styles. */
  get found(): readonly NumberKind[] {
    return this.kinds
  }

  private kindOfId(id: number): NumberKind {
    const own = this.codes.get(id)
    if (own !== undefined) return own
    if (BUILT_IN_TIMES.has(id)) return 'time'
    return isBuiltInDate(id) ? 'date' : 'number'
  }
}

/** `dd.mm.yyyy`, `[$-409]mmm d`, `[h]:mm` … as opposed to `0.00"d"`, `[Red]0` or `#,##0 "h"`. */
export function kindOfCode(code: string): NumberKind {
  const [first = ''] = code
    .replace(/\[([hms]+)\]/gi, '$1')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/"[^"]*"?|\\.|[_*]./g, '')
    .split(';')
  const plain = first.replace(/general/gi, '').replace(/(s\s*)[.,]0+/gi, '$1')
  if (/[0#?]/.test(plain)) return 'number'
  const runs = (plain.match(/[a-z]+/gi) ?? []).filter((run) => /^[ymdhsgebat]+$/i.test(run)).join(' ')
  if (/[yd]|m{3}/i.test(runs)) return 'date'
  if (/[hs]/i.test(runs)) return 'time'
  return /m/i.test(runs.replace(/am|a\/p/gi, '')) ? 'date' : 'number'
}
