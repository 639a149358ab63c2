import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/** Creates a folder that only its owner can enter, or makes an existing one private. */
export function createPrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chmodSync(path, 0o700)
}

/** Creates an empty file that only its owner can read, or makes an existing one private. */
export function createPrivateFile(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600)
  else closeSync(openSync(path, 'a', 0o600))
}

/**
 * Creates a missing file and its missing folder, both readable only by the owner. Existing ones keep their permissions,
 * which someone may have chosen.
 */
export function createMissingPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) createPrivateFile(path)
}
