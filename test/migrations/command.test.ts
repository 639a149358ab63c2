import { Command } from 'commander'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { registerDb } from '../../packages/cli/src/commands/db.ts'
import { registerMigrate } from '../../packages/cli/src/commands/migrate.ts'
import { describeEachEngine, type FreshDatabase, freshDatabase } from '../setup/engines.ts'

describeEachEngine('leads migrate', (engine) => {
  let database: FreshDatabase

  beforeEach(async () => {
    database = await freshDatabase(engine, { migrated: false })
    vi.stubEnv('DATABASE_URL', database.database_url)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    process.exitCode = 0
    await database.drop()
  })

  /** What the command prints. */
  const leads = async (words: string): Promise<string> => {
    let output = ''
    const keep = (text: unknown) => {
      output += String(text)
      return true
    }
    vi.spyOn(console, 'log').mockImplementation((text) => void keep(`${text}\n`))
    vi.spyOn(process.stdout, 'write').mockImplementation(keep)
    const program = new Command('leads').exitOverride()
    registerMigrate(program)
    registerDb(program)
    await program.parseAsync(words.split(' '), { from: 'user' })
    vi.restoreAllMocks()
    return output
  }

  test('up lists what it applied, and reports nothing to do the second time', async () => {
    expect(await leads('migrate up')).toMatch(/^applied\s+001_initial\n/)
    expect(await leads('migrate up')).toBe('Nothing to do: the schema is up to date.\n')
    expect(JSON.parse(await leads('migrate up --json'))).toEqual({ applied: [] })
  })

  test('status lists what is pending with what to run and exit code 1, then what is applied with 0', async () => {
    expect(await leads('migrate status')).toMatch(/^pending\s+001_initial\n[\s\S]*migrate up`\.\n$/)
    expect(process.exitCode).toBe(1)
    process.exitCode = 0
    await leads('migrate up')
    expect(await leads('migrate status')).toMatch(/^applied\s+001_initial\s+\d{4}-\d\d-\d\d \d\d:\d\d/)
    expect(process.exitCode).toBe(0)
    const { migrations } = JSON.parse(await leads('migrate status --json')) as { migrations: object[] }
    expect(migrations[0]).toMatchObject({ name: '001_initial', state: 'applied', advice: null })
  })

  test('down reverts what it names, newest first', async () => {
    const { applied } = JSON.parse(await leads('migrate up --json')) as { applied: string[] }
    expect(JSON.parse(await leads('migrate down --to 001_initial --json'))).toEqual({
      reverted: applied.slice(1).toReversed(),
    })
    expect(await leads('migrate down')).toBe('reverted  001_initial\n')
    expect(await leads('migrate down')).toBe('Nothing to revert.\n')
  })

  test('db dump-schema prints the tables', async () => {
    await leads('migrate up')
    expect(await leads('db dump-schema')).toMatch(/create table sales_leads \(/i)
  })
})
