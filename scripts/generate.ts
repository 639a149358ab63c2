import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { hasMariadb, MARIADB_INSTALL_COMMAND } from '../test/setup/mariadb-server.ts'
import { generatedTexts, root } from './generate/texts.ts'

/**
 * `npm run generate`: writes every generated file, ordered by dependency. What needs a
 * server or SST's platform that this machine does not have is skipped with a message; CI has all of them.
 */

function run(title: string, command: readonly string[], env: Record<string, string> = {}): void {
  const { status } = spawnSync('npx', ['--no', '--', ...command], {
    cwd: fileURLToPath(root),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error(`${title} failed: npx ${command.join(' ')}`)
  console.log(title)
}

for (const [path, render] of Object.entries(generatedTexts)) {
  await writeFile(new URL(path, root), await render())
  console.log(path)
}
run('format', ['biome', 'format', '--write', ...Object.keys(generatedTexts).filter((path) => path.endsWith('.ts'))])

if (!hasMariadb()) console.warn(`migrations/mysql/schema.sql: skipped. Install MariaDB: ${MARIADB_INSTALL_COMMAND}`)
run('migrations/*/schema.sql', ['vitest', 'run', 'test/migrations/dumps.test.ts'], { UPDATE_SCHEMA_DUMPS: '1' })

if (existsSync(new URL('.sst/platform', root))) run('test/infra/snapshots/*', ['node', 'infra/check.ts', '--update'])
else console.warn('test/infra/snapshots: skipped. Install the platform of SST first: npm run infra:check')
