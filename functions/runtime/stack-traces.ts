import type { SourceMap } from 'node:module'

/**
 * Imported by every bundle: stack traces name the files and lines that people wrote. Node's --enable-source-maps does
 * that by reading and parsing the maps of all modules as they load, 10 of the 60 ms of a cold start, for stacks that
 * hardly anybody looks at. Here a map is read when a stack is. Nothing is imported, as this is injected into what would be.
 */

/** A map of the consumer takes 60 MB: kept for the frames of a stack, and no longer than until memory is wanted. */
const maps = new Map<string, WeakRef<SourceMap>>()

function mapOf(url: string): SourceMap | undefined {
  const known = maps.get(url)?.deref()
  if (known) return known
  const map = readMap(url)
  if (map) maps.set(url, new WeakRef(map))
  return map
}

function readMap(url: string): SourceMap | undefined {
  try {
    const { SourceMap } = process.getBuiltinModule('node:module')
    const { readFileSync } = process.getBuiltinModule('node:fs')
    return new SourceMap(JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8')))
  } catch {
    // No bundle, or deployed without its map: the stack says what it can.
    return undefined
  }
}

/** A frame as V8 writes it, its place replaced by the one in the source. */
function mapFrame(site: NodeJS.CallSite): string {
  const [text, url, line, column] = [String(site), site.getFileName(), site.getLineNumber(), site.getColumnNumber()]
  if (!url?.startsWith('file:') || line === null || column === null) return text
  const origin = mapOf(url)?.findOrigin(line, column)
  if (!origin || !('fileName' in origin)) return text
  const file = origin.fileName.replace(/^(?:\.\.\/)+/, '')
  return text.replace(`${url}:${line}:${column}`, `${file}:${origin.lineNumber}:${origin.columnNumber}`)
}

Error.prepareStackTrace = (error, sites) =>
  [Error.prototype.toString.call(error), ...sites.map((site) => `\n    at ${mapFrame(site)}`)].join('')
