import { type FileInfo, type FilePart, inspectText, readFileText, readWorkbook, splitText } from './split-file.ts'

/** Reads a file off the page's thread: what is in it first, then its parts, one at each `next`. */

export type FileRequest = { ask: 'open'; file: File } | { ask: 'next' } | { ask: 'preview' }
export type FileAnswer =
  | { told: 'info'; info: FileInfo; fingerprint: string | null }
  | { told: 'part'; part: FilePart | null }
  | { told: 'error'; text: string }

const WORKBOOK: FileInfo = { kind: 'workbook', delimiter: undefined, headers: [], samples: [] }

let text = ''
let info: FileInfo | undefined
let parts: Iterator<FilePart> | undefined
let workbook: FilePart | null = null

const answer = (message: FileAnswer): void => self.postMessage(message)

/** Recognizes a file that is opened again. Browsers have digests on secure pages only. */
async function hash(content: string): Promise<string | null> {
  const { subtle } = crypto as { subtle?: SubtleCrypto }
  if (!subtle) return null
  const digest = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(content)))
  return [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

self.onmessage = async ({ data }: MessageEvent<FileRequest>): Promise<void> => {
  try {
    if (data.ask === 'next') {
      const next = parts?.next()
      answer({ told: 'part', part: next && !next.done ? next.value : null })
      return
    }
    if (data.ask === 'preview') {
      const first = workbook ? undefined : info && splitText(text, info).next()
      answer({ told: 'part', part: first && !first.done ? first.value : workbook })
      return
    }
    workbook = await readWorkbook(data.file)
    if (workbook) {
      info = WORKBOOK
      parts = [workbook].values()
      answer({ told: 'info', info, fingerprint: await hash(JSON.stringify(workbook)) })
      return
    }
    text = await readFileText(data.file)
    info = inspectText(text)
    parts = splitText(text, info)
    answer({ told: 'info', info, fingerprint: await hash(text) })
  } catch (error) {
    answer({ told: 'error', text: error instanceof Error ? error.message : String(error) })
  }
}
