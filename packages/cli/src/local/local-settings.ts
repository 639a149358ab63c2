import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { LOCAL_SETTINGS_FILE } from './running-stack.ts'

/** Secrets that the local stack generates once and stores, so that a webhook at Apify still works after a restart. */
const LocalSettings = z.object({ webhook_secret: z.string().min(16), api_key: z.string().min(16) })
export type LocalSettings = z.infer<typeof LocalSettings>

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const generateSecret = (length: number): string =>
  // 62 does not divide 256. The bias towards the first characters does not matter at this length.
  Array.from(randomBytes(length), (byte) => BASE62[byte % 62]).join('')

export const newLocalSettings = (): LocalSettings => ({
  webhook_secret: generateSecret(32),
  api_key: `lk_${generateSecret(40)}`,
})

/** Reads the file, or creates it on first use, readable only by its owner. @throws Error if the file is damaged */
export function readLocalSettings(file = LOCAL_SETTINGS_FILE): LocalSettings {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const settings = newLocalSettings()
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 })
    return settings
  }
  try {
    return LocalSettings.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} is damaged: it must contain webhook_secret and api_key. Delete it to generate a new one.`)
  }
}
