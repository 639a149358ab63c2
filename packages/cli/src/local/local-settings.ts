import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { LOCAL_SETTINGS_FILE } from './running-stack.ts'

/** What the local stack makes up for itself once and keeps, so that a webhook set at Apify works after a restart, too. */
const LocalSettings = z.object({ webhook_secret: z.string().min(16), api_key: z.string().min(16) })
export type LocalSettings = z.infer<typeof LocalSettings>

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const random = (length: number): string =>
  // 62 does not divide 256; the bias of the first characters is of no weight at this length.
  Array.from(randomBytes(length), (byte) => BASE62[byte % 62]).join('')

export const newLocalSettings = (): LocalSettings => ({
  webhook_secret: random(32),
  api_key: `lk_${random(40)}`,
})

/** Reads the file, or makes it on first use; readable by its owner only. @throws Error when the file is damaged */
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
    throw new Error(
      `${file} can't be read: it should hold webhook_secret and api_key. Delete it to have a new one made.`,
    )
  }
}
