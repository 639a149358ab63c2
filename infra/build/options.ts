import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'
import { builtinsPlugin } from './builtins-plugin.ts'

export type BundledEngine = 'postgres' | 'mysql' | 'sqlite'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Options of all bundles. `npm run bench:cold` builds its yardstick with the same. */
export const bundleOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
  sourcemap: true,
  // Positions and names are enough to read a stack trace; the sources themselves would double the upload.
  sourcesContent: false,
  logLevel: 'warning',
  plugins: [builtinsPlugin],
  // CommonJS packages ask for require; through getBuiltinModule for the reason given in builtins-plugin.ts.
  banner: { js: "const require=process.getBuiltinModule('module').createRequire(import.meta.url);" },
} satisfies BuildOptions
