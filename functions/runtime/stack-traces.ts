import type { SourceMap } from 'node:module'

/**
 * Maps stack traces to source files. Imported by every bundle. Node's --enable-source-maps parses the maps of all modules
 * at load, 10 of the 60 ms of a cold start. This module reads a map only when a stack is read. It imports nothing, because
 * the build injects it into every module.
 */

/** The consumer's map takes 60 MB. Held by a weak reference, so that it is freed when memory is needed. */
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
    // Not a bundle, or deployed without its map: keep the original frame.
    return undefined
  }
}

/** Replaces the location of a V8 stack frame with the one in the source. */
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
