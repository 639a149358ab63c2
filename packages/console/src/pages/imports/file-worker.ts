import { decodeFile, type FileInfo, type FilePart, inspectText, splitText } from './split-file.ts'

/** Reads a file off the page's thread: what is in it first, then its parts, one at each `next`. */

export type FileRequest = { ask: 'open'; file: File } | { ask: 'next' }
export type FileAnswer =
  | { told: 'info'; info: FileInfo }
  | { told: 'part'; part: FilePart | null }
  | { told: 'error'; text: string }

let parts: Generator<FilePart> | undefined

const answer = (message: FileAnswer): void => self.postMessage(message)

self.onmessage = async ({ data }: MessageEvent<FileRequest>): Promise<void> => {
  try {
    if (data.ask === 'next') {
      const next = parts?.next()
      answer({ told: 'part', part: next && !next.done ? next.value : null })
      return
    }
    const text = decodeFile(await data.file.arrayBuffer())
    const info = inspectText(text)
    parts = splitText(text, info)
    answer({ told: 'info', info })
  } catch (error) {
    answer({ told: 'error', text: error instanceof Error ? error.message : String(error) })
  }
}
