import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { writeDocsAssets } from '../../functions/openapi/write-assets.ts'
import { type FunctionName, type FunctionSpec, functionManifest } from '../../functions/runtime/manifest.ts'
import { awsSdkPlugin } from './aws-sdk-plugin.ts'
import { builtinsPlugin } from './builtins-plugin.ts'
import { addCommand } from './cli-bundle.ts'
import { consoleDirectory, ensureConsole } from './console.ts'
import { bytesMax, forbiddenPackages, START_BYTES_MAX } from './contents.ts'
import { leaveOutPlugin } from './leave-out-plugin.ts'
import { namedExportsPlugin } from './named-exports-plugin.ts'
import { type BundledEngine, bundleOptions, root } from './options.ts'

export { type BundledEngine, bundleOptions, root }

export interface Bundle {
  name: FunctionName
  /** Folder with `index.mjs` and all that belongs to it: what SST zips, and what the tests run. */
  directory: string
  /** All JavaScript, and the part of it that a cold start reads; source maps not counted. */
  bytes: number
  start_bytes: number
  gzip_bytes: number
  /** npm packages in it. */
  packages: string[]
  /** Why it must not be deployed: it is over its budget, or contains a package that it must not. */
  problems: string[]
}

export const functionNames = Object.keys(functionManifest) as FunctionName[]

/** Where the bundles for an engine are; engines side by side, so that tests of several do not disturb each other. */
export const bundlesDirectory = (engine: BundledEngine) => join(root, '.build', engine)

/**
 * Bundles functions for one engine. SST deploys these very folders (`bundle` of its Function component) instead of
 * building its own, so that what was tested is, byte for byte, what runs. The options are SST's own for nodejs24.x
 * (ESM, source maps, bundle for node) plus what its JSON options cannot express: plugins and code splitting per
 * dynamic import, so that a cold start does not read what it may never need.
 */
export async function buildFunctions(
  engine: BundledEngine,
  names: readonly FunctionName[] = functionNames,
  directory = bundlesDirectory(engine),
): Promise<Bundle[]> {
  return Promise.all(names.map((name) => buildFunction(name, engine, join(directory, name))))
}

async function buildFunction(name: FunctionName, engine: BundledEngine, directory: string): Promise<Bundle> {
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const { metafile } = await build({
    entryPoints: { index: `functions/handlers/${name}.ts` },
    inject: ['functions/runtime/stack-traces.ts', 'functions/runtime/linked-environment.ts'],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    // Next to the entry, not in a folder: code finds the migrations relative to itself.
    chunkNames: '[name]-[hash]',
    ...bundleOptions,
    splitting: true,
    metafile: true,
    define: { 'process.env.BUNDLED_ENGINE': JSON.stringify(engine) },
    plugins: [
      builtinsPlugin,
      awsSdkPlugin,
      namedExportsPlugin,
      leaveOutPlugin(name === 'docs' ? ['kysely'] : ['kysely', 'zod']),
    ],
  })
  if ((functionManifest[name] as FunctionSpec).config.includes('database'))
    await cp(join(root, 'migrations', engine), join(directory, 'migrations', engine), {
      recursive: true,
      filter: (path) => !path.endsWith('schema.sql'),
    })

  if (name === 'docs') await writeDocsAssets(directory)
  if (name === 'admin') await addCommand(directory, engine)
  if (name === 'console') await copyConsole(directory)

  const outputs = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.mjs'))
  const sources = await Promise.all(outputs.map(([path]) => readFile(join(root, path))))
  const packages = packagesIn(outputs.flatMap(([, { inputs }]) => Object.keys(inputs)))
  const bytes = sum(outputs.map(([, output]) => output.bytes))
  const bytes_max = bytesMax(name, engine)
  const start_bytes = sum(
    [...staticallyImported(metafile.outputs, `functions/handlers/${name}.ts`)].map(
      (path) => metafile.outputs[path]?.bytes ?? 0,
    ),
  )
  const problems = [
    ...(start_bytes > START_BYTES_MAX ? [`${start_bytes} bytes at start, ${START_BYTES_MAX} allowed`] : []),
    ...(bytes > bytes_max ? [`${bytes} bytes, ${bytes - bytes_max} over its budget`] : []),
    ...(functionManifest[name].trigger.type === 'http' &&
    containsAllOfKysely(outputs.flatMap(([, { inputs }]) => Object.keys(inputs)))
      ? ['contains all of kysely']
      : []),
    ...forbiddenPackages(name, engine)
      .filter((each) => packages.includes(each))
      .map((each) => `contains ${each}`),
  ]
  const gzip_bytes = sum(sources.map((source) => gzipSync(source).length))
  return { name, directory, bytes, start_bytes, gzip_bytes, packages, problems }
}

/** The console's files, next to the function that serves them; Vite's manifest and the like are no part of them. */
async function copyConsole(directory: string): Promise<void> {
  await ensureConsole()
  await cp(consoleDirectory, join(directory, 'console-assets'), {
    recursive: true,
    filter: (path) => !/(?:manifest\.json|sources\.txt)$/.test(path),
  })
}

type Outputs = Awaited<ReturnType<typeof build<{ metafile: true }>>>['metafile']['outputs']

/** The entry and what it imports, directly or not, without `import()`. */
function staticallyImported(outputs: Outputs, entry: string): Set<string> {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const each of outputs[path]?.imports ?? []) if (each.kind === 'import-statement') visit(each.path)
  }
  for (const [path, { entryPoint }] of Object.entries(outputs)) if (entryPoint === entry) visit(path)
  return seen
}

/** `import('kysely')` makes every export of the package used: 100 KB more at the start of an API function. */
const containsAllOfKysely = (paths: readonly string[]): boolean =>
  paths.some((path) => path.includes('kysely/dist/dialect/mssql/mssql-driver'))

function packagesIn(paths: readonly string[]): string[] {
  const names = paths.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
  return [...new Set(names.filter((name) => name !== undefined))].sort()
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
