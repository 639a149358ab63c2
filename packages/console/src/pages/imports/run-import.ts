import { api, unwrap } from '../../api/client.ts'
import type { paths } from '../../api/paths.ts'
import { type ImportBatch, queryClient } from '../../api/queries.ts'
import type { FileAnswer, FileRequest } from './file-worker.ts'
import fileWorkerUrl from './file-worker.ts?worker&url'
import type { FileInfo, FilePart } from './split-file.ts'
import { keepUnfinished, type Unfinished } from './unfinished.ts'

/** A chosen file, read by a worker. */
export interface OpenedFile {
  name: string
  size: number
  info: FileInfo
  /** Null where the browser cannot compute one. */
  fingerprint: string | null
  nextPart(): Promise<FilePart | null>
  /** The first part, for a preview; importing begins there all the same. */
  firstPart(): Promise<FilePart | null>
  close(): void
}

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): string }
}

/** The page's policy lets a script's address come from this rule only, which knows one. */
function workerUrl(): string {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes }
  policy ??= trustedTypes?.createPolicy('file-worker', { createScriptURL: () => fileWorkerUrl })
  return policy?.createScriptURL('') ?? fileWorkerUrl
}

let policy: ReturnType<TrustedTypes['createPolicy']> | undefined

/** @throws Error when the file cannot be read */
export async function openFile(file: File): Promise<OpenedFile> {
  const worker = new Worker(workerUrl(), { type: 'module' })
  const ask = (request: FileRequest): Promise<FileAnswer> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<FileAnswer>) => resolve(data)
      worker.onerror = () => reject(new Error('The file cannot be read.'))
      worker.postMessage(request)
    })
  const answer = await ask({ ask: 'open', file })
  if (answer.told !== 'info') {
    worker.terminate()
    throw new Error(answer.told === 'error' ? answer.text : 'The file cannot be read.')
  }
  const getPart = async (request: FileRequest): Promise<FilePart | null> => {
    const next = await ask(request)
    if (next.told === 'error') throw new Error(next.text)
    return next.told === 'part' ? next.part : null
  }
  return {
    name: file.name,
    size: file.size,
    info: answer.info,
    fingerprint: answer.fingerprint,
    nextPart: () => getPart({ ask: 'next' }),
    firstPart: () => getPart({ ask: 'preview' }),
    close: () => worker.terminate(),
  }
}

export interface ImportChoices {
  on_duplicate: 'merge' | 'skip'
  /** Header to lead column; null leaves the column out. */
  map: Readonly<Record<string, string | null>>
}

export type ImportPreview = paths['/imports/preview']['post']['responses'][200]['content']['application/json'] & {
  is_whole: boolean
}

/** What the API would make of the first part of a file. Writes nothing. */
export async function previewImport(
  file: OpenedFile,
  map: ImportChoices['map'],
  signal: AbortSignal,
): Promise<ImportPreview> {
  const part = await file.firstPart()
  if (!part) throw new Error('The file is empty.')
  const { delimiter } = file.info
  const { is_last, ...content } = part
  const body = {
    ...content,
    ...(delimiter && { delimiter }),
    ...(Object.keys(map).length > 0 && { map }),
  }
  return { ...(await unwrap(api.POST('/imports/preview', { body, signal }))), is_whole: is_last }
}

interface Progress {
  batch: ImportBatch
}

/** Sends a file part by part; each answer says how far it has come. A file that stopped continues at its next part. */
export async function importFile(
  file: OpenedFile,
  choices: ImportChoices,
  unfinished: Unfinished | null,
  onProgress: (progress: Progress) => void,
): Promise<ImportBatch> {
  let state: Unfinished = unfinished ?? {
    import_batch_id: `file-${crypto.randomUUID()}`,
    idempotency_key: crypto.randomUUID(),
    parts: 0,
    next_record: 0,
  }
  keepUnfinished(file.fingerprint, state)
  let batch: ImportBatch | undefined
  let count = 0
  for (let part = await file.nextPart(); part; part = await file.nextPart()) {
    count += 1
    if (count <= state.parts) continue
    batch = count === 1 ? await sendFirst(file, part, choices, state) : await sendNext(state, part)
    state = { ...state, parts: count, next_record: batch.next_record }
    keepUnfinished(file.fingerprint, part.is_last ? undefined : state)
    onProgress({ batch })
    if (part.is_last) break
  }
  if (!batch) throw new Error('The file is empty.')
  for (const key of ['imports', 'leads', 'companies', 'stats']) void queryClient.invalidateQueries({ queryKey: [key] })
  return batch
}

async function sendNext({ import_batch_id, next_record }: Unfinished, part: FilePart): Promise<ImportBatch> {
  const body = { ...part, from_record: next_record }
  const params = { path: { import_batch_id } }
  return (await unwrap(api.POST('/imports/{import_batch_id}/parts', { params, body }))) as ImportBatch
}

async function sendFirst(
  file: OpenedFile,
  part: FilePart,
  { on_duplicate, map }: ImportChoices,
  { import_batch_id, idempotency_key }: Unfinished,
): Promise<ImportBatch> {
  const { delimiter } = file.info
  const body = {
    ...part,
    file_name: file.name,
    import_batch_id,
    on_duplicate,
    ...(delimiter && { delimiter }),
    ...(Object.keys(map).length > 0 && { map }),
  }
  const params = { header: { 'Idempotency-Key': idempotency_key } }
  return (await unwrap(api.POST('/imports', { params, body }))) as ImportBatch
}
