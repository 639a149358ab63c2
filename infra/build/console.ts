import { createHash } from 'node:crypto'
import { glob, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** The console's files: built by Vite, compressed once, and built again only when its sources changed. */

const consoleRoot = fileURLToPath(new URL('../../packages/console/', import.meta.url))
export const consoleDirectory = join(consoleRoot, 'dist')

const SOURCES = ['src/**/*', 'index.html', 'vite.config.ts', 'package.json']
/** Names the state of the sources that the output was built from. */
const SOURCES_HASH_FILE = 'sources.txt'
const COMPRESSED = /\.(?:js|css|svg|html)$/

const compressBrotli = promisify(brotliCompress)
const compressGzip = promisify(gzip)

/** Builds the console if its output is missing or older than its sources. Returns whether it built. */
export async function ensureConsole(onBuild: () => void = () => {}): Promise<boolean> {
  const hash = await hashSources()
  const built = await readFile(join(consoleDirectory, SOURCES_HASH_FILE), 'utf8').catch(() => '')
  if (built === hash) return false
  onBuild()
  await buildConsole(hash)
  return true
}

/** By content: a checkout gives every file a new time. */
async function hashSources(): Promise<string> {
  const paths: string[] = []
  for await (const entry of glob(SOURCES, { cwd: consoleRoot, withFileTypes: true }))
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name))
  const hash = createHash('sha256')
  for (const path of paths.sort()) {
    hash.update(path.slice(consoleRoot.length))
    hash.update(await readFile(path))
  }
  return hash.digest('hex')
}

/** Into a separate folder that then replaces the old one: a half-built console is never read. */
async function buildConsole(hash: string): Promise<void> {
  const directory = join(consoleRoot, `dist-${process.pid}`)
  const replaced = `${directory}-replaced`
  try {
    await buildInto(directory)
    await writeFile(join(directory, SOURCES_HASH_FILE), hash)
    // Set aside first: between removing and renaming, readers would find no file for as long as the removal takes.
    await rename(consoleDirectory, replaced).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await rename(directory, consoleDirectory)
  } catch (error) {
    // Another process built the same sources at the same time.
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  } finally {
    await Promise.all([directory, replaced].map((path) => rm(path, { recursive: true, force: true })))
  }
}

async function buildInto(directory: string): Promise<void> {
  const { build } = await import('vite')
  const { NODE_ENV } = process.env
  // Vite takes it from the environment: under a test runner it would bundle React's development build.
  process.env.NODE_ENV = 'production'
  try {
    await build({
      root: consoleRoot,
      configFile: join(consoleRoot, 'vite.config.ts'),
      mode: 'production',
      logLevel: 'error',
      build: { outDir: directory, emptyOutDir: true },
    })
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
  for await (const path of glob('**/*', { cwd: directory }))
    if (COMPRESSED.test(path)) await compress(join(directory, path))
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path)
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
  await Promise.all([
    compressBrotli(bytes, { params }).then((small) => writeFile(`${path}.br`, small)),
    compressGzip(bytes, { level: 9 }).then((small) => writeFile(`${path}.gz`, small)),
  ])
}
