import { readFile } from 'node:fs/promises'
import type { Plugin } from 'esbuild'

/**
 * Parts of libraries that no function calls, but that tree shaking cannot remove because a method refers to them. They are
 * replaced by functions that throw an error with the reason.
 */
const unused = {
  // Kysely's builders of tables and indexes: migrations are plain SQL. 25 KB. Of `merge` and of schemas: 28 KB.
  kysely:
    /kysely\/dist\/(schema\/schema-module|plugin\/with-schema\/with-schema-plugin|query-builder\/merge-query-builder)\.js$/,
  // zod's JSON Schema, which only the function with the documentation creates. 20 KB.
  zod: /zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/,
}

export function leaveOutPlugin(libraries: readonly (keyof typeof unused)[]): Plugin {
  return {
    name: 'leave-out',
    setup(build) {
      // mysql2's tables of Chinese, Japanese and Korean character sets, 500 KB: connections speak utf8mb4.
      build.onLoad({ filter: /iconv-lite\/encodings\/tables\/.*\.json$/ }, () => ({
        contents: `throw new Error('This table of characters was left out of the bundle (infra/build).')`,
        loader: 'js',
      }))
      // An engine of JavaScript in WebAssembly, with parsers, for proxies that are chosen by a script: 1 MB, a third of the
      // consumer. It is loaded for a proxy whose address begins with `pac+`.
      build.onLoad({ filter: /pac-proxy-agent\/dist\/index\.js$/ }, () => ({
        contents: `throw new Error('Proxies by a script (pac+http:) were left out of the bundle (infra/build).')`,
        loader: 'js',
      }))
      for (const library of libraries) {
        build.onLoad({ filter: unused[library] }, async ({ path }) => {
          const source = await readFile(path, 'utf8')
          const names = [
            ...[...source.matchAll(/^export (?:const|function|class) (\w+)/gm)].map((match) => match[1]),
            ...[...source.matchAll(/^export \{ \w+ as (\w+) \}/gm)].map((match) => match[1]),
          ]
          const message = JSON.stringify(`This part of ${library} was left out of the bundle (infra/build).`)
          // Called once while schemas are built, for a method: only the method must not be called.
          const body = `function leftOut() { return () => { throw new Error(${message}) } }`
          return {
            contents: `${body}\nexport { ${names.map((name) => `leftOut as ${name}`).join(', ')} }`,
            loader: 'js',
          }
        })
      }
    },
  }
}
