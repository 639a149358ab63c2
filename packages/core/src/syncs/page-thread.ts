import { getCompileCacheDir } from 'node:module'
import { Worker } from 'node:worker_threads'
import { type ApifyErrorReason, ApifyPermanentError, ApifyTransientError } from '../apify/apify-errors.ts'
import type { ApifyOptions } from '../apify/create-client.ts'
import type { DatasetPage, DatasetPageRequest } from '../apify/read-dataset-page.ts'
import type { Preset } from '../mapping/preset.ts'
import type { MapContext } from '../model/mapped-item.ts'
import { type PackedPage, unpackPage } from './packed-page.ts'
import type { PageSource } from './page-source.ts'
import { PageThreadError } from './page-thread-error.ts'
import type { PageItem } from './write-page.ts'

/** What a thread needs to read pages by itself. */
export interface PageThreadOptions {
  apify: ApifyOptions
  /** Presets of MAPPINGS_FILE. */
  mappings: readonly Preset[]
  /** So many items must be left to be worth a thread, which takes some time to start. Default 3,000. */
  items_min?: number
}

export interface PageThreadData extends Pick<PageThreadOptions, 'apify' | 'mappings'> {
  context: MapContext
  compile_cache: string | undefined
}

export interface PageThreadRequest {
  id: number
  request: DatasetPageRequest
  stall_timeout_ms: number | undefined
}

/** An error loses its class on its way between threads. */
export type PackedError =
  | { kind: 'transient'; message: string; cause: unknown; retry_after_s: number | null }
  | { kind: 'permanent'; message: string; cause: unknown; reason: ApifyErrorReason }
  | { kind: 'other'; error: unknown }

export type PageThreadAnswer = { id: number } & ({ page: PackedPage } | { error: PackedError })

/** A thread that reads and maps pages, for an engine whose statements keep this thread busy. */
export interface PageThread extends PageSource {
  /** It has loaded the mapping. Until then pages come sooner from this thread. */
  readonly isReady: boolean
  end(): Promise<void>
}

interface Waiting {
  resolve(page: DatasetPage<PageItem>): void
  reject(error: unknown): void
}

/** @param onFailure called if the thread ends by itself */
export function startPageThread(
  options: PageThreadOptions,
  context: MapContext,
  onFailure: (error: PageThreadError) => void,
): PageThread {
  const { apify, mappings } = options
  const workerData: PageThreadData = {
    // The configuration has more, such as the database's password.
    apify: { APIFY_TOKEN: apify.APIFY_TOKEN, APIFY_API_BASE_URL: apify.APIFY_API_BASE_URL },
    mappings,
    context,
    compile_cache: getCompileCacheDir(),
  }
  const worker = new Worker(new URL('./page-thread-worker.ts', import.meta.url), { name: 'pages', workerData })
  const waiting = new Map<number, Waiting>()
  let isReady = false
  let isEnding = false
  let ended: PageThreadError | undefined
  const onEnd = (cause?: unknown): void => {
    isReady = false
    if (ended) return
    ended = new PageThreadError(cause)
    if (!isEnding) onFailure(ended)
    for (const { reject } of waiting.values()) reject(ended)
    waiting.clear()
  }
  worker.on('error', onEnd)
  worker.on('messageerror', onEnd)
  worker.on('exit', () => onEnd())
  worker.once('message', () => {
    isReady = true
    worker.on('message', (answer: PageThreadAnswer) => {
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ('page' in answer) asked?.resolve(unpackPage(answer.page))
      else asked?.reject(unpackError(answer.error))
    })
  })
  let asked = 0
  return {
    get isReady() {
      return isReady
    },
    read(request, { signal, stall_timeout_ms }) {
      const id = ++asked
      return new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        if (ended) throw ended
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, request, stall_timeout_ms } satisfies PageThreadRequest)
      })
    },
    async end() {
      isEnding = true
      await worker.terminate()
    },
  }
}

function unpackError(packed: PackedError): unknown {
  switch (packed.kind) {
    case 'transient':
      return new ApifyTransientError(packed.message, packed)
    case 'permanent':
      return new ApifyPermanentError(packed.reason, packed.message, packed)
    case 'other':
      return packed.error
  }
}
