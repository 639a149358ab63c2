import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'

/** Parts of the AWS SDK for other places than Lambda: 230 of the webhook's 560 KB. */
const replacements: Record<string, string> = {
  // Lambda puts a function's credentials into its environment: no profiles, SSO, instance metadata, web identities.
  // An environment without credentials fails with the SDK's own message.
  '@aws-sdk/credential-provider-node': `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'`,
  // Reads the user agent of a browser.
  bowser: `throw new Error('bowser is for browsers and was left out of this bundle')`,
}

export const awsSdkPlugin: Plugin = {
  name: 'aws-sdk',
  setup(build) {
    const resolveDir = createRequire(import.meta.url)
      .resolve('@aws-sdk/client-sqs')
      .replace(/\/dist-.*/, '')
    const filter = new RegExp(`^(${Object.keys(replacements).join('|')})$`)
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'replacement' }))
    build.onLoad({ filter: /.*/, namespace: 'replacement' }, ({ path }) => ({
      contents: replacements[path] ?? '',
      resolveDir,
      loader: 'js',
    }))
  },
}
