import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { root } from './sst-platform.ts'

/** What the program promises about a stage, where no resource shows it. */
export interface ProgramPromise {
  promise: string
  /** The module with the behaviour, and the edit without which it is gone. */
  file: string
  find: string
  replace: string
  /** Environment of the process that runs `script`, and the `.env` in its folder. */
  env: Record<string, string>
  env_file: string
  /** The body of a module: `subject` is what the file exports. Prints what is `expected`. */
  script: string
  expected: string
}

const laptop = 'postgres://leads:x@127.0.0.1:5432/laptop'
const stage = 'postgres://leads:x@db.example.com:5432/stage'

export const programPromises: readonly ProgramPromise[] = [
  {
    promise: 'A command for a stage works on the database of the stage, though SST passes on the one of .env',
    file: 'packages/cli/src/local/stage-settings.ts',
    find: 'delete process.env[variable]',
    replace: 'continue',
    env: {
      SST_RESOURCE_App: '{"name":"sales-leads","stage":"production"}',
      SST_RESOURCE_DatabaseUrl: JSON.stringify({ value: stage }),
      DATABASE_URL: laptop,
    },
    env_file: `DATABASE_URL=${laptop}\n`,
    script: 'await subject.loadStageSettings(); console.log(process.env.DATABASE_URL)',
    expected: stage,
  },
  {
    promise: 'A page of a list ends by bytes, below what a function may return',
    file: 'packages/core/src/lists/page-bytes.ts',
    find: 'if (taken.length > 0 && bytes + size > PAGE_BYTES_MAX) break',
    replace: '',
    env: {},
    env_file: '',
    script: `const rows = Array.from({ length: 10 }, (_, id) => ({ id, notes: 'x'.repeat(1_000_000) }))
      const page = subject.takeRows(rows, ['notes'], new Map())
      console.log(page.length > 0 && JSON.stringify(page).length < 6_000_000)`,
    expected: 'true',
  },
]

/** Bundles the module of a promise, with its edit or without, and returns what its script prints. */
export async function runProgram(program: ProgramPromise, isEdited: boolean): Promise<string> {
  const { file, find, replace, env, env_file, script } = program
  const directory = await mkdtemp(join(tmpdir(), 'leads-program-'))
  try {
    const path = join(root, file)
    const outfile = join(directory, 'program.mjs')
    await build({
      stdin: {
        contents: `import * as subject from ${JSON.stringify(path)}\n${script}`,
        resolveDir: root,
        loader: 'ts',
      },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      packages: 'bundle',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
      logLevel: 'silent',
      plugins: [
        {
          name: 'edit',
          setup(plugin) {
            plugin.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) => {
              if (!isEdited || loaded !== path) return undefined
              const source = readFileSync(loaded, 'utf8')
              if (!source.includes(find)) throw new Error(`${file} does not contain ${find}`)
              return { contents: source.replace(find, replace), loader: 'ts' }
            })
          },
        },
      ],
    })
    await writeFile(join(directory, '.env'), env_file)
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], {
      cwd: directory,
      env: { PATH: process.env.PATH, ...env },
    })
    return stdout.trim()
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
