import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The files of the console, as `npm run build` creates them: each with a `.br` and a `.gz` next to it, compressed once and
 * as hard as possible. They lie next to the function's bundle; the source tree serves the console's own output folder.
 */
const bundled = fileURLToPath(new URL('./console-assets/', import.meta.url))
const source = fileURLToPath(new URL('../../packages/console/dist/', import.meta.url))
const directory = existsSync(bundled) ? bundled : source

export type Encoding = 'br' | 'gzip' | null

export interface ConsoleFile {
  body: Buffer
  encoding: Encoding
  content_type: string
  etag: string
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const suffixes = { br: '.br', gzip: '.gz' } as const

/** Files read before, by path and encoding; the whole console is a quarter of a megabyte. */
const cache = new Map<string, ConsoleFile>()

/** Reads the page; null if the console has not been built. */
export const readConsolePage = (encoding: Encoding): Promise<ConsoleFile | null> => read('index.html', encoding)

/** Reads a file below `/console/assets/`; null for any other name. */
export async function readConsoleAsset(name: string, encoding: Encoding): Promise<ConsoleFile | null> {
  if (basename(name) !== name || !Object.hasOwn(contentTypes, extname(name))) return null
  return read(join('assets', name), encoding)
}

async function read(path: string, encoding: Encoding): Promise<ConsoleFile | null> {
  const key = `${encoding} ${path}`
  // The source tree's output may be built again while the stack runs.
  const known = directory === bundled ? cache.get(key) : undefined
  if (known) return known
  const found = await readEncoded(path, encoding)
  if (!found) return null
  const file = {
    ...found,
    content_type: contentTypes[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(found.body).digest('base64url').slice(0, 22)}"`,
  }
  cache.set(key, file)
  return file
}

async function readEncoded(path: string, encoding: Encoding): Promise<{ body: Buffer; encoding: Encoding } | null> {
  if (encoding) {
    const body = await readIfThere(join(directory, path + suffixes[encoding]))
    if (body) return { body, encoding }
  }
  const body = await readIfThere(join(directory, path))
  return body && { body, encoding: null }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
