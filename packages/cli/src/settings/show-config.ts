import { ConfigError, type ConfigPart, configParts, readConfig } from '@leads/core/config/read-config'
import { maskPassword } from '@leads/core/database/mask-password'
import { getSettingSource, type SettingSource } from '../local/settings-sources.ts'
import { exitCodes } from '../output/exit-codes.ts'
import { formatValue } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderTable } from '../output/table.ts'

interface Setting {
  variable: string
  value: string | null
  /** Source of the value; `not set` if there is no default either. */
  source: 'environment' | SettingSource | 'default' | 'not set'
  problem: string | null
}

const SECRET_NAME = /TOKEN|SECRET|KEY|PASSWORD/

/** Masks a password in a URL, or a secret except for its first characters. */
function maskValue(variable: string, value: string): string {
  if (SECRET_NAME.test(variable)) return value.length > 12 ? `${value.slice(0, 3)}…` : '…'
  return maskPassword(value, '…')
}

function readSettings(env: NodeJS.ProcessEnv): Setting[] {
  const settings: Setting[] = []
  for (const part of Object.keys(configParts) as ConfigPart[]) {
    const { values, problems } = readPart(part, env)
    for (const variable of Object.keys(configParts[part].shape)) {
      const given = env[variable]
      if (given !== undefined && given !== '')
        settings.push({
          variable,
          value: maskValue(variable, given),
          source: getSettingSource(variable) ?? 'environment',
          problem: problems.get(variable) ?? null,
        })
      else settings.push(describeDefault(variable, values[variable]))
    }
  }
  return settings
}

/** A missing setting is no problem here: only the commands that need it refuse. */
function describeDefault(variable: string, fallback: unknown): Setting {
  if (fallback === undefined) return { variable, value: null, source: 'not set', problem: null }
  return { variable, value: maskValue(variable, formatValue(fallback)), source: 'default', problem: null }
}

function readPart(part: ConfigPart, env: NodeJS.ProcessEnv) {
  const problems = new Map<string, string>()
  try {
    return { values: readConfig([part], env) as Record<string, unknown>, problems }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const { variable, message } of error.problems) problems.set(variable, message)
    // Reads the defaults of the other variables.
    const rest = Object.fromEntries(Object.entries(env).filter(([variable]) => !problems.has(variable)))
    const read = configParts[part].partial().safeParse(rest)
    return { values: read.success ? (read.data as Record<string, unknown>) : {}, problems }
  }
}

export function showConfig(json: boolean | undefined): void {
  const settings = readSettings(process.env)
  if (settings.some(({ problem }) => problem !== null)) process.exitCode = exitCodes.configuration.code
  if (json) {
    printJson(settings)
    return
  }
  print(
    renderTable(
      [{ head: 'variable' }, { head: 'value', shrinks: true }, { head: 'from' }, { head: 'problem', shrinks: true }],
      settings.map(({ variable, value, source, problem }) => [variable, value, source, problem]),
    ),
  )
}
