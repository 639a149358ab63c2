import { setFlagsFromString } from 'node:v8'

/**
 * For commands that stream: their garbage is collected when the heap has grown by 60%, and new objects get no more room
 * than they have, where V8 would let both grow with the length of the work (import of 10,000 rows 273 MB, of 50,000
 * 396 MB; with this 207 and 212 MB of 100,000, for a tenth more processor time). V8 reads these two while it runs; its
 * limits in MB are taken on the command line only, which would mean a second process.
 */
export function boundHeap(): void {
  setFlagsFromString('--heap-growing-percent=60')
  setFlagsFromString('--semi-space-growth-factor=1')
}
