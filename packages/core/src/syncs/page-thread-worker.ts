import { enableCompileCache, flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { PackedError, PageThreadAnswer, PageThreadData, PageThreadRequest } from './page-thread.ts'

/** The other side of page-thread.ts: reads and maps pages until it is terminated. It never sees the database. */

const { apify, mappings, context, compile_cache } = workerData as PageThreadData
// A thread does not take over the cache of compiled code, which saves half of its start.
if (compile_cache !== undefined) enableCompileCache(compile_cache)
const [{ readDatasetPage }, { ApifyPermanentError, ApifyTransientError }, { createMapper }, { packPage }, source] =
  await Promise.all([
    import('../apify/read-dataset-page.ts'),
    import('../apify/apify-errors.ts'),
    import('../mapping/map-item.ts'),
    import('./packed-page.ts'),
    import('./page-source.ts'),
  ])
const toPageItem = source.toPageItems(createMapper({ mappings }), context)

async function answer({ id, request, stall_timeout_ms }: PageThreadRequest): Promise<PageThreadAnswer> {
  try {
    const access = { base_url: apify.APIFY_API_BASE_URL, token: apify.APIFY_TOKEN }
    const options = { ...access, ...(stall_timeout_ms !== undefined && { stall_timeout_ms }) }
    return { id, page: packPage(await readDatasetPage(request, options, toPageItem)) }
  } catch (error) {
    return { id, error: packError(error) }
  }
}

function packError(error: unknown): PackedError {
  if (error instanceof ApifyTransientError)
    return { kind: 'transient', message: error.message, cause: toCause(error), retry_after_s: error.retry_after_s }
  if (error instanceof ApifyPermanentError)
    return { kind: 'permanent', message: error.message, cause: toCause(error), reason: error.reason }
  return { kind: 'other', error: error instanceof Error ? error : new Error(String(error)) }
}

/** Errors of the network hold sockets, which cannot be copied. */
const toCause = ({ cause }: Error): unknown => (cause instanceof Error ? new Error(cause.message) : undefined)

parentPort?.on('message', (asked: PageThreadRequest) => {
  void answer(asked).then((answered) => parentPort?.postMessage(answered))
})
// The thread is terminated, so nothing else would write what it compiled.
if (compile_cache !== undefined) flushCompileCache()
parentPort?.postMessage('ready')
