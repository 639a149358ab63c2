import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type App, bundling, cli, type Provider, platform, root } from './sst-platform.ts'

/** Bundles sst.config.ts with the options of SST's command line, its globals put before every file; returns the path. */
export async function bundleProgram(app: App): Promise<string> {
  const directory = join(platform, 'check')
  const outfile = join(directory, `program-${process.pid}.mjs`)
  await mkdir(directory, { recursive: true })
  const lock = JSON.parse(readFileSync(join(root, '.sst/provider-lock.json'), 'utf8')) as Provider[]
  const globals = [
    ...lock.map(({ alias, package: name }) => `import * as ${alias} from "${name}";`),
    `import * as sst from "${platform}/src/components";`,
  ].join('\n')
  await build({
    entryPoints: [join(root, 'sst.config.ts')],
    outfile,
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: 'false' },
    inject: [join(platform, 'src/shim/run.js')],
    ...bundling,
    plugins: [
      {
        name: 'globals',
        setup(plugin) {
          plugin.onLoad({ filter: /\.(js|ts)$/ }, ({ path }) =>
            path.startsWith(join(root, '.sst'))
              ? undefined
              : { contents: `${globals}\n${readFileSync(path, 'utf8')}`, loader: path.endsWith('.ts') ? 'ts' : 'js' },
          )
        },
      },
    ],
  })
  return outfile
}
