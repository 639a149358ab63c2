import type { Plugin } from 'esbuild'

/**
 * CommonJS packages that a library asks for by `import()`, and the exports it takes. Bundled with code splitting, such a chunk
 * has only a default export, so each goes through a module that names them.
 */
const namedExports: Record<string, readonly string[]> = {
  // apify-client, for connections that it keeps and for the proxies of the environment.
  'proxy-agent': ['ProxyAgent'],
}

export const namedExportsPlugin: Plugin = {
  name: 'named-exports',
  setup(build) {
    const filter = new RegExp(`^(${Object.keys(namedExports).join('|')})$`)
    build.onResolve({ filter }, ({ path, kind, resolveDir }) =>
      kind === 'dynamic-import' ? { path, namespace: 'named-exports', pluginData: { resolveDir } } : undefined,
    )
    build.onLoad({ filter: /.*/, namespace: 'named-exports' }, ({ path, pluginData: { resolveDir } }) => ({
      contents: `export { ${namedExports[path]?.join(', ')} } from ${JSON.stringify(path)}`,
      resolveDir,
      loader: 'js',
    }))
  },
}
