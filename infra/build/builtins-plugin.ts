import { builtinModules } from 'node:module'
import type { ImportKind, Plugin } from 'esbuild'

/**
 * Node's own modules through `process.getBuiltinModule()` instead of `import`: an ESM import of node:http costs 30-45 ms
 * of a cold start, because linking its named exports triggers getters that load undici.
 */
export const builtinsPlugin: Plugin = {
  name: 'builtins',
  setup(build) {
    const names = builtinModules.map((name) => name.replace(/^node:/, '')).filter((name) => !name.startsWith('_'))
    const filter = new RegExp(`^(node:)?(${names.join('|')})$`)
    // middy's helpers take the names of status codes from it, for errors: loading all of it is 2.5 ms of 40.
    build.onResolve({ filter: /^(node:)?http$/ }, ({ importer }) =>
      /@middy\/util\//.test(importer) ? { path: 'status-codes', namespace: 'status-codes' } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'status-codes' }, () => ({
      contents: `export const STATUS_CODES = new Proxy({}, {
        get: (_, code) => process.getBuiltinModule('node:http').STATUS_CODES[code],
      })`,
      loader: 'js',
    }))
    build.onResolve({ filter }, ({ path, kind }) => ({
      path: path.replace(/^(node:)?/, 'node:'),
      namespace: namespaces[kind] ?? 'builtin',
    }))
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
      loader: 'js',
    }))
    build.onLoad({ filter: /.*/, namespace: 'imported-builtin' }, ({ path }) => ({
      contents: toModule(path, exportsOf(path)),
      loader: 'js',
    }))
    build.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: toModule(path, exportsOf(path).filter(isValue)),
      loader: 'js',
    }))
  },
}

/**
 * What is asked for by `import()` is a chunk, whose exports are all kept, so it is a module of its own: what is imported
 * by statements, and needed before any chunk, must not be in it.
 */
const namespaces: Partial<Record<ImportKind, string>> = {
  'import-statement': 'imported-builtin',
  'dynamic-import': 'lazy-builtin',
}

interface Export {
  name: string
  /** Reading a getter may load more: `http.WebSocket` loads undici. */
  isValue: boolean
}

function exportsOf(builtin: string): Export[] {
  const descriptors = Object.getOwnPropertyDescriptors(process.getBuiltinModule(builtin) ?? {})
  return Object.entries(descriptors).flatMap(([name, { enumerable, get }]) =>
    enumerable && name !== 'default' ? [{ name, isValue: !get }] : [],
  )
}

const isValue = ({ isValue }: Export): boolean => isValue

/**
 * A module of a builtin's exports, of which a bundle keeps those that it imports. As CommonJS, every importing module would
 * get its own object with a getter for each of them: 1 ms of a start for the ten that import node:crypto.
 */
function toModule(builtin: string, exports: readonly Export[]): string {
  return [
    `const $builtin = process.getBuiltinModule(${JSON.stringify(builtin)})`,
    'const $get = (name) => $builtin[name]',
    'export default $builtin',
    ...exports.map(({ name }) => `export const ${name} = /* @__PURE__ */ $get(${JSON.stringify(name)})`),
  ].join('\n')
}
