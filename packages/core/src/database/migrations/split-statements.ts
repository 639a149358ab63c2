/** A comment, a quoted text, a dollar-quoted body, white space, or one other character. */
const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$[\s\S]*?\$\1\$|\s+|[\s\S]/g

/**
 * The statements of a script, without comments and with white space outside quotes made one blank: what is run one by
 * one where DDL cannot be rolled back, and what a checksum is made of, so that rewording a comment changes nothing.
 * Bodies with semicolons of their own (a trigger's) are cut: fit for a checksum, not for running.
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
