import type { Part } from './write-archive.ts'

/** The parts of workbooks, as Excel and other programs write them. */

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
export const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

export interface SheetOptions {
  /** Inner XML of `workbook`, in place of one visible sheet. */
  workbook?: string
  /** Relationships of the workbook besides those of sheet 1, texts and styles. */
  relationships?: string
  shared?: Part
  styles?: string
  /** Parts behind the others. */
  others?: Record<string, Part>
}

/** Returns the parts of a workbook with one sheet. @param rows the inner XML of `sheetData` */
export function workbookParts(rows: string | Iterable<string>, options: SheetOptions = {}): Record<string, Part> {
  const { shared, styles, others = {} } = options
  const workbook = options.workbook ?? '<sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets>'
  return {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    '_rels/.rels': relationships(relationship('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${TYPES}">${workbook}</workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      relationship('rId1', 'worksheet', 'worksheets/sheet1.xml') +
        (shared === undefined ? '' : relationship('rId8', 'sharedStrings', 'sharedStrings.xml')) +
        (styles === undefined ? '' : relationship('rId9', 'styles', 'styles.xml')) +
        (options.relationships ?? ''),
    ),
    'xl/worksheets/sheet1.xml': sheet(rows),
    ...(shared !== undefined && { 'xl/sharedStrings.xml': around(`<sst xmlns="${MAIN}">`, shared, '</sst>') }),
    ...(styles !== undefined && {
      'xl/styles.xml': `${DECLARATION}<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`,
    }),
    ...others,
  }
}

export const sheet = (rows: string | Iterable<string>): Part =>
  around(`<worksheet xmlns="${MAIN}"><sheetData>`, rows, '</sheetData></worksheet>')

export const relationship = (id: string, type: string, target: string): string =>
  `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"/>`

export const relationships = (inner: string): string =>
  `${DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`

function around(before: string, part: Part, behind: string): Part {
  if (typeof part === 'string') return `${DECLARATION}${before}${part}${behind}`
  return pieces(before, part as Iterable<string>, behind)
}

function* pieces(before: string, part: Iterable<string>, behind: string): Generator<string> {
  yield DECLARATION + before
  yield* part
  yield behind
}
