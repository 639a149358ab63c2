import type { Plugin } from 'esbuild'

/**
 * Lambda puts a function's credentials into its environment: the AWS SDK's search for profiles, single sign-on and
 * instance metadata (150 KB) stays out of the bundles, and its place says so should it be asked after all.
 */
const searched = '@aws-sdk/credential-provider-node'
const instead = `export const defaultProvider = () => async () => {
  throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment.')
}`

export const awsCredentialsPlugin: Plugin = {
  name: 'aws-credentials',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${searched}$`) }, ({ path }) => ({ path, namespace: 'instead' }))
    build.onLoad({ filter: /.*/, namespace: 'instead' }, () => ({ contents: instead, loader: 'js' }))
  },
}
