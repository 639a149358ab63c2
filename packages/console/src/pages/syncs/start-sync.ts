import { api, unwrap } from '../../api/client.ts'
import { describeError } from '../../api/problem.ts'
import { queryClient, type Sync } from '../../api/queries.ts'
import { inFlight } from '../../list/bulk.ts'
import { formatCount } from '../../parts/format.ts'
import { showToast, updateToast } from '../../parts/toast.ts'

const AT_ONCE = 4

/** The run that was typed, or is part of an address of the Apify Console. */
export const findRunId = (text: string): string | undefined =>
  /(?:^|runs\/)([A-Za-z0-9]{17})(?:$|[/?#])/.exec(text.trim())?.[1]

export function refreshSyncs(): void {
  for (const key of ['syncs', 'sync']) void queryClient.invalidateQueries({ queryKey: [key] })
}

/** Queues a run. Returns whether that worked; both outcomes are announced. */
export async function startSync(run_id: string): Promise<boolean> {
  try {
    await unwrap(api.POST('/syncs', { body: { run_id } }))
    showToast('The run is queued', { tone: 'good' })
    refreshSyncs()
    return true
  } catch (error) {
    showToast('The run was not queued', { tone: 'bad', detail: describeError(error) })
    return false
  }
}

export async function retrySync(run_id: string): Promise<void> {
  await unwrap(api.POST('/syncs/{run_id}/retry', { params: { path: { run_id } } }))
}

export async function replaySync(run_id: string): Promise<{ tried: number; resolved: number; still_rejected: number }> {
  return unwrap(api.POST('/syncs/{run_id}/replay', { params: { path: { run_id } } }))
}

/** Retries a run and tells how it went. */
export async function retryAndTell(run_id: string): Promise<void> {
  try {
    await retrySync(run_id)
    showToast('Queued again', { tone: 'good' })
  } catch (error) {
    showToast('Not retried', { tone: 'bad', detail: describeError(error) })
  }
  refreshSyncs()
}

export const describeReplay = (answer: { tried: number; resolved: number; still_rejected: number }): string =>
  `${answer.tried} tried, ${answer.resolved} became leads, ${answer.still_rejected} still rejected`

export async function replayAndTell(run_id: string): Promise<void> {
  const toast = showToast('Replaying the rejected items …', { progress: 0.5 })
  try {
    updateToast(toast, { text: describeReplay(await replaySync(run_id)), tone: 'good', progress: undefined })
  } catch (error) {
    updateToast(toast, { text: 'Not replayed', detail: describeError(error), tone: 'bad', progress: undefined })
  }
  refreshSyncs()
}

/** Retries or replays several runs, four at the same time; a result each. */
export async function runOnSyncs(syncs: readonly Sync[], what: 'retry' | 'replay'): Promise<void> {
  const toast = showToast(`0 of ${syncs.length}`, { progress: 0 })
  const failed: string[] = []
  let done = 0
  await inFlight(syncs, AT_ONCE, async ({ run_id }) => {
    try {
      if (what === 'retry') await retrySync(run_id)
      else await replaySync(run_id)
    } catch (error) {
      failed.push(`${run_id}: ${describeError(error)}`)
    }
    done += 1
    updateToast(toast, { text: `${done} of ${syncs.length}`, progress: done / syncs.length })
  })
  const word = what === 'retry' ? 'retried' : 'replayed'
  updateToast(toast, {
    text: `${formatCount(syncs.length - failed.length, 'run')} ${word}${failed.length > 0 ? `, ${failed.length} not` : ''}`,
    detail: failed.slice(0, 3).join(' ') || undefined,
    tone: failed.length > 0 ? 'bad' : 'good',
    progress: undefined,
  })
  refreshSyncs()
}
