import { api } from '../../api/client.ts'
import { keep, readKept } from '../../api/store.ts'

/** An import that stopped half-way, kept by this browser until the same file is opened again. */
export interface Unfinished {
  import_batch_id: string
  /** Sent with the first part, so that a repetition continues the same import. */
  idempotency_key: string
  /** Parts that are stored, and the records in them. */
  parts: number
  next_record: number
}

const nameOf = (fingerprint: string): string => `import.${fingerprint}`

export function keepUnfinished(fingerprint: string | null, unfinished: Unfinished | undefined): void {
  if (fingerprint !== null) keep(nameOf(fingerprint), unfinished)
}

/** Returns the import of this file that can continue; one that was completed or undone elsewhere is forgotten. */
export async function findUnfinished(fingerprint: string | null): Promise<Unfinished | null> {
  if (fingerprint === null) return null
  const unfinished = readKept<Unfinished | null>(nameOf(fingerprint), null)
  if (unfinished === null || unfinished.parts === 0) return unfinished
  const params = { path: { import_batch_id: unfinished.import_batch_id } }
  const { data, response } = await api.GET('/imports/{import_batch_id}', { params })
  if (data?.batch_status === 'importing') return unfinished
  if (response.ok || response.status === 404) keepUnfinished(fingerprint, undefined)
  return null
}
