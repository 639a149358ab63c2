import { Problem } from '../../problem.ts'

const SAMPLE_CHARACTERS = 64 * 1024
/** A damaged text may have a few. Images, documents and programs have over 5%. */
const CONTROL_SHARE_MAX = 0.02
const CONTROL_CHARACTERS_MIN = 3

/** What files of other programs begin with. */
const signatures: readonly [string, RegExp][] = [
  ['a PDF document', /^%PDF-/],
  ['an image', /^(.PNG\r?\n|GIF8|\u00ff\u00d8\u00ff|\ufffd\ufffd\ufffd.{0,4}JFIF|RIFF.{4}WEBP)/s],
  ['an archive', /^(7z\u00bc|Rar!|BZh|\u00fd7zXZ)/],
  ['a database', /^SQLite format 3/],
]

/**
 * Checks the beginning of a decoded file. Without this an image is read as a table whose rows are all rejected.
 * @throws Problem invalid_request
 */
export function assertText(text: string): void {
  const sample = text.slice(0, SAMPLE_CHARACTERS)
  const [kind] = signatures.find(([, pattern]) => pattern.test(sample)) ?? []
  const controls_count = countControls(sample)
  const isBinary = controls_count >= CONTROL_CHARACTERS_MIN && controls_count > sample.length * CONTROL_SHARE_MAX
  if (!kind && !isBinary) return
  const what = kind ? `It begins like ${kind}` : 'It contains control characters that no text has'
  throw new Problem(
    'invalid_request',
    `The file is not a text. ${what}. Send CSV, JSON or an Excel workbook (.xlsx), or name the encoding of the text.`,
  )
}

/** Counts control characters that no text has: some tables separate lines, pages and fields by the others. */
function countControls(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code <= 0x19 && code !== 1 && (code < 7 || code > 13)) count += 1
  }
  return count
}
