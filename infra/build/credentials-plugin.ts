import { createRequire } from 'node:module'
import type { Plugin } from 'esbuild'

/**
 * Lambda puts a function's credentials into its environment, so the SDK needs no other source: profiles, SSO, instance
 * metadata and web identities are left out of the bundles. An environment without credentials fails with the SDK's
 * own message.
 */
export const credentialsPlugin: Plugin = {
  name: 'credentials',
  setup(build) {
    const require = createRequire(import.meta.url)
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
      path: 'credentials',
      namespace: 'credentials',
    }))
    build.onLoad({ filter: /.*/, namespace: 'credentials' }, () => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'`,
      resolveDir: require.resolve('@aws-sdk/client-sqs').replace(/\/dist-.*/, ''),
      loader: 'js',
    }))
  },
}
