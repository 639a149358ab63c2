import { Problem } from '../../problem.ts'

/** Bytes that the parts of a workbook in memory may have together. Their XML is 5 to 10 times the text of the cells. */
const WORKBOOK_XML_BYTES_MAX = 64 * 1024 * 1024

/**
 * Checks that the parts of a workbook have at most 64 MB together, as the archive states them. Reading a part fails where
 * it has more than that.
 * @throws Problem invalid_request for a larger or damaged workbook
 */
export async function assertWorkbookSize(content: Uint8Array): Promise<void> {
  const bytes = await countBytes(content)
  if (bytes > WORKBOOK_XML_BYTES_MAX)
    throw new Problem(
      'invalid_request',
      'The Excel workbook contains more than 64 MB. Save the sheet as CSV and send it in parts.',
    )
}

async function countBytes(content: Uint8Array): Promise<number> {
  const { Archive } = await import('./xlsx/archive.ts')
  try {
    const archive = await Archive.open(content)
    archive.close()
    return archive.unpackedBytes
  } catch (cause) {
    const detail = 'The Excel workbook is damaged or cut off. Save it as .xlsx again.'
    throw new Problem('invalid_request', detail, { cause })
  }
}
