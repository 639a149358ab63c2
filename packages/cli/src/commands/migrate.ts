import type { MigrationStatus } from '@leads/core/database/migrations/schema-status'
import type { Command } from 'commander'
import { formatTime } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'

interface Output {
  json?: boolean
}

/** `leads migrate up | down [--to NAME] | status`. No {@link SchemaError} is caught: its message states the fix. */
export function registerMigrate(program: Command): void {
  const migrate = program
    .command('migrate')
    .description('apply or revert schema migrations')
    .addHelpText(
      'after',
      '\nExamples:\n  $ leads migrate up\n  $ leads migrate down --to 001_initial\n  $ leads migrate status --json',
    )

  migrate
    .command('up')
    .description('apply all pending migrations')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: Output) => {
      const { migrateUp } = await import('@leads/core/database/migrations/migrate')
      const applied = await migrateUp(await databaseUrl())
      report(
        { applied },
        json,
        applied.length === 0
          ? ['Nothing to do: the schema is up to date.']
          : applied.map((name) => `applied   ${name}`),
      )
    })

  migrate
    .command('down')
    .description('revert the newest migration, including the data in the tables and columns it created')
    .option('--to <name>', 'revert every migration after this one (001_initial or 001; "base": all)')
    .option('--json', 'print one JSON object')
    .action(async ({ json, to }: Output & { to?: string }) => {
      const { migrateDown } = await import('@leads/core/database/migrations/migrate')
      const reverted = await migrateDown(await databaseUrl(), to === undefined ? {} : { to })
      report(
        { reverted },
        json,
        reverted.length === 0 ? ['Nothing to revert.'] : reverted.map((name) => `reverted  ${name}`),
      )
    })

  migrate
    .command('status')
    .description('list migrations and their state in the database; exit code 1 unless all are applied')
    .option('--json', 'print one JSON object')
    .action(async ({ json }: Output) => {
      const { migrationStatus } = await import('@leads/core/database/migrations/schema-status')
      const migrations = await migrationStatus(await databaseUrl())
      const advice = new Set(migrations.map((migration) => migration.advice).filter((text) => text !== null))
      const width = Math.max(...migrations.map(({ name }) => name.length))
      report({ migrations }, json, [...migrations.map((migration) => statusLine(migration, width)), ...advice])
      if (migrations.some(({ state }) => state !== 'applied')) process.exitCode = 1
    })
}

async function databaseUrl(): Promise<string> {
  const { readConfig } = await import('@leads/core/config/read-config')
  const { assertStageDatabase } = await import('../local/stage-settings.ts')
  assertStageDatabase()
  return readConfig(['database']).DATABASE_URL
}

function report(result: object, json: boolean | undefined, lines: readonly string[]): void {
  if (json) printJson(result)
  else print(...lines)
}

function statusLine({ name, state, applied_at }: MigrationStatus, width: number): string {
  return `${state.padEnd('unfinished'.length)}  ${name.padEnd(width)}  ${formatTime(applied_at)}`.trimEnd()
}
