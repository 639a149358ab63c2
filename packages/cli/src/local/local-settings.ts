import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { generateSecret } from '@leads/core/api-keys/secret'
import { createPrivateFile, createPrivateFolder } from '@leads/core/private-files'
import * as z from 'zod'
import { LOCAL_SETTINGS_FILE } from './running-stack.ts'

/** Secrets that the local stack generates once and stores, so that a webhook at Apify still works after a restart. */
const LocalSettings = z.object({ webhook_secret: z.string().min(16), api_key: z.string().min(16) })
export type LocalSettings = z.infer<typeof LocalSettings>

const generateLocalSettings = (): LocalSettings => ({
  webhook_secret: generateSecret().slice(3),
  api_key: generateSecret(),
})

/** Reads the file, or creates it on first use, readable only by its owner. @throws Error if the file is damaged */
export function readLocalSettings(file = LOCAL_SETTINGS_FILE): LocalSettings {
  createPrivateFolder(dirname(file))
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return writeLocalSettings(file, generateLocalSettings())
  }
  try {
    return LocalSettings.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} is damaged: it must contain webhook_secret and api_key. Delete it to generate a new one.`)
  }
}

/** Generates another API key, because the stored one was revoked. */
export function replaceLocalApiKey(file = LOCAL_SETTINGS_FILE): LocalSettings {
  return writeLocalSettings(file, { ...readLocalSettings(file), api_key: generateSecret() })
}

function writeLocalSettings(file: string, settings: LocalSettings): LocalSettings {
  createPrivateFile(file)
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`)
  return settings
}
