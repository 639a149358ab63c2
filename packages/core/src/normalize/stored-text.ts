import { cleanEmail } from './email.ts'
import { toReadableEmail } from './host-spelling.ts'
import { toCleanLine } from './text.ts'

/**
 * The form in which a value is stored, whether an import, the API or the command line states it. Filters compare the same
 * forms, so that a value is found by the words that it was written with.
 */

/** Returns a text in Unicode's composed form, as one line without invisible characters. */
export const toStoredText = (text: string): string => toCleanLine(text.normalize('NFC'))

/** Returns an address in lower case, with its host as people write it. */
export function toStoredEmail(text: string): string {
  const line = toStoredText(text)
  return cleanEmail(line) ?? line.toLowerCase()
}

/** Returns true for an address that can be stored, also with letters beyond ASCII. */
export function isEmail(text: string): boolean {
  const line = toStoredText(text)
  return (
    /^[^\s<>()[\]@:,;"]+@[^\s<>()[\]@:,;"]+$/.test(line) && cleanEmail(line) === toReadableEmail(line.toLowerCase())
  )
}

export const distinct = (forms: readonly string[]): string[] => [...new Set(forms.filter((form) => form !== ''))]

/** Forms in which a text may be stored. Rows of earlier versions have it as it was written. */
export const toTextForms = (text: string): string[] => distinct([toStoredText(text), text.normalize('NFC')])

/** Forms of a text that imports and the API store unchanged: an id, a name of a key. */
export const toExactForms = (text: string): string[] => distinct([text, text.normalize('NFC')])
