import type { ImportRejection } from '@leads/core/model/import-batch'
import { Problem } from '@leads/core/problem'
import { DEAD_LETTER } from '@leads/core/syncs/dead-lettered-syncs'
import type { SyncView } from '@leads/core/syncs/list-syncs'
import type { components, paths } from '@leads/functions/openapi/paths'
import { CommandError } from '../output/errors.ts'
import { type ApiClient, createApiClient, unwrap } from './api-client.ts'
import { streamLeadsFromApi } from './api-export.ts'
import type { ApiTarget } from './api-target.ts'
import {
  type Backend,
  type CandidateCount,
  createMissingSyncError,
  type RejectionReason,
  type ShownImport,
  type ShownLead,
} from './backend.ts'

const PAGE_ROWS = 200
const REASONS_MAX = 20

/** The commands on a deployed API. The API records its key as the author of changes. */
export function createApiBackend(target: ApiTarget): Backend {
  const client = createApiClient(target)
  return {
    ...createLeadMethods(client),
    ...createSyncMethods(client),
    ...createSyncActions(client),
    ...createApiKeyMethods(client),
    ...createImportMethods(client),
  }
}

const hasCode = (error: unknown, code: string): boolean => error instanceof Problem && error.code === code

function createLeadMethods(
  client: ApiClient,
): Pick<
  Backend,
  'listLeads' | 'getLead' | 'listLeadEvents' | 'updateLead' | 'removeLead' | 'restoreLead' | 'streamLeads'
> {
  const getLead = async (id: number, include_deleted = false): Promise<ShownLead> => {
    const query = { include: 'company,source', ...(include_deleted && { include_deleted: 'true' as const }) }
    const lead = await unwrap(client.GET('/leads/{id}', { params: { path: { id }, query } }))
    return lead as unknown as ShownLead
  }
  /** A deleted lead needs a key with scope admin. With another key the first answer says that it was deleted. */
  const getAnyLead = async (id: number): Promise<ShownLead> => {
    try {
      return await getLead(id)
    } catch (error) {
      if (!hasCode(error, 'gone')) throw error
      return getLead(id, true).catch((second: unknown) => {
        throw hasCode(second, 'insufficient_scope') ? error : second
      })
    }
  }
  return {
    getLead: getAnyLead,
    async listLeads({ filters, q, sort, limit, cursor, include_deleted }) {
      const query = {
        ...filters,
        limit,
        ...(q !== undefined && { q }),
        ...(sort !== undefined && { sort }),
        ...(cursor !== undefined && { cursor }),
        ...(include_deleted && { include_deleted: 'true' }),
      } as LeadListQuery
      const answer = await unwrap(client.GET('/leads', { params: { query } }))
      return answer as unknown as Awaited<ReturnType<Backend['listLeads']>>
    },
    async listLeadEvents(id, limit) {
      const answer = await unwrap(client.GET('/leads/{id}/events', { params: { path: { id }, query: { limit } } }))
      return answer as Awaited<ReturnType<Backend['listLeadEvents']>>
    },
    streamLeads: (request) => streamLeadsFromApi(client, request),
    async updateLead(id, patch) {
      const { version } = await getLead(id)
      const lead = await unwrap(client.PATCH('/leads/{id}', { params: { path: { id } }, body: patch as LeadPatchBody }))
      return { lead: lead as unknown as ShownLead, version_before: version }
    },
    async removeLead(id) {
      await unwrap(client.DELETE('/leads/{id}', { params: { path: { id } } }))
    },
    async restoreLead(id) {
      if (!(await getAnyLead(id)).is_deleted) throw new Problem('conflict', `Lead ${id} is not deleted.`)
      await unwrap(client.POST('/leads/{id}/restore', { params: { path: { id } } }))
    },
  }
}

type LeadListQuery = NonNullable<paths['/leads']['get']['parameters']['query']>
type LeadPatchBody = components['schemas']['LeadPatch']

function createSyncMethods(client: ApiClient): Pick<Backend, 'listSyncs' | 'getSync' | 'listSyncRejections'> {
  return {
    async listSyncs({ sync_status, actor, limit }) {
      const actor_id = await resolveActor(client, actor)
      const query = {
        limit,
        include: 'input_params' as const,
        ...(sync_status && { sync_status }),
        ...(actor_id !== undefined && { actor_id }),
      }
      return (await unwrap(client.GET('/syncs', { params: { query } }))) as Awaited<ReturnType<Backend['listSyncs']>>
    },
    async getSync(run_id) {
      try {
        return (await unwrap(client.GET('/syncs/{run_id}', { params: { path: { run_id } } }))) as Awaited<
          ReturnType<Backend['getSync']>
        >
      } catch (error) {
        throw hasCode(error, 'not_found') ? createMissingSyncError(run_id) : error
      }
    },
    async listSyncRejections(run_id, limit) {
      const params = { path: { run_id }, query: { limit, include: 'raw_data' as const } }
      const answer = await unwrap(client.GET('/syncs/{run_id}/rejections', { params }))
      return answer as Awaited<ReturnType<Backend['listSyncRejections']>>
    },
  }
}

/** Yields all syncs with this status, newest first. */
export async function* streamSyncs(client: ApiClient, sync_status?: string): AsyncGenerator<SyncView> {
  let cursor: string | undefined
  do {
    const query = { limit: PAGE_ROWS, ...(sync_status && { sync_status }), ...(cursor && { cursor }) }
    const page = await unwrap(client.GET('/syncs', { params: { query } }))
    yield* page.data as SyncView[]
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
}

/** Returns the id of an Actor given as `user/name`: the API filters by id. */
export async function resolveActor(client: ApiClient, actor: string | undefined): Promise<string | undefined> {
  if (!actor?.includes('/')) return actor
  for await (const { actor_name, actor_id } of streamSyncs(client)) if (actor_name === actor) return actor_id ?? actor
  return actor
}

function createSyncActions(client: ApiClient): Pick<Backend, 'replay' | 'findDeadLettered' | 'queueRuns'> {
  return {
    async replay({ run_id, actor, is_dry_run, signal }) {
      if (is_dry_run)
        throw new CommandError('usage', 'A replay over the API has no --dry-run. Use the database for it.')
      const run_ids = run_id === undefined ? await findRejectingRuns(client, actor) : [run_id]
      const total = { tried: 0, resolved: 0, still_rejected: 0 }
      for (const id of run_ids) {
        signal.throwIfAborted()
        const counts = await unwrap(client.POST('/syncs/{run_id}/replay', { params: { path: { run_id: id } } })).catch(
          (error: unknown) => {
            throw hasCode(error, 'not_found') ? createMissingSyncError(id) : error
          },
        )
        total.tried += counts.tried
        total.resolved += counts.resolved
        total.still_rejected += counts.still_rejected
      }
      return total
    },
    async findDeadLettered() {
      const run_ids: string[] = []
      for await (const { run_id, error_details } of streamSyncs(client, 'failed'))
        if (error_details?.name === DEAD_LETTER) run_ids.push(run_id)
      return run_ids
    },
    async queueRuns(run_ids) {
      for (const run_id of run_ids) await unwrap(client.POST('/syncs', { body: { run_id } }))
    },
  }
}

async function findRejectingRuns(client: ApiClient, actor: string | undefined): Promise<string[]> {
  const run_ids: string[] = []
  for await (const { run_id, actor_id, actor_name, failed_records } of streamSyncs(client))
    if (failed_records > 0 && (actor === undefined || actor === actor_id || actor === actor_name)) run_ids.push(run_id)
  return run_ids
}

function createApiKeyMethods(
  client: ApiClient,
): Pick<Backend, 'listApiKeys' | 'createApiKey' | 'rotateApiKey' | 'revokeApiKey'> {
  const toExpiry = (expires_at: Date | null = null) =>
    expires_at === null ? {} : { expires_at: expires_at.toISOString() }
  return {
    listApiKeys: async (limit) => unwrap(client.GET('/api-keys', { params: { query: { limit } } })),
    createApiKey: async ({ name, scopes, expires_at }) =>
      unwrap(client.POST('/api-keys', { body: { name, scopes, ...toExpiry(expires_at) } })),
    rotateApiKey: async (id, { grace_s, expires_at }) =>
      unwrap(
        client.POST('/api-keys/{id}/rotate', { params: { path: { id } }, body: { grace_s, ...toExpiry(expires_at) } }),
      ),
    revokeApiKey: async (id) => unwrap(client.DELETE('/api-keys/{id}', { params: { path: { id } } })),
  }
}

/** The API does not return what only the database needs. */
export function toShownImport(
  batch: components['schemas']['Import'] & Partial<CandidateCount>,
  file_hash: string | null = null,
): ShownImport {
  const { candidate_pairs: _candidates, ...shown } = batch
  return { id: null, ...shown, file_hash, options_hash: null } as unknown as ShownImport
}

function createImportMethods(client: ApiClient): Pick<Backend, 'listImports' | 'getImport' | 'undoImport'> {
  const undoOnce = (import_batch_id: string) =>
    unwrap(client.POST('/imports/{import_batch_id}/undo', { params: { path: { import_batch_id } } }))
  const getBatch = (import_batch_id: string) =>
    unwrap(client.GET('/imports/{import_batch_id}', { params: { path: { import_batch_id } } }))
  return {
    async listImports(limit) {
      const { data } = await unwrap(client.GET('/imports', { params: { query: { limit } } }))
      return data.map((batch) => toShownImport(batch))
    },
    async getImport(import_batch_id) {
      const batch = await getBatch(import_batch_id)
      // Repeating a completed undo changes nothing and lists what it kept. It needs scope admin.
      const kept =
        batch.batch_status !== 'undone'
          ? []
          : await undoOnce(import_batch_id).then(
              (answer) => answer.kept,
              (error: unknown) => {
                if (hasCode(error, 'insufficient_scope')) return []
                throw error
              },
            )
      const reasons = batch.failed_records === 0 ? [] : await countReasons(client, import_batch_id)
      return { batch: { ...toShownImport(batch), candidate_pairs: batch.candidate_pairs }, reasons, kept }
    },
    async undoImport(import_batch_id, signal, onProgress) {
      const { batch_status } = await getBatch(import_batch_id)
      const counts = { deleted: 0, reverted: 0, kept: 0 }
      for (;;) {
        signal.throwIfAborted()
        const answer = await undoOnce(import_batch_id)
        counts.deleted += answer.counts.deleted
        counts.reverted += answer.counts.reverted
        counts.kept += answer.counts.kept
        onProgress(counts)
        if (answer.batch_status !== 'undone') continue
        return { outcome: batch_status === 'undone' ? 'known' : 'undone', counts, kept: answer.kept }
      }
    },
  }
}

/** Yields the rejected records of an import in pages, ordered as in the file. */
export async function* streamRejections(client: ApiClient, import_batch_id: string): AsyncGenerator<ApiRejection[]> {
  let cursor: string | undefined
  for (;;) {
    const params = { path: { import_batch_id }, query: { limit: PAGE_ROWS, ...(cursor && { cursor }) } }
    const { data, next_cursor } = await unwrap(client.GET('/imports/{import_batch_id}/rejections', { params }))
    if (data.length > 0) yield data as ApiRejection[]
    if (next_cursor === null) return
    cursor = next_cursor
  }
}

type ApiRejection = Omit<ImportRejection, 'id'>

/** Counts the reasons like countRejectionReasons() of the database: the most frequent first. */
async function countReasons(client: ApiClient, import_batch_id: string): Promise<RejectionReason[]> {
  const counts = new Map<string, RejectionReason>()
  for await (const page of streamRejections(client, import_batch_id))
    for (const { reason, line_number } of page) {
      const known = counts.get(reason)
      if (known) known.count += 1
      else counts.set(reason, { reason, count: 1, line_number })
    }
  return [...counts.values()]
    .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
    .slice(0, REASONS_MAX)
}
