import type { XmlHandler } from './xml.ts'

interface Sheet {
  /** Id of the relationship that leads to its part. */
  relationship: string
  is_hidden: boolean
}

/** Collects from `workbook.xml` the sheets, and how its days are counted. */
export class SheetsHandler implements XmlHandler {
  is_1904 = false
  private readonly sheets: Sheet[] = []

  open(name: string, attributes: Record<string, string>): void {
    if (name === 'workbookPr') this.is_1904 = ['1', 'true'].includes(attributes.date1904 ?? '')
    if (name !== 'sheet') return
    // The prefix of the namespace is the program's choice; `sheetId` has none.
    const [, relationship = ''] = Object.entries(attributes).find(([key]) => key.endsWith(':id')) ?? []
    const { state = 'visible' } = attributes
    this.sheets.push({ relationship, is_hidden: state !== 'visible' })
  }

  /** Sheets in the order of their tabs, hidden ones last. */
  get found(): readonly Sheet[] {
    return this.sheets.toSorted((a, b) => Number(a.is_hidden) - Number(b.is_hidden))
  }
}
