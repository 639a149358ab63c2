import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'

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
