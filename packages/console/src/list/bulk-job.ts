import { api, unwrap } from '../api/client.ts'
import type { components } from '../api/paths.ts'
import { describeError } from '../api/problem.ts'
import { type ApiQuery, queryClient } from '../api/queries.ts'
import { formatCount, formatNumber } from '../parts/format.ts'
import { showToast, updateToast } from '../parts/toast.ts'
import { stringifySearch } from './address.ts'
import { type BulkFailure, bulkFailures, type JobAction } from './bulk-state.ts'
import { leadKind, refreshCounts } from './row-kinds.ts'

type BulkJob = components['schemas']['BulkJob']

/** The filters of a list as a job takes them: it has no order, and needs at least one filter. */
function toSelection(query: ApiQuery): string {
  const { sort: _, ...filters } = query
  return stringifySearch(filters).replace(/^\?/, '') || 'id=gte:1'
}

/** Has the service change all leads that match, some seconds of work per request, until it is done or stopped. */
export async function runBulkJob(query: ApiQuery, total: number, verb: string, action: JobAction): Promise<void> {
  let is_stopped = false
  const toast = showToast(`0 of ${formatNumber(total)}`, {
    progress: 0,
    action: {
      label: 'Stop',
      run: () => {
        is_stopped = true
      },
    },
  })
  try {
    const body = { ...action, query: toSelection(query) }
    let job = (await unwrap(api.POST('/jobs', { body: body as never }))) as BulkJob
    const params = { path: { id: job.id } }
    while (job.job_status === 'running') {
      job = (await unwrap(
        is_stopped ? api.DELETE('/jobs/{id}', { params }) : api.POST('/jobs/{id}/run', { params }),
      )) as BulkJob
      const count = doneOf(job)
      updateToast(toast, { text: `${formatNumber(count)} of ${formatNumber(total)}`, progress: count / total })
    }
    tellResult(toast, job, verb)
  } catch (error) {
    updateToast(toast, { text: describeError(error), tone: 'bad', progress: undefined, action: undefined })
  }
  refreshCounts(leadKind)
  for (const key of ['leads', 'lead']) void queryClient.invalidateQueries({ queryKey: [key] })
}

const doneOf = ({ changed_count, unchanged_count, failed_count }: BulkJob): number =>
  changed_count + unchanged_count + failed_count

function tellResult(toast: number, job: BulkJob, verb: string): void {
  const notes = [
    job.unchanged_count > 0 ? `${formatNumber(job.unchanged_count)} already were` : '',
    job.failed_count > 0 ? `${formatNumber(job.failed_count)} not` : '',
    job.job_status === 'canceled' ? 'stopped before the end' : '',
  ].filter(Boolean)
  updateToast(toast, {
    text: `${formatCount(job.changed_count, 'lead')} ${verb}`,
    tone: job.failed_count > 0 ? 'bad' : 'good',
    detail: notes.join(' · ') || undefined,
    progress: undefined,
    action: undefined,
  })
  const failures = (job.failures ?? []).map(({ lead_id, detail }): BulkFailure => ({ row: { id: lead_id }, detail }))
  if (failures.length > 0) bulkFailures.set({ kind: leadKind, failures, count: job.failed_count })
}
