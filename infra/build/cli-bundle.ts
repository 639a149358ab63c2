import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { awsSdkPlugin } from './aws-sdk-plugin.ts'
import { builtinsPlugin } from './builtins-plugin.ts'
import { leaveOutPlugin } from './leave-out-plugin.ts'
import { type BundledEngine, bundleOptions, root } from './options.ts'

/**
 * Commands that have no use on AWS: those that start their own stack, with the simulator, a queue server and esbuild, and
 * the check of a deployment, with clients of ten services of AWS.
 */
const localCommandsPlugin: Plugin = {
  name: 'local-commands',
  setup(setup) {
    setup.onLoad({ filter: /cli\/src\/commands\/(demo|start)\.ts$/ }, () => ({
      contents: 'export const registerDemo = () => {}\nexport const registerStart = () => {}',
      loader: 'js',
    }))
    setup.onLoad({ filter: /cli\/src\/deploy\/run-deploy-doctor\.ts$/ }, () => ({
      contents:
        'export const runDeployDoctor = () => { throw new Error("leads doctor --deploy runs on the machine that deploys.") }',
      loader: 'js',
    }))
  },
}

/** The `leads` command as one file in a bundle, with the migrations that it may apply: the admin function runs it. */
export async function addCommand(directory: string, engine: BundledEngine): Promise<void> {
  const folder = join(directory, 'cli')
  await mkdir(folder, { recursive: true })
  await build({
    ...bundleOptions,
    entryPoints: { main: 'packages/cli/src/main.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    // Commands that forward themselves to this function are not run in it.
    external: ['@aws-sdk/client-lambda'],
    define: { 'process.env.BUNDLED_ENGINE': JSON.stringify(engine) },
    plugins: [builtinsPlugin, awsSdkPlugin, localCommandsPlugin, leaveOutPlugin(['kysely'])],
  })
  // The command prints the version of its package, which it finds one folder above itself.
  await cp(join(root, 'packages/cli/package.json'), join(directory, 'package.json'))
  await cp(join(root, 'migrations', engine), join(folder, 'migrations', engine), {
    recursive: true,
    filter: (path) => !path.endsWith('schema.sql'),
  })
}
