import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** Settings of this folder, one `NAME=value` per line. The environment takes precedence. */
const FILE = '.env'

/** Source of a variable that is not from the environment. */
export type SettingSource = '.env file' | 'running stack' | 'local stack'

const sourceByVariable = new Map<string, SettingSource>()

/** Sets variables that the environment lacks and remembers their source. An empty variable counts as not set. */
export function setDefaults(values: Readonly<Record<string, string | undefined>>, from: SettingSource): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '' || process.env[name]) continue
    process.env[name] = value
    sourceByVariable.set(name, from)
  }
}

export const getSettingSource = (variable: string): SettingSource | null => sourceByVariable.get(variable) ?? null

/** Returns the variables of the file, none if it does not exist. @throws Error if it exists and cannot be read */
export function readEnvFile(): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(FILE, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

export const loadEnvFile = (): void => setDefaults(readEnvFile(), '.env file')
