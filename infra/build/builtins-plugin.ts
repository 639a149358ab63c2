import { builtinModules } from 'node:module'
import type { Plugin } from 'esbuild'

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
    build.onResolve({ filter }, ({ path }) => ({ path: path.replace(/^(node:)?/, 'node:'), namespace: 'builtin' }))
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)})`,
      loader: 'js',
    }))
  },
}
