/** A file of items: a JSON array, one JSON object, or NDJSON. Throws an error that names the bad line. */
export function readItems(text: string): unknown[] {
  const trimmed = text.replace(/^\ufeff/, '').trim()
  if (trimmed === '') return []
  try {
    const parsed: unknown = JSON.parse(trimmed)
    return Array.isArray(parsed) ? parsed : [parsed]
  } catch (error) {
    const lines = trimmed.split('\n')
    if (lines.length === 1 || trimmed.startsWith('[')) {
      throw new Error(
        `the file is neither a JSON array nor NDJSON: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    return lines.flatMap((line, index) => {
      if (line.trim() === '') return []
      try {
        return [JSON.parse(line) as unknown]
      } catch {
        throw new Error(`line ${index + 1} is not JSON`)
      }
    })
  }
}

/** Returns true if a file contains JSON or NDJSON instead of rows. */
export function isJsonText(text: string): boolean {
  return /^[\ufeff\s]*[[{]/.test(text)
}
