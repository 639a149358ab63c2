import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** Settings of this folder, one `NAME=value` a line. What the environment says goes before. */
const FILE = '.env'

/** Where a variable of this process came from, if not from its environment. */
export type SettingSource = '.env file' | 'running stack' | 'local stack'

const borrowed = new Map<string, SettingSource>()

/** Sets what the environment doesn't, and remembers where it came from. An empty variable counts as not set. */
export function setDefaults(values: Readonly<Record<string, string | undefined>>, from: SettingSource): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === '' || process.env[name]) continue
    process.env[name] = value
    borrowed.set(name, from)
  }
}

export const getSettingSource = (variable: string): SettingSource | null => borrowed.get(variable) ?? null

/** Reads the file, if there is one. @throws Error when it is there and cannot be read */
export function loadEnvFile(): void {
  let text: string
  try {
    text = readFileSync(FILE, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  setDefaults(parseEnv(text), '.env file')
}
