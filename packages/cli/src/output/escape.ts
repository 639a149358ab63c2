/**
 * Control characters of C0 (except tab and line feed), DEL, C1, and characters that change the direction of text. In
 * scraped data or a CSV header they could move the cursor, hide text or make a terminal type.
 */
const CONTROL_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters to escape
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** The styles that getColors() produces. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: styles are escape sequences
const STYLE = /\u001b\[(?:0|1|2|22|31|32|33|39)m/

const toHex = (character: string): string => character.charCodeAt(0).toString(16).padStart(4, '0')

/**
 * Makes control characters visible as `\u001b`, so that a terminal does not interpret them. The value of JSON text stays
 * the same, because such characters occur only inside of its strings.
 */
export const escapeControls = (text: string): string =>
  text.replace(CONTROL_CHARACTERS, (character) => `\\u${toHex(character)}`)

/** Escapes a text that contains styles of this program. */
export const escapeStyled = (text: string): string =>
  text
    .split(new RegExp(`(${STYLE.source})`))
    .map((part, index) => (index % 2 === 1 ? part : escapeControls(part)))
    .join('')
