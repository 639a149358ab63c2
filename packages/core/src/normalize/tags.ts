import { cleanText } from './text.ts'

const TAGS_MAX = 50
const TAG_LENGTH_MAX = 100

/** Returns the tags of a list or a comma-separated text: cleaned, each once, at most 50 of at most 100 characters. */
export function cleanTags(values: readonly unknown[]): string[] {
  const tags: string[] = []
  if (values.length === 0) return tags
  const seen = new Set<string>()
  const add = (value: unknown) => {
    if (tags.length >= TAGS_MAX) return
    const tag = cleanText(value, TAG_LENGTH_MAX)
    if (tag === null) return
    const key = tag.toLowerCase()
    if (seen.has(key)) return
    seen.add(key)
    tags.push(tag)
  }
  for (const value of values.slice(0, TAGS_MAX * 2)) {
    if (typeof value === 'string' && /[,;|]/.test(value))
      for (const part of value.slice(0, 5_000).split(/[,;|]/)) add(part)
    else add(value)
  }
  return tags
}
