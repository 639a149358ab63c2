/** A comment, a quoted text, a dollar-quoted body, white space, or one other character. */
const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$|\s+|[\s\S]/g

/**
 * Splits a script into statements, without comments and with single blanks outside quotes. Where DDL cannot be rolled
 * back they are run individually. The checksum is computed from them, so that rewording a comment does not change it.
 * A body that contains semicolons (a trigger's) is cut: fit for a checksum, not for running.
 */
export function splitStatements(script: string): string[] {
  const statements: string[] = []
  let current = ''
  for (const [text] of script.matchAll(token)) {
    if (text === ';') {
      statements.push(current.trim())
      current = ''
    } else if (/^(\s|--|\/\*)/.test(text)) current = current.replace(/ ?$/, ' ')
    else current += text
  }
  statements.push(current.trim())
  return statements.filter((statement) => statement !== '')
}
