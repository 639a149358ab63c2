import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions } from 'esbuild'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const platform = join(root, '.sst/platform')
/** Where a test run keeps SST's components as one file, beside the packages that it imports. */
export const platformBundle = join(platform, 'check-platform.mjs')

export interface App {
  name: string
  stage: string
  removal: string
  protect: boolean
  providers: { aws?: { region?: string } }
}

export interface Provider {
  alias: string
  package: string
}

/** What SST's command line tells its components of itself. */
export const cli = {
  command: 'deploy',
  dev: false,
  paths: { home: join(root, '.sst/home'), root, work: join(root, '.sst'), platform },
  state: { version: {} },
}

/** The options with which SST bundles a program. */
export const bundling = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  nodePaths: [join(platform, 'node_modules')],
  external: [
    '@pulumi/*',
    'undici',
    '@pulumiverse/*',
    '@sst-provider/*',
    '@aws-sdk/*',
    'esbuild',
    'archiver',
    'glob',
    'vite',
  ],
  banner: {
    js: [
      "import { createRequire as topLevelCreateRequire } from 'module';",
      'const require = topLevelCreateRequire(import.meta.url);',
      'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
    ].join('\n'),
  },
  logLevel: 'error',
  logOverride: { 'commonjs-variable-in-esm': 'silent' },
} as const satisfies BuildOptions
